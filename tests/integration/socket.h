#pragma once

#include <string>
#include <string_view>

#include "engine/runtime/disk/descriptor.h"
#include "engine/runtime/net/address.h"

namespace dkv::integration {

// A bare TCP connection, for bytes that no client would send.
class Socket {
 public:
  // receive_bytes: about the size of this side's buffer. 0: the default of the system.
  explicit Socket(const Address& to, int receive_bytes = 0);

  // False when the other side has closed.
  bool send(std::string_view bytes);
  // True when something has arrived that was not read, or the other side has closed.
  bool has_bytes() const;
  // Nothing more will be sent. The answers still come.
  void end_sending();
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
