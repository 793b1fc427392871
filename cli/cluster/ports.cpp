#include "cli/cluster/ports.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <stdexcept>

#include "engine/runtime/disk/descriptor.h"

namespace dkv::cli {
namespace {

// A socket bound to 127.0.0.1. port 0: any free port.
Descriptor bound_socket(std::uint16_t port) {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int yes = 1;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (!socket || ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
      ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    socket.close();
  }
  return socket;
}

}  // namespace

bool port_is_free(std::uint16_t port) {
  const Descriptor socket = bound_socket(port);
  // If another process listens with SO_REUSEADDR, bind() succeeds and listen() fails.
  return socket && ::listen(socket.get(), 1) == 0;
}

std::vector<std::uint16_t> free_ports(std::size_t count) {
  std::vector<Descriptor> held;  // kept open until the end, so that all ports differ
  std::vector<std::uint16_t> ports;
  while (ports.size() < count) {
    held.push_back(bound_socket(0));
    sockaddr_in address{};
    socklen_t size = sizeof address;
    if (!held.back() || ::getsockname(held.back().get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      throw std::runtime_error("no free port can be found");
    }
    ports.push_back(ntohs(address.sin_port));
  }
  return ports;
}

}  // namespace dkv::cli
