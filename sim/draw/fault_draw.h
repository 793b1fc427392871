#pragma once

#include <vector>

#include "engine/core/types.h"
#include "sim/faults/fault.h"
#include "sim/kernel/rng.h"
#include "sim/scenario/scenario.h"

namespace dkv::sim {

// One random fault of the kind, from at_ns to until_ns: which nodes, which shape, how strong. Mostly one entry; a ring
// of majorities and a flapping partition take several, the latter one after the other. Empty where the cluster has no
// room for the kind (a partition of one node, a link of no topology). All entries are marked as random.
//
// Shapes of partitions: two sides of random size, one node alone, two sides with a bridge between them, a single pair
// that can't talk, a ring in which each node sees a majority and no two the same one, and flapping ones.
std::vector<Fault> draw_fault(const Scenario& scenario, FaultKind kind, TimeNs at_ns, TimeNs until_ns, Stream random);

}  // namespace dkv::sim
