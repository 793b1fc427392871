#pragma once

#include <cstdint>

#include "sim/scenario/scenario.h"

namespace dkv::sim {

// Draws the scenario of a fuzzing seed: the cluster, its settings, network, disks, load, and the palette of faults.
// This is swarm testing (A. Groce et al., ISSTA 2012): each run leaves features out, so that the others get room. A
// run has 20 simulated seconds with 200 operations a second in all. Each knob has its own stream, so a new knob does
// not change the draws of the others.
Scenario draw_swarm(std::uint64_t seed);

}  // namespace dkv::sim
