#pragma once

#include "engine/node/node_state.h"
#include "engine/node/turn_env.h"

namespace dkv {

// Takes a client's request: this node coordinates it, or forwards it to a node that can. serving: false while the node
// starts, and then the request is refused with kNotReady.
void take_request(const ClientRequest& request, ClientToken token, bool serving, NodeState& state, const TurnEnv& turn);

// Takes a request that another node has forwarded: this node coordinates or refuses it.
void coordinate_forwarded(const ClientRequest& request, const Origin& origin, NodeState& state, const TurnEnv& turn);

}  // namespace dkv
