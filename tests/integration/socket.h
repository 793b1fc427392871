#pragma once

#include <string>
#include <string_view>

#include "engine/runtime/disk/descriptor.h"
#include "engine/runtime/net/address.h"

namespace dkv::integration {

// A bare TCP connection, for bytes that no client would send.
class Socket {
 public:
  explicit Socket(const Address& to);

  // False when the other side has closed.
  bool send(std::string_view bytes);
  // Reads until the other side closes. Fails the test when it does not close in time.
  std::string read_to_end();
  // Reads until the received bytes contain this text `times` times. Fails the test when they never do.
  std::string read_until(std::string_view text, std::size_t times = 1);

 private:
  // Appends some received bytes to `to`. False at the end.
  bool read_some(std::string& to);

  Descriptor socket_;
};

}  // namespace dkv::integration
