#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/world/world.h"
#include "viz/model/branch.h"

namespace dkv::viz {

// One invariant, as judged so far on the branch.
struct InvariantView {
  sim::Invariant invariant = sim::Invariant::kNoLostWrite;
  bool expected = false;    // the scenario expects it to be broken
  std::uint64_t found = 0;  // violations up to the shown moment
  std::uint64_t later = 0;  // violations in events after it that have been played
  EventNumber first = 0;    // the event of the first violation; 0: none
  std::string not_judged;   // why this run could not judge it; empty: it could, or the run is not over
};
// Acknowledged writes that last-write-wins has discarded up to the shown moment. Each counts when a node prefers
// another write, or when its client is told that it is done: whichever is later.
std::uint64_t discards_so_far(const Branch& branch, const sim::World& world);

std::array<InvariantView, sim::kInvariants> invariants(const Branch& branch, const sim::World& world);

}  // namespace dkv::viz
