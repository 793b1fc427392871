#pragma once

#include "engine/node/node_state.h"
#include "engine/node/turn_env.h"

namespace dkv {

// Only a primary of the key mints dots. Any other node hands the whole request to the first reachable primary, and
// passes the answer back.
void forward_request(const ClientRequest& request, const Origin& origin, NodeState& state, const TurnEnv& turn);

// Ends a forward without an answer: the outcome is unknown, and no acknowledgement is known here.
void forward_due(OpId id, NodeState& state, const TurnEnv& turn);

}  // namespace dkv
