#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <string>

#include "engine/runtime/net/address.h"

namespace dkv {

std::string to_string(const boost::asio::ip::tcp::endpoint& endpoint);

// Binds and listens. The error names the address. The look-up of a name may block, so call this only at the start.
Result<boost::asio::ip::tcp::acceptor> listen_on(boost::asio::io_context& context, const Address& address);

}  // namespace dkv
