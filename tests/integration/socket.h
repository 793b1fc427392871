#pragma once

#include <string>
#include <string_view>

#include "engine/runtime/disk/descriptor.h"
#include "engine/runtime/net/address.h"

namespace dkv::integration {

// A bare TCP connection, for what no client would send.
class Socket {
 public:
  // receive_bytes: of this side's buffer, about; 0: as the system has it.
  explicit Socket(const Address& to, int receive_bytes = 0);

  // False when the other side has closed.
  bool send(std::string_view bytes);
  // Something has arrived that was not read, or the other side has closed.
  bool has_bytes() const;
  // Nothing more will be sent; the answers still come.
  void end_sending();
  // What arrives until the other side closes; fails the test when it does not close in time.
  std::string read_to_end();
  // What arrives until it holds so many times this text; fails the test when it never does.
  std::string read_until(std::string_view text, std::size_t times = 1);

 private:
  // Another piece to the end of `to`. False at the end.
  bool read_some(std::string& to);

  Descriptor socket_;
};

}  // namespace dkv::integration
