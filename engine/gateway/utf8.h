#pragma once

#include <string_view>

namespace dkv::http {

// Whether bytes that come in pieces are valid UTF-8 (RFC 3629).
class Utf8Check {
 public:
  // False when no more bytes can make it valid.
  bool add(std::string_view bytes) noexcept;
  // Nothing is left half said.
  bool complete() const noexcept { return missing_ == 0; }

 private:
  int missing_ = 0;                         // bytes of a character that are still to come
  unsigned char low_ = 0x80, high_ = 0xbf;  // what the next of them may be
};

// Bytes of text for people and machines alike.
inline bool is_utf8(std::string_view bytes) noexcept {
  Utf8Check check;
  return check.add(bytes) && check.complete();
}

}  // namespace dkv::http
