#pragma once

#include <cstdint>

#include "sim/scenario/scenario.h"

namespace dkv::sim {

// The scenario of a fuzzing seed: the cluster, its settings, network, disks, load and the palette of faults are all
// drawn, after "swarm testing" (A. Groce et al., ISSTA 2012): each run leaves features out, so that the others get
// room. 20 simulated seconds at 200 operations a second in all. Each knob has a stream of its own: one more knob does
// not change what the others of a seed draw.
Scenario draw_swarm(std::uint64_t seed);

}  // namespace dkv::sim
