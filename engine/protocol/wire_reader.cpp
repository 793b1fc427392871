#include "engine/protocol/wire_reader.h"

#include <utility>

namespace dkv::wire {

bool Reader::long_varint(const char* field, std::uint64_t& out) {
  std::uint64_t number = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (at_ == end_) return cut_short(field);
    const auto byte = static_cast<unsigned char>(*at_++);
    const std::uint64_t bits = byte & 0x7f;
    if (shift == 63 && bits > 1) return broken(field, "a number of more than 64 bits");
    number |= bits << shift;
    if (byte < 0x80) {
      out = number;
      // A number has only one encoding, so that equal messages have equal bytes.
      return bits != 0 || broken(field, "a number with more bytes than it needs");
    }
  }
  return broken(field, "a number of more than 64 bits");
}

bool Reader::broken(const char* field, std::string rule) {
  field_ = field;
  rule_ = std::move(rule);
  return false;
}

bool Reader::cut_short(const char* field) {
  return broken(field, "cut short");
}

bool Reader::over(const char* field, std::uint64_t number, std::uint64_t most) {
  return broken(field, std::to_string(number) + " is over " + std::to_string(most));
}

bool Reader::over_bytes(const char* field, std::uint64_t bytes, std::size_t most) {
  return broken(field, std::to_string(bytes) + " bytes, at most " + std::to_string(most));
}

bool Reader::bad_count(const char* field, std::uint64_t count, std::size_t most) {
  if (count > most) return broken(field, std::to_string(count) + " elements, at most " + std::to_string(most));
  return broken(field,
                std::to_string(count) + " elements do not fit into the " + std::to_string(left()) + " bytes left");
}

bool Reader::within(const char* level) {
  field_ = std::string(level) + "." + field_;
  return false;
}

bool Reader::within(const char* list, std::size_t index) {
  field_ = std::string(list) + "[" + std::to_string(index) + "]" + (field_.empty() ? "" : "." + field_);
  return false;
}

}  // namespace dkv::wire
