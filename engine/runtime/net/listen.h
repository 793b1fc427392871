#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <string>

#include "engine/runtime/net/address.h"

namespace dkv {

std::string to_string(const boost::asio::ip::tcp::endpoint& endpoint);

// Binds and listens; the error names the address. A name is looked up, which may take a while: for the start only.
Result<boost::asio::ip::tcp::acceptor> listen_on(boost::asio::io_context& context, const Address& address);

}  // namespace dkv
