#pragma once

#include <cstdint>

#include "sim/faults/fault.h"
#include "sim/scenario/scenario.h"

namespace dkv::sim {

inline constexpr std::size_t kDrawnFaultsMax = 5'000;  // entries; the palette draws no more

// The timed faults of the scenario and the faults that its palette draws for the seed, ascending by time. A fault ends
// by run_ns, or with the heal (for_ns 0; timed ones only).
//
// The palette's time is cut into turns of every_ns, each with one fault at a random time. A fault depends only on the
// seed and the number of its turn, so a change to one does not shift the others. A drawn fault is left out while
// at_once_max others are on. It avoids nodes that are down or paused at any time of its duration. It also does not
// skew a clock or cut a link that another fault has skewed or cut.
Schedule draw_schedule(const Scenario& scenario, std::uint64_t seed);

}  // namespace dkv::sim
