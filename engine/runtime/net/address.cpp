#include "engine/runtime/net/address.h"

#include <charconv>

#include "engine/input/suggest.h"

namespace dkv {

Result<Address> parse_address(std::string_view text, bool port_zero) {
  constexpr std::string_view kMeant = " is no address: write host:port, such as 127.0.0.1:8098 or [::1]:8098";
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return fail(quoted(text) + std::string(kMeant));
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return fail(quoted(text) + std::string(kMeant));
  }
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == ':' || c == '_';
  };
  for (const char c : host) {
    if (!plain(c)) return fail(quoted(text) + std::string(kMeant));
  }
  std::uint32_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  const bool number = error == std::errc() && end == digits.data() + digits.size() && port <= 65'535;
  if (!number || host.empty() || host.size() > 253) return fail(quoted(text) + std::string(kMeant));
  if (port == 0 && !port_zero) return fail(quoted(text) + ": port 0 can't be reached by others");
  return Address{std::string(host), static_cast<std::uint16_t>(port)};
}

std::string to_string(const Address& address) {
  const bool v6 = address.host.find(':') != std::string::npos;
  return (v6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

}  // namespace dkv
