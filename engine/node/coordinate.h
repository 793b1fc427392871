#pragma once

#include "engine/node/node_state.h"
#include "engine/node/turn_env.h"

namespace dkv {

// A client's own request: this node coordinates it, or forwards it to a node that can. kNotReady while it starts.
void take_request(const ClientRequest& request, ClientToken token, bool serving, NodeState& state, const TurnEnv& turn);

// Another node's client asks: this node coordinates it, or refuses.
void coordinate_forwarded(const ClientRequest& request, const Origin& origin, NodeState& state, const TurnEnv& turn);

}  // namespace dkv
