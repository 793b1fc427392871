#pragma once

#include "engine/node/node_state.h"
#include "engine/node/turn_env.h"

namespace dkv {

// Only a primary of the key mints dots. Any other node hands the whole request to the first reachable primary. When
// that one refuses it, so that it is certainly not done there, the next one gets it.
void forward_request(const ClientRequest& request, const Origin& origin, NodeState& state, const TurnEnv& turn);

// When the coordinator is late, prefers others for later requests. At the time-out, ends the forward: the outcome is
// unknown.
void forward_due(OpId id, NodeState& state, const TurnEnv& turn);

}  // namespace dkv
