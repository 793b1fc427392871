// RFC 4648, section 4.
#include <array>

#include "engine/gateway/message.h"

namespace dkv::http {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::int8_t, 256> inverse() {
  std::array<std::int8_t, 256> table{};
  table.fill(-1);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    table[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::int8_t>(i);
  }
  return table;
}
constexpr auto kInverse = inverse();

}  // namespace

std::string encode_base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t there = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = group << 8 | (j < there ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    }
    for (std::size_t j = 0; j < 4; ++j) text += j <= there ? kAlphabet[group >> (18 - 6 * j) & 63] : '=';
  }
  return text;
}

bool decode_base64(std::string_view text, std::string& bytes) {
  bytes.clear();
  if (text.size() % 4 != 0) return false;
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const bool last = i + 4 == text.size();
    const std::size_t there = last && text[i + 3] == '=' ? (text[i + 2] == '=' ? 1 : 2) : 3;
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      const int digit = j <= there ? kInverse[static_cast<unsigned char>(text[i + j])] : 0;
      if (digit < 0) return false;
      group = group << 6 | static_cast<std::uint32_t>(digit);
    }
    // The unused bits must be zero, so that each value has one text only.
    if ((there == 1 && (group & 0xffff) != 0) || (there == 2 && (group & 0xff) != 0)) return false;
    for (std::size_t j = 0; j < there; ++j) bytes += static_cast<char>(group >> (16 - 8 * j) & 0xff);
  }
  return true;
}

}  // namespace dkv::http
