// The simplest HTTP server with Boost.Beast: one thread, keep-alive, 100 bytes for every request. The difference to a
// node's API is the cost of the node. Run it by hand: bare_server PORT, then distri-kv bench cluster --at
// 127.0.0.1:PORT.
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

class Session : public std::enable_shared_from_this<Session> {
 public:
  explicit Session(tcp::socket socket) : socket_(std::move(socket)) {
    error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
  }
  void read() {
    request_ = {};
    http::async_read(socket_, buffer_, request_, [self = shared_from_this()](error_code error, std::size_t) {
      if (!error) self->answer();
    });
  }

 private:
  void answer() {
    response_.emplace(http::status::ok, 11);
    response_->set(http::field::content_type, "application/octet-stream");
    response_->body().assign(100, 'x');
    response_->keep_alive(request_.keep_alive());
    response_->prepare_payload();
    http::async_write(socket_, *response_, [self = shared_from_this()](error_code error, std::size_t) {
      if (!error && self->response_->keep_alive()) self->read();
    });
  }

  tcp::socket socket_;
  boost::beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  std::optional<http::response<http::string_body>> response_;
};

void accept(tcp::acceptor& acceptor) {
  acceptor.async_accept([&acceptor](error_code error, tcp::socket socket) {
    if (!error) std::make_shared<Session>(std::move(socket))->read();
    accept(acceptor);
  });
}

}  // namespace

int main(int argc, char** argv) {
  const int port = argc == 2 ? std::atoi(argv[1]) : 0;
  if (port <= 0 || port > 65'535) {
    std::fprintf(stderr, "usage: bare_server PORT\n");
    return 2;
  }
  asio::io_context context(1);
  tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), static_cast<unsigned short>(port)});
  accept(acceptor);
  context.run();
}
