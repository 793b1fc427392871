#pragma once

#include "engine/node/node_state.h"
#include "engine/node/turn_env.h"

namespace dkv {

// Only a primary of the key mints dots. Any other node hands the whole request to the first reachable primary. When its
// connection ends, the next one gets the same request under the same id. The first coordinator that is done answers the
// client.
void forward_request(const ClientRequest& request, const Origin& origin, NodeState& state, const TurnEnv& turn);

// Ends a forward at its time-out. The outcome is unknown.
void forward_due(OpId id, NodeState& state, const TurnEnv& turn);

// The connection to the peer has ended, so requests that wait for it go to the next primary. They may have arrived.
void forwards_lost(NodeId peer, NodeState& state, const TurnEnv& turn);

}  // namespace dkv
