#pragma once

#include <string_view>

namespace dkv::http {

// Checks in pieces whether bytes are valid UTF-8 (RFC 3629).
class Utf8Check {
 public:
  // False when no further bytes can make the text valid.
  bool add(std::string_view bytes) noexcept;
  // No character is incomplete.
  bool complete() const noexcept { return missing_ == 0; }

 private:
  int missing_ = 0;                         // bytes of an incomplete character
  unsigned char low_ = 0x80, high_ = 0xbf;  // the range of the next byte
};

// Whether the bytes are valid UTF-8 as a whole.
inline bool is_utf8(std::string_view bytes) noexcept {
  Utf8Check check;
  return check.add(bytes) && check.complete();
}

}  // namespace dkv::http
