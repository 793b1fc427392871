#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/protocol/wire_format.h"

namespace dkv::wire {

// Reads the body of a frame from an untrusted source. A failed read returns false and notes the field and the rule.
// On the way out, each level prepends its name to the field, so that a correct frame pays nothing for error texts.
// Nothing is read after the first failure.
class Reader {
 public:
  explicit Reader(std::string_view body) noexcept : at_(body.data()), end_(body.data() + body.size()) {}

  std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }

  bool u8(const char* field, std::uint8_t& out) { return fixed(field, out); }
  bool u32(const char* field, std::uint32_t& out) { return fixed(field, out); }
  bool u64(const char* field, std::uint64_t& out) { return fixed(field, out); }
  // Reads a number in the full width of its type.
  template <typename Number>
  bool number(const char* field, Number& out) {
    return fixed(field, out);
  }
  bool varint(const char* field, std::uint64_t& out) {
    if (at_ != end_ && static_cast<unsigned char>(*at_) < 0x80) [[likely]] {
      out = static_cast<unsigned char>(*at_++);
      return true;
    }
    return long_varint(field, out);
  }
  bool varint32(const char* field, std::uint32_t& out) {
    std::uint64_t wide = 0;
    if (!varint(field, wide)) return false;
    out = static_cast<std::uint32_t>(wide);
    return wide == out || over(field, wide, UINT32_MAX);
  }
  bool boolean(const char* field, bool& out) {
    std::uint8_t byte = 0;
    if (!u8(field, byte)) return false;
    out = byte == 1;
    return byte <= 1 || broken(field, std::to_string(byte) + " is neither 0 nor 1");
  }
  template <typename Enum>
  bool enumeration(const char* field, Enum& out, Enum last) {
    std::uint8_t byte = 0;
    if (!u8(field, byte)) return false;
    out = static_cast<Enum>(byte);
    return out <= last || broken(field, "unknown value " + std::to_string(byte));
  }
  // Reads the count of a list whose elements have at least element_bytes each. A count that passes fits into the rest
  // of the frame, so memory may be allocated for it.
  bool count(const char* field, std::size_t most, std::size_t element_bytes, std::uint32_t& out) {
    std::uint64_t wide = 0;
    if (!varint(field, wide)) return false;
    out = static_cast<std::uint32_t>(wide);
    return (wide <= most && wide <= left() / element_bytes) || bad_count(field, wide, most);
  }
  // Reads a count and as many bytes. The result is a view into the body.
  bool sized(const char* field, std::size_t bytes_most, std::string_view& out) {
    std::uint64_t bytes = 0;
    if (!varint(field, bytes)) return false;
    if (bytes > bytes_most) return over_bytes(field, bytes, bytes_most);
    if (bytes > left()) return cut_short(field);
    out = {at_, static_cast<std::size_t>(bytes)};
    at_ += bytes;
    return true;
  }

  // All return false, so that a reader can return their result.
  [[gnu::cold]] bool broken(const char* field, std::string rule);
  [[gnu::cold]] bool over(const char* field, std::uint64_t number, std::uint64_t most);
  // Prepends the name of the enclosing level: "object" turns "siblings[2].dot" into "object.siblings[2].dot".
  [[gnu::cold]] bool within(const char* level);
  [[gnu::cold]] bool within(const char* list, std::size_t index);

  // After a failure: "object.siblings[2].dot: not covered by the clock".
  std::string what() const { return field_ + ": " + rule_; }

 private:
  template <typename Number>
  bool fixed(const char* field, Number& out) {
    if (left() < sizeof out) [[unlikely]]
      return cut_short(field);
    out = load<Number>(at_);
    at_ += sizeof out;
    return true;
  }
  bool long_varint(const char* field, std::uint64_t& out);
  [[gnu::cold]] bool cut_short(const char* field);
  [[gnu::cold]] bool over_bytes(const char* field, std::uint64_t bytes, std::size_t most);
  [[gnu::cold]] bool bad_count(const char* field, std::uint64_t count, std::size_t most);

  const char* at_;
  const char* end_;
  std::string field_;
  std::string rule_;
};

}  // namespace dkv::wire
