#pragma once

#include "engine/node/node_state.h"
#include "engine/node/turn_env.h"

namespace dkv {

// Anti-entropy between replicas: Merkle trees find the keys that differ, and each side merges the other's objects.
// Every step is idempotent and remembers nothing of the round, so a lost message costs one round.

// Starts a round: sends the roots of the shared partitions to the next reachable peer that has any.
void anti_entropy_tick(NodeState& state, const TurnEnv& turn);

}  // namespace dkv
