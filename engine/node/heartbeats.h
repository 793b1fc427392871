#pragma once

#include "engine/node/node_state.h"
#include "engine/node/turn_env.h"

namespace dkv {

// Tells every peer that this node lives, and in which era; notices peers that are silent for too long.
void send_heartbeats(NodeState& state, const TurnEnv& turn);

// The timer's work: the eras move on, tombstones are reaped, heartbeats leave, and values that are due expire.
void heartbeat_tick(NodeState& state, const TurnEnv& turn);

}  // namespace dkv
