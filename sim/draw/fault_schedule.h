#pragma once

#include <cstdint>

#include "sim/faults/fault.h"
#include "sim/scenario/scenario.h"

namespace dkv::sim {

inline constexpr std::size_t kDrawnFaultsMax = 5'000;  // entries; what the palette draws beyond them is left out

// The scenario's timed faults and those that its palette draws for the seed, ascending by time; a fault ends by run_ns
// at the latest, or with the heal (for_ns 0, timed ones only).
//
// The palette's time is cut into turns of every_ns, with one fault at a random time in each, which depends on the seed
// and the turn's number alone: a change to one does not shift the others. A drawn fault is left out when as many as
// at_once_max are still on, and keeps off nodes that are down or paused at any time that it takes (a skewed clock and a
// link that is down are not taken twice either).
Schedule draw_schedule(const Scenario& scenario, std::uint64_t seed);

}  // namespace dkv::sim
