#pragma once

#include "engine/node/node_state.h"
#include "engine/node/turn_env.h"

namespace dkv {

// Coordinates a put or delete of a key of which this node is a primary: mint, store, send to the others at once, answer
// at W durable acknowledgements. Refuses before the mint, or answers done or unknown after it.
void start_write(const ClientRequest& request, const Origin& origin, NodeState& state, const TurnEnv& turn);

// A replica (or this node's own disk) has made the write durable, or could not.
void write_acknowledged(OpId id, NodeId from, bool stored, NodeState& state, const TurnEnv& turn);

// This node's own copy of the write is durable.
void own_copy_durable(OpId id, NodeState& state, const TurnEnv& turn);

// The operation's deadline: first for stand-ins of silent primaries, then for the whole.
void write_due(OpId id, NodeState& state, const TurnEnv& turn);

}  // namespace dkv
