#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/core/result.h"

namespace dkv {

// "host:port": an IPv4 address, an IPv6 address in brackets, or a name.
struct Address {
  std::string host;
  std::uint16_t port = 0;
  friend bool operator==(const Address&, const Address&) = default;
};
// port_zero: port 0 is allowed ("any free one").
Result<Address> parse_address(std::string_view text, bool port_zero = false);
std::string to_string(const Address& address);

}  // namespace dkv
