#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "engine/core/types.h"

namespace dkv {

// The reason why a text is not a quantity, and an example of the right form.
struct UnitError {
  std::string what;
  std::string meant;
};
template <typename T>
using Parsed = tl::expected<T, UnitError>;

// Whole numbers in decimal digits, 0 .. 2^64-1. A sign, a leading zero (YAML 1.1 reads 010 as eight) and 0x10 are
// refused.
Parsed<std::uint64_t> parse_whole(std::string_view text);
// "1.5" -> 1500: at most three digits after the point.
Parsed<std::uint32_t> parse_thousandths(std::string_view text);
// "-12.5": at most 15 digits in all, so that every machine reads the same double.
Parsed<double> parse_number(std::string_view text);

// A number and one of ns, us, ms, s, m, h: "500us", "5ms", "1.5s". "0" alone is allowed. Exact to the nanosecond, at
// most 100 years. parse_signed_duration also accepts a leading minus or plus.
Parsed<TimeNs> parse_duration(std::string_view text);
Parsed<TimeNs> parse_signed_duration(std::string_view text);
// "0.5%" -> 5,000 parts in a million; 0 to 100%. "0" alone is allowed.
Parsed<std::uint32_t> parse_percent_ppm(std::string_view text);
// "2000/s".
Parsed<std::uint32_t> parse_rate(std::string_view text);
// "100B", "4KiB", "1MiB" -> bytes.
Parsed<std::uint64_t> parse_size(std::string_view text);

// The shortest exact form in one unit: 1500000000 -> "1500ms"; 0 -> "0s". The parsers read it back unchanged.
std::string duration_text(TimeNs duration_ns);
std::string percent_text(std::uint32_t ppm);
std::string size_text(std::uint64_t bytes);
// Sixteen hexadecimal digits, for digests, actors and fingerprints.
std::string hex16(std::uint64_t number);

}  // namespace dkv
