#include "sim/story/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/core/assert.h"

namespace dkv::story {
namespace {

struct Decoded {
  char32_t code = 0;
  std::size_t bytes = 1;
};

// Decodes one character. A byte that is not UTF-8 counts as one character.
Decoded decode(std::string_view text) noexcept {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = lead < 0x80 ? 1 : lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : lead >> 3 == 30 ? 4 : 0;
  if (length < 2 || length > text.size()) return {lead, 1};
  char32_t code = lead & (0x7fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if (next >> 6 != 2) return {lead, 1};
    code = code << 6 | (next & 0x3fu);
  }
  return {code, length};
}

// Terminals show East Asian and pictographic characters in two columns, and combining ones in none.
std::size_t width_of(char32_t code) noexcept {
  const auto within = [code](char32_t low, char32_t high) { return code >= low && code <= high; };
  if (within(0x300, 0x36f) || within(0x200b, 0x200f) || within(0xfe00, 0xfe0f)) return 0;
  const bool wide = within(0x1100, 0x115f) || within(0x2e80, 0xa4cf) || within(0xac00, 0xd7a3) ||
                    within(0xf900, 0xfaff) || within(0xfe30, 0xfe6f) || within(0xff00, 0xff60) ||
                    within(0xffe0, 0xffe6) || within(0x1f300, 0x1faff) || within(0x20000, 0x3fffd);
  return wide ? 2 : 1;
}

bool is_control(char32_t code) noexcept {
  return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

std::string with_unit(double value, const char* unit) {
  const double tenths = std::round(value * 10) / 10;
  if (value >= 100 || tenths >= 100 || std::abs(tenths - std::round(tenths)) < 1e-9) {
    return fmt::format("{:.0f} {}", value, unit);
  }
  return fmt::format("{:.1f} {}", value, unit);
}

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

std::string counted(std::uint64_t number, std::string_view noun, std::string_view plural) {
  if (number == 1) return fmt::format("1 {}", noun);
  if (!plural.empty()) return fmt::format("{} {}", grouped(number), plural);
  return fmt::format("{} {}s", grouped(number), noun);
}

std::string percent(double value) {
  if (value >= 100) return "100%";
  const double shown_value = value >= 99 ? std::floor(value * 100) / 100 : std::floor(value * 10) / 10;
  return value >= 99 ? fmt::format("{:.2f}%", shown_value) : fmt::format("{:.1f}%", shown_value);
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  return percent(whole == 0 ? 100.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string duration(TimeNs duration_ns) {
  const double value = static_cast<double>(duration_ns);
  if (duration_ns < kMicrosecond) return with_unit(value, "ns");
  if (duration_ns < kMillisecond) return with_unit(value / 1e3, "us");
  if (duration_ns < kSecond) return with_unit(value / 1e6, "ms");
  if (duration_ns < 600 * kSecond) return with_unit(value / 1e9, "s");
  constexpr TimeNs kHourNs = 3600 * kSecond;
  if (duration_ns < 10 * kHourNs) return with_unit(value / 60e9, "min");
  if (duration_ns < 72 * kHourNs) return with_unit(value / 3600e9, "h");
  if (duration_ns < 2 * 365 * 24 * kHourNs) return with_unit(value / 86400e9, "days");
  return with_unit(value / (365.25 * 86400e9), "years");
}

std::string clock_time(TimeNs at_ns) {
  const TimeNs ms = at_ns / kMillisecond;
  return fmt::format("{}.{:03}s", ms / 1000, ms % 1000);
}

std::string rate(double per_second) {
  if (per_second >= 1e6) return fmt::format("{:.2f} M", per_second / 1e6);
  if (per_second >= 1e3) return grouped(static_cast<std::uint64_t>(std::llround(per_second)));
  return per_second >= 100 ? fmt::format("{:.0f}", per_second) : fmt::format("{:.1f}", per_second);
}

std::string shown(std::string_view bytes, std::size_t columns) {
  std::string text = "\"";
  std::size_t used = 0;
  while (!bytes.empty()) {
    const Decoded one = decode(bytes);
    const bool whole = one.bytes > 1 || one.code < 0x80;
    if (used + 2 > columns) return text + "...\"";
    if (is_control(one.code) || !whole) {
      text += '.';
      ++used;
    } else {
      text += bytes.substr(0, one.bytes);
      used += width_of(one.code);
    }
    bytes.remove_prefix(one.bytes);
  }
  return text + '"';
}

std::string listed(const std::vector<std::string>& words, std::size_t most) {
  const bool cut = words.size() > most;
  const std::size_t named = cut ? most - 1 : words.size();
  std::string text;
  for (std::size_t i = 0; i < named; ++i) {
    if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
    text += words[i];
  }
  if (cut) text += fmt::format(" and {} others", words.size() - named);
  return text;
}

std::string joined(const std::vector<std::string>& words, std::size_t most) {
  const bool cut = words.size() > most;
  const std::size_t named = cut ? most - 1 : words.size();
  std::string text;
  for (std::size_t i = 0; i < named; ++i) text += (i > 0 ? ", " : "") + words[i];
  if (cut) text += fmt::format(", {} others", words.size() - named);
  return text;
}

std::string harmless(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Decoded one = decode(text);
    if (one.code != '\n' && is_control(one.code)) {
      out += one.code == '\t' ? ' ' : '.';
    } else {
      out += text.substr(0, one.bytes);
    }
    text.remove_prefix(one.bytes);
  }
  return out;
}

std::size_t columns_of(std::string_view text) noexcept {
  std::size_t columns = 0;
  while (!text.empty()) {
    const Decoded one = decode(text);
    columns += width_of(one.code);
    text.remove_prefix(one.bytes);
  }
  return columns;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  DKV_ASSERT(width >= 2);
  std::vector<std::string> lines;
  std::string line;
  std::size_t used = 0;
  std::size_t gap = 0;  // spaces since the last word; dropped at the end of a line
  const auto end_line = [&] {
    lines.push_back(std::move(line));
    line.clear();
    used = gap = 0;
  };
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
    std::string_view word = text.substr(0, end);
    std::size_t columns = columns_of(word);
    if (!word.empty()) {
      if (used > 0 && used + gap + columns > width) end_line();
      if (used > 0) {
        line.append(gap, ' ');
        used += gap;
      }
      gap = 0;
      for (; used + columns > width; columns = columns_of(word)) {  // a word wider than the line
        const Decoded one = decode(word);
        if (used + width_of(one.code) > width) end_line();
        line += word.substr(0, one.bytes);
        used += width_of(one.code);
        word.remove_prefix(one.bytes);
      }
      line += word;
      used += columns;
    }
    if (end < text.size() && text[end] == '\n') {
      end_line();
    } else {
      ++gap;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (!line.empty() || lines.empty()) lines.push_back(std::move(line));
  return lines;
}

const std::string& node_name(const sim::Scenario& scenario, NodeId node) {
  static const std::string kNobody = "?";
  return node < scenario.cluster.members.size() ? scenario.cluster.members[node].name : kNobody;
}

std::vector<std::string> node_names(const sim::Scenario& scenario, std::span<const NodeId> nodes) {
  std::vector<std::string> names;
  for (const NodeId node : nodes) names.push_back(node_name(scenario, node));
  return names;
}

}  // namespace dkv::story
