#pragma once

#include <imgui.h>

#include <string>
#include <string_view>

#include "engine/core/object.h"
#include "engine/core/types.h"
#include "sim/watch/moment.h"
#include "sim/world/world.h"
#include "viz/model/records.h"
#include "viz/views/theme.h"

// Names and colours that all panels share.
namespace dkv::viz {

struct Workspace;

// "12.345678 s": down to microseconds, or to milliseconds if `brief`.
std::string time_text(TimeNs at_ns, bool brief = false);
// "1.2 ms", "3.4 s".
std::string span_text(TimeNs span_ns);
// For axes: "0", "250 ms", "12 s".
std::string duration_words(TimeNs at_ns);
// "12,345".
std::string count_text(std::uint64_t count);
std::string node_name(const sim::World& world, NodeId node);
// The node's name in about this width, in the current font: cut so that no two nodes look the same.
std::string node_label(const Workspace& workspace, NodeId node, float width);
// "alice", "client 7".
std::string session_name(const sim::World& world, std::uint32_t session);
// The printable form of a value or key: at most `most` letters, followed by "…" when cut. A dot stands for a byte that
// is no text, and "{U+8CFC}" for a letter that the font does not have.
std::string shown(std::string_view bytes, std::size_t most = 40);
// A value for people: that of a client of the load is told by its write, "client 7's 12th write"; others are shown().
std::string value_words(const Workspace& workspace, WriteTag tag, std::string_view bytes, std::size_t most = 40);
// "1st", "12th".
std::string ordinal(std::uint64_t number);
// A colour that always belongs to this dot.
ImU32 dot_colour(const Theme& theme, const Dot& dot);
ImU32 node_colour(const Theme& theme, NodeId node);
ImU32 leg_colour(const Theme& theme, sim::Leg leg);
const char* process_name(sim::ProcessState state);
// One sentence of explanation for a newcomer.
const char* process_meaning(sim::ProcessState state);
const char* leg_meaning(sim::Leg leg);
// The same for one message, which tells copies for stand-ins and deliveries of hints apart.
std::string flight_meaning(const sim::World& world, const sim::Flight& flight);
// "stale read of cart", "a write of cart is discarded"
std::string setback_title(const FoundSetback& found);
// The fault with its amount, as the story tells it: "network: is split: n1, n2 | n3, for 5 s".
std::string fault_text(const sim::World& world, const sim::Fault& fault);

}  // namespace dkv::viz
