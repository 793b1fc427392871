#pragma once

#include <vector>

#include "engine/core/types.h"
#include "sim/faults/fault.h"
#include "sim/kernel/rng.h"
#include "sim/scenario/scenario.h"

namespace dkv::sim {

// Draws one fault of the kind, from at_ns to until_ns: its nodes, shape and strength. The result usually has one
// entry. A ring of majorities has several, and a flapping partition has several in sequence. It is empty when the
// cluster has no room for the kind (a partition of one node, a link without a topology). All entries are marked as
// random.
//
// Shapes of partitions: two sides of random size; one node alone; two sides with a bridge between them; a single pair
// that cannot talk; a ring in which each node sees a majority and no two see the same one; flapping ones.
std::vector<Fault> draw_fault(const Scenario& scenario, FaultKind kind, TimeNs at_ns, TimeNs until_ns, Stream random);

}  // namespace dkv::sim
