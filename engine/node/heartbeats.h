#pragma once

#include "engine/node/node_state.h"
#include "engine/node/turn_env.h"

namespace dkv {

// Tells every peer that this node lives, and its era. Notices peers that have been silent for too long.
void send_heartbeats(NodeState& state, const TurnEnv& turn);

// Handles the heartbeat timer: advances the eras, reaps tombstones, sends heartbeats, and expires values.
void heartbeat_tick(NodeState& state, const TurnEnv& turn);

}  // namespace dkv
