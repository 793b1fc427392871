#include "engine/gateway/utf8.h"

#include <cstdint>
#include <cstring>

namespace dkv::http {
namespace {

std::size_t ascii_length(std::string_view bytes) noexcept {
  std::size_t length = 0;
  while (length + 8 <= bytes.size()) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, bytes.data() + length, 8);
    if ((eight & 0x8080808080808080u) != 0) break;
    length += 8;
  }
  while (length < bytes.size() && static_cast<unsigned char>(bytes[length]) < 0x80) ++length;
  return length;
}

}  // namespace

bool Utf8Check::add(std::string_view bytes) noexcept {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (missing_ == 0) {
      i += ascii_length(bytes.substr(i));
      if (i == bytes.size()) return true;
      const auto lead = static_cast<unsigned char>(bytes[i]);
      // The second byte shows overlong forms, surrogates and characters beyond U+10FFFF.
      low_ = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
      high_ = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
      if (lead >= 0xc2 && lead <= 0xdf) {
        missing_ = 1;
      } else if (lead >> 4 == 14) {
        missing_ = 2;
      } else if (lead >= 0xf0 && lead <= 0xf4) {
        missing_ = 3;
      } else {
        return false;
      }
    } else {
      const auto next = static_cast<unsigned char>(bytes[i]);
      if (next < low_ || next > high_) return false;
      low_ = 0x80;
      high_ = 0xbf;
      --missing_;
    }
  }
  return true;
}

}  // namespace dkv::http
