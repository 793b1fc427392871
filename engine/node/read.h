#pragma once

#include "engine/node/node_state.h"
#include "engine/node/turn_env.h"

namespace dkv {

// Coordinates a get: asks the key's replicas (or those that stand in for them), answers with the merged siblings at R
// answers, and repairs the replicas that turned out to hold an older state once the stragglers are in.
// "Not found" from a fallback never counts: it may just not have been given the hint.
void start_read(const ClientRequest& request, const Origin& origin, NodeState& state, const TurnEnv& turn);

// A node that was asked, or this node's own store, answers.
void read_answered(OpId id, NodeId from, ObjectPtr object, NodeState& state, const TurnEnv& turn);

// The operation's deadline.
void read_due(OpId id, NodeState& state, const TurnEnv& turn);

}  // namespace dkv
