#pragma once

#include "engine/node/node_state.h"
#include "engine/node/turn_env.h"

namespace dkv {

// Only a replica of the key mints dots: any other node hands the whole request to the first primary that it can reach,
// and passes the answer on.
void forward_request(const ClientRequest& request, const Origin& origin, NodeState& state, const TurnEnv& turn);

// No answer came: the outcome is unknown, with no acknowledgement known here.
void forward_due(OpId id, NodeState& state, const TurnEnv& turn);

}  // namespace dkv
