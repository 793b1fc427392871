#pragma once

#include "viz/views/desk.h"

namespace dkv::viz {

// The whole run as a bar across the window: faults, commands, violations, how far it is known, and the moment. A click
// or a drag goes there.
void draw_timeline(Desk& desk, float height);

// Faults as shaded stretches between two times, for plots over time. Lowest first.
void shade_faults(const Desk& desk, ImDrawList& list, ImVec2 min, ImVec2 max, TimeNs from_ns, TimeNs to_ns,
                  float strength);

// Where the round times for an axis' ticks are: the step between them, so that at most `most` fit.
TimeNs tick_step(TimeNs span_ns, int most);

}  // namespace dkv::viz
