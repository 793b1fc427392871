#include "engine/runtime/net/listen.h"

namespace dkv {

namespace asio = boost::asio;
using asio::ip::tcp;

std::string to_string(const tcp::endpoint& endpoint) {
  return to_string(Address{endpoint.address().to_string(), endpoint.port()});
}

Result<tcp::acceptor> listen_on(asio::io_context& context, const Address& address) {
  boost::system::error_code error;
  const auto failed = [&] { return fail("can't listen on " + to_string(address) + ": " + error.message()); };
  tcp::resolver resolver(context);
  const auto found = resolver.resolve(address.host, std::to_string(address.port),
                                      tcp::resolver::passive | tcp::resolver::numeric_service, error);
  if (error) return failed();
  tcp::acceptor acceptor(context);
  const tcp::endpoint endpoint = found.begin()->endpoint();
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return failed();
  return acceptor;
}

}  // namespace dkv
