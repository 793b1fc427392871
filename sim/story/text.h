// Formats numbers and words for people.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/types.h"
#include "sim/scenario/scenario.h"

namespace dkv::story {

// 1203 -> "1,203".
std::string grouped(std::uint64_t number);
// "1 hint", "1,203 hints". `plural` is for nouns whose plural is not formed with an 's'.
std::string counted(std::uint64_t number, std::string_view noun, std::string_view plural = {});
// Parts of a whole, never rounded up to 100: 99.99 is shown as less.
std::string percent(std::uint64_t part, std::uint64_t whole);
std::string percent(double value);
// A duration with about three digits: "412 us", "4.1 ms", "12 s". A whole number of its unit has no fraction.
std::string duration(TimeNs duration_ns);
// A moment of a run: "12.345s".
std::string clock_time(TimeNs at_ns);
// Short enough for a table: at most four significant digits, "1.52 M".
std::string rate(double per_second);

// A client's bytes in quotes. Control characters become '.', and at most `columns` are shown.
std::string shown(std::string_view bytes, std::size_t columns = 40);
// "a", "a and b", "a, b and c"; with more than `most` words "a, b and 7 others".
std::string listed(const std::vector<std::string>& words, std::size_t most = 8);
// "a, b, c" in the same way, for one side of several.
std::string joined(const std::vector<std::string>& words, std::size_t most = 8);

// Control characters become '.', so that no file can control the terminal. Line ends and UTF-8 stay.
std::string harmless(std::string_view text);
// The number of columns in which a terminal shows the UTF-8 text.
std::size_t columns_of(std::string_view text) noexcept;
// Lines of at most `width` columns, broken at spaces. Multiple spaces between two words stay. A word that is too long
// is split.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

// The name of a node in the scenario.
const std::string& node_name(const sim::Scenario& scenario, NodeId node);
std::vector<std::string> node_names(const sim::Scenario& scenario, std::span<const NodeId> nodes);

}  // namespace dkv::story
