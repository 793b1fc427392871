#include "engine/input/units.h"

#include <array>
#include <limits>

#include "engine/input/suggest.h"

namespace dkv {

namespace {

constexpr TimeNs kDurationMax = TimeNs{100} * 365 * 24 * 3600 * kSecond;
constexpr int kFractionDigitsMax = 9;

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};
constexpr std::array<Unit, 6> kTimeUnits{{{"h", 3'600'000'000'000},
                                          {"m", 60'000'000'000},
                                          {"s", 1'000'000'000},
                                          {"ms", 1'000'000},
                                          {"us", 1'000},
                                          {"ns", 1}}};
constexpr std::array<Unit, 4> kSizeUnits{{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1}}};

tl::unexpected<UnitError> wrong(std::string what, std::string meant) {
  return tl::unexpected<UnitError>(UnitError{std::move(what), std::move(meant)});
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Decimal digits with at most one point, and the text after them.
struct Decimal {
  std::uint64_t digits = 0;  // without the point
  int fraction_digits = 0;
  std::string_view rest;
};

Parsed<Decimal> split_decimal(std::string_view text, const std::string& kind) {
  Decimal decimal;
  std::size_t i = 0;
  bool point = false;
  for (; i < text.size() && (is_digit(text[i]) || (text[i] == '.' && !point)); ++i) {
    if (text[i] == '.') {
      point = true;
      continue;
    }
    const auto digit = static_cast<std::uint64_t>(text[i] - '0');
    if (decimal.digits > (std::numeric_limits<std::uint64_t>::max() - digit) / 10 ||
        decimal.fraction_digits == kFractionDigitsMax) {
      return wrong(quoted(text) + " has too many digits", kind);
    }
    decimal.digits = decimal.digits * 10 + digit;
    if (point) ++decimal.fraction_digits;
  }
  const bool bare_point = i > 0 && (text[0] == '.' || text[i - 1] == '.');
  if (i == 0 || bare_point) return wrong(quoted(text) + " is not a number", kind);
  if (text[0] == '0' && i > 1 && is_digit(text[1])) {
    return wrong(quoted(text) + " begins with a zero, which YAML tools read as octal", "write it without the zero");
  }
  decimal.rest = text.substr(i);
  return decimal;
}

// Wide enough for the product of any 64-bit number and any unit.
__extension__ using Wide = unsigned __int128;

// digits * factor / 10^fraction_digits, when that is a whole number of at most `limit`.
Parsed<std::uint64_t> scale(const Decimal& decimal, std::uint64_t factor, std::uint64_t limit, std::string_view text,
                            const std::string& finest) {
  Wide product = static_cast<Wide>(decimal.digits) * factor;
  for (int i = 0; i < decimal.fraction_digits; ++i) {
    if (product % 10 != 0) return wrong(quoted(text) + " is finer than " + finest, "use fewer digits after the point");
    product /= 10;
  }
  if (product > limit) return wrong(quoted(text) + " is too large", "use a smaller number");
  return static_cast<std::uint64_t>(product);
}

template <std::size_t N>
std::string unit_names(const std::array<Unit, N>& units) {
  std::string text;
  for (std::size_t i = N; i > 0; --i) {
    if (!text.empty()) text += i == 1 ? " or " : ", ";
    text += units[i - 1].name;
  }
  return text;
}

template <std::size_t N>
Parsed<std::uint64_t> with_unit(std::string_view text, const std::array<Unit, N>& units, const std::string& kind,
                                const std::string& example, std::uint64_t limit, const std::string& finest) {
  const std::string meant = kind + " is a number with a unit (" + unit_names(units) + "), such as " + example;
  const auto decimal = split_decimal(text, meant);
  if (!decimal) return tl::unexpected(decimal.error());
  if (decimal->rest.empty()) {
    if (decimal->digits == 0) return 0;
    return wrong(quoted(text) + " has no unit", meant);
  }
  for (const Unit& unit : units) {
    if (unit.name == decimal->rest) return scale(*decimal, unit.factor, limit, text, finest);
  }
  return wrong(quoted(decimal->rest) + " is not a unit of " + kind.substr(kind.find(' ') + 1), meant);
}

}  // namespace

Parsed<std::uint64_t> parse_whole(std::string_view text) {
  const std::string meant = "a whole number in decimal digits, such as 42";
  if (text.size() > 1 && text[0] == '-' && is_digit(text[1])) return wrong(quoted(text) + " is negative", meant);
  const auto decimal = split_decimal(text, meant);
  if (!decimal) return tl::unexpected(decimal.error());
  if (!decimal->rest.empty() || decimal->fraction_digits > 0 || text.find('.') != std::string_view::npos) {
    return wrong(quoted(text) + " is not a whole number", meant);
  }
  return decimal->digits;
}

Parsed<std::uint32_t> parse_thousandths(std::string_view text) {
  const std::string meant = "a number with at most three digits after the point, such as 0.99";
  const auto decimal = split_decimal(text, meant);
  if (!decimal) return tl::unexpected(decimal.error());
  if (!decimal->rest.empty()) return wrong(quoted(text) + " is not a number", meant);
  const auto scaled = scale(*decimal, 1000, std::numeric_limits<std::uint32_t>::max(), text, "a thousandth");
  if (!scaled) return tl::unexpected(scaled.error());
  return static_cast<std::uint32_t>(*scaled);
}

Parsed<double> parse_number(std::string_view text) {
  const std::string meant = "a number such as 12 or 99.5";
  const bool negative = !text.empty() && text[0] == '-';
  const auto decimal = split_decimal(negative ? text.substr(1) : text, meant);
  if (!decimal) return tl::unexpected(decimal.error());
  if (!decimal->rest.empty()) return wrong(quoted(text) + " is not a number", meant);
  if (decimal->digits >= 1'000'000'000'000'000) return wrong(quoted(text) + " has too many digits", meant);
  double divisor = 1;
  for (int i = 0; i < decimal->fraction_digits; ++i) divisor *= 10;
  const double number = static_cast<double>(decimal->digits) / divisor;
  return negative ? -number : number;
}

Parsed<TimeNs> parse_duration(std::string_view text) {
  if (text.size() > 1 && text[0] == '-') return wrong(quoted(text) + " is negative", "a duration of 0s or more");
  const auto parsed = with_unit(text, kTimeUnits, "a duration", "500us, 5ms or 2s",
                                static_cast<std::uint64_t>(kDurationMax), "a nanosecond");
  if (!parsed) return tl::unexpected(parsed.error());
  return static_cast<TimeNs>(*parsed);
}

Parsed<TimeNs> parse_signed_duration(std::string_view text) {
  const bool negative = !text.empty() && text[0] == '-';
  const bool sign = negative || (!text.empty() && text[0] == '+');
  const auto parsed = parse_duration(sign ? text.substr(1) : text);
  if (!parsed) return parsed;
  return negative ? -*parsed : *parsed;
}

Parsed<std::uint32_t> parse_percent_ppm(std::string_view text) {
  const std::string meant = "a percentage such as 0.5% or 20%";
  const auto decimal = split_decimal(text, meant);
  if (!decimal) return tl::unexpected(decimal.error());
  if (decimal->rest.empty() && decimal->digits == 0) return 0;
  if (decimal->rest.empty()) return wrong(quoted(text) + " has no unit", meant);
  if (decimal->rest != "%") return wrong(quoted(decimal->rest) + " is not a unit of a share", meant);
  const auto scaled = scale(*decimal, 10'000, std::uint64_t{1} << 40, text, "one in a million");
  if (!scaled) return tl::unexpected(scaled.error());
  if (*scaled > 1'000'000) return wrong(quoted(text) + " is more than 100%", meant);
  return static_cast<std::uint32_t>(*scaled);
}

Parsed<std::uint32_t> parse_rate(std::string_view text) {
  const std::string meant = "a whole number a second, such as 2000/s";
  const auto decimal = split_decimal(text, meant);
  if (!decimal) return tl::unexpected(decimal.error());
  if (decimal->rest.empty()) return wrong(quoted(text) + " has no unit", meant);
  if (decimal->rest != "/s") return wrong(quoted(decimal->rest) + " is not a unit of a rate", meant);
  const auto scaled = scale(*decimal, 1, std::numeric_limits<std::uint32_t>::max(), text, "one a second");
  if (!scaled) return tl::unexpected(scaled.error());
  return static_cast<std::uint32_t>(*scaled);
}

Parsed<std::uint64_t> parse_size(std::string_view text) {
  return with_unit(text, kSizeUnits, "a size", "100B or 4KiB", std::uint64_t{1} << 44, "a byte");
}

std::string duration_text(TimeNs duration_ns) {
  const bool negative = duration_ns < 0;
  const auto magnitude =
      negative ? std::uint64_t{0} - static_cast<std::uint64_t>(duration_ns) : static_cast<std::uint64_t>(duration_ns);
  if (magnitude == 0) return "0s";
  for (const Unit& unit : kTimeUnits) {
    if (magnitude % unit.factor != 0) continue;
    return (negative ? "-" : "") + std::to_string(magnitude / unit.factor) + std::string(unit.name);
  }
  return {};  // not reached: every number is a multiple of one nanosecond
}

std::string percent_text(std::uint32_t ppm) {
  std::string fraction = std::to_string(10'000 + ppm % 10'000).substr(1);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  return std::to_string(ppm / 10'000) + (fraction.empty() ? "" : "." + fraction) + "%";
}

std::string size_text(std::uint64_t bytes) {
  for (const Unit& unit : kSizeUnits) {
    if (bytes % unit.factor == 0 && bytes != 0) return std::to_string(bytes / unit.factor) + std::string(unit.name);
  }
  return "0B";
}

std::string hex16(std::uint64_t number) {
  std::string text(16, '0');
  for (std::size_t i = 16; i-- > 0; number >>= 4) text[i] = "0123456789abcdef"[number & 15];
  return text;
}

}  // namespace dkv
