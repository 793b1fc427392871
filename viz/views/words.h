#pragma once

#include <imgui.h>

#include <string>
#include <string_view>

#include "engine/core/object.h"
#include "engine/core/types.h"
#include "sim/watch/moment.h"
#include "sim/world/world.h"
#include "viz/views/theme.h"

// Names and colours that all panels share.
namespace dkv::viz {

// "12.345678 s": down to microseconds, or to milliseconds if `brief`.
std::string time_text(TimeNs at_ns, bool brief = false);
// "1.2 ms", "3.4 s".
std::string span_text(TimeNs span_ns);
// For axes: "0", "250 ms", "12 s".
std::string duration_words(TimeNs at_ns);
// "12,345".
std::string count_text(std::uint64_t count);
std::string node_name(const sim::World& world, NodeId node);
// The printable form of a value or key: at most `most` bytes, followed by "…" when cut.
std::string shown(std::string_view bytes, std::size_t most = 40);
// A colour that always belongs to this dot.
ImU32 dot_colour(const Theme& theme, const Dot& dot);
ImU32 node_colour(const Theme& theme, NodeId node);
ImU32 leg_colour(const Theme& theme, sim::Leg leg);
const char* process_name(sim::ProcessState state);
// One sentence of explanation for a newcomer.
const char* process_meaning(sim::ProcessState state);
const char* leg_meaning(sim::Leg leg);
// "partition {n1, n2 | n3}"
std::string fault_text(const sim::World& world, const sim::Fault& fault);

}  // namespace dkv::viz
