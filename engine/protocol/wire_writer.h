#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "engine/protocol/wire_format.h"

namespace dkv::wire {

// Writes into memory that is long enough: the owner computes the bound of a message first, which is cheaper than a
// check for each field.
class Writer {
 public:
  explicit Writer(char* at) noexcept : at_(at) {}

  char* at() const noexcept { return at_; }

  void u8(std::uint8_t number) noexcept { *at_++ = static_cast<char>(number); }
  void u32(std::uint32_t number) noexcept { fixed(number); }
  void u64(std::uint64_t number) noexcept { fixed(number); }
  // Writes a number in the full width of its type.
  template <typename Number>
  void number(Number number) noexcept {
    fixed(number);
  }
  void varint(std::uint64_t number) noexcept {
    while (number >= 0x80) {
      u8(static_cast<std::uint8_t>(number | 0x80));
      number >>= 7;
    }
    u8(static_cast<std::uint8_t>(number));
  }
  void boolean(bool value) noexcept { u8(value ? 1 : 0); }
  template <typename Enum>
  void enumeration(Enum value) noexcept {
    u8(static_cast<std::uint8_t>(value));
  }
  // Writes the count, then the bytes.
  void sized(std::string_view bytes) noexcept {
    varint(bytes.size());
    if (!bytes.empty()) std::memcpy(at_, bytes.data(), bytes.size());
    at_ += bytes.size();
  }

 private:
  template <typename Number>
  void fixed(Number number) noexcept {
    store(at_, number);
    at_ += sizeof number;
  }
  char* at_;
};

}  // namespace dkv::wire
