#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/world/world.h"
#include "viz/model/branch.h"

namespace dkv::viz {

// One invariant, as the branch was judged so far.
struct InvariantView {
  sim::Invariant invariant = sim::Invariant::kNoLostWrite;
  bool expected = false;    // the scenario announces that it will be broken
  std::uint64_t found = 0;  // up to the moment that is shown
  std::uint64_t later = 0;  // in what has been played beyond
  EventNumber first = 0;    // the event of the first; 0: none
  std::string not_judged;   // why this run could not judge it; empty: it could, or is not over
};
std::array<InvariantView, sim::kInvariants> invariants(const Branch& branch, const sim::World& world);

}  // namespace dkv::viz
