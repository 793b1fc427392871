// Numbers and words as a person reads them.
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
// "1 hint", "1,203 hints"; plural only where an 's' does not do.
std::string counted(std::uint64_t number, std::string_view noun, std::string_view plural = {});
// Parts of a whole, rounded towards the less flattering side: 99.99 is never shown as 100.
std::string percent(std::uint64_t part, std::uint64_t whole);
std::string percent(double value);
// A duration of three digits or so: "412 us", "4.1 ms", "12 s"; a whole number of its unit has no fraction.
std::string duration(TimeNs duration_ns);
// A moment of a run: "12.345s".
std::string clock_time(TimeNs at_ns);
// Short enough for a table, four significant digits at most: "1.52 M".
std::string rate(double per_second);

// Bytes of a client in quotes: control characters as '.', at most `columns` long.
std::string shown(std::string_view bytes, std::size_t columns = 40);
// "a", "a and b", "a, b and c"; past `most` of them "a, b and 7 others".
std::string listed(const std::vector<std::string>& words, std::size_t most = 8);
// "a, b, c" in the same way, for one side of several.
std::string joined(const std::vector<std::string>& words, std::size_t most = 8);

// Control characters as '.', so that no file can talk to the terminal. Line ends and UTF-8 stay.
std::string harmless(std::string_view text);
// How many columns a terminal gives to UTF-8 text.
std::size_t columns_of(std::string_view text) noexcept;
// Lines of at most `width` columns, cut at spaces (further ones between two words stay); longer words
// are cut hard.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

// A node's name in the scenario.
const std::string& node_name(const sim::Scenario& scenario, NodeId node);
std::vector<std::string> node_names(const sim::Scenario& scenario, std::span<const NodeId> nodes);

}  // namespace dkv::story
