#pragma once

#include "engine/node/node_state.h"
#include "engine/node/turn_env.h"

namespace dkv {

// Anti-entropy between replicas: hash trees find what differs, and objects are merged both ways. Every step is
// idempotent and stateless, except for the turn of the peers, so that a lost message costs one round.

// Starts a round with the next reachable peer that shares partitions: sends the roots of all that both hold.
void anti_entropy_tick(NodeState& state, const TurnEnv& turn);

}  // namespace dkv
