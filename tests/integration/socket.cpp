#include "tests/integration/socket.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

#include "tests/catch.h"
#include "tests/integration/process.h"

namespace dkv::integration {
namespace {

std::size_t occurrences(const std::string& all, std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = all.find(text); at != std::string::npos; at = all.find(text, at + text.size())) ++count;
  return count;
}

}  // namespace

Socket::Socket(const Address& to, int receive_bytes) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (receive_bytes > 0) {
    REQUIRE(::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes) == 0);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(to.port);
  REQUIRE(::inet_pton(AF_INET, to.host.c_str(), &address.sin_addr) == 1);
  REQUIRE(::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
}

bool Socket::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool Socket::has_bytes() const {
  pollfd look{.fd = socket_.get(), .events = POLLIN, .revents = 0};
  return ::poll(&look, 1, 0) > 0;
}

void Socket::end_sending() {
  REQUIRE(::shutdown(socket_.get(), SHUT_WR) == 0);
}

bool Socket::read_some(std::string& to) {
  pollfd wait{.fd = socket_.get(), .events = POLLIN, .revents = 0};
  const auto patience_ms = std::chrono::duration_cast<std::chrono::milliseconds>(kPatience).count();
  if (::poll(&wait, 1, static_cast<int>(patience_ms)) != 1) {
    FAIL("nothing more came behind " << to.size() << " bytes, which begin with " << to.substr(0, 500));
  }
  char piece[64 << 10];
  const ssize_t got = ::recv(socket_.get(), piece, sizeof piece, 0);
  if (got <= 0) return false;
  to.append(piece, static_cast<std::size_t>(got));
  return true;
}

std::string Socket::read_to_end() {
  std::string all;
  while (read_some(all)) continue;
  return all;
}

std::string Socket::read_until(std::string_view text, std::size_t times) {
  std::string all;
  while (occurrences(all, text) < times) REQUIRE(read_some(all));
  return all;
}

}  // namespace dkv::integration
