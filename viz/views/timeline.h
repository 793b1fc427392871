#pragma once

#include "sim/faults/catalogue.h"
#include "viz/views/workspace.h"

namespace dkv::viz {

// Draws the whole run as a bar across the window: faults, commands, violations, the known part, and the moment. A
// click or a drag goes to that time.
void draw_timeline(Workspace& workspace, float height);

// The colour of the faults of this part of the world, in all drawings.
ImU32 colour_of(sim::FaultLayer layer, const Theme& theme);

// Shades the time spans of faults behind a plot over time. They are drawn below everything else.
void shade_faults(const Workspace& workspace, ImDrawList& list, ImVec2 min, ImVec2 max, TimeNs from_ns, TimeNs to_ns,
                  float strength);

// The step between the round times at an axis' ticks, such that at most `most` ticks fit.
TimeNs tick_step(TimeNs span_ns, int most);

}  // namespace dkv::viz
