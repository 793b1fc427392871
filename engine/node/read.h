#pragma once

#include "engine/node/node_state.h"
#include "engine/node/turn_env.h"

namespace dkv {

// Coordinates a get. It asks the key's primaries or their stand-ins, and replies with the merged siblings after R
// answers. Once all have answered or the deadline has come, it repairs the primaries that hold an older state.
// "Not found" counts only from a primary that can say so: a fallback may have got no hint, and the disk of a primary
// may have lost the key, see completeness.h.
void start_read(const ClientRequest& request, const Origin& origin, NodeState& state, const TurnEnv& turn);

// Takes the answer of another node or of this node. unknown: `object` is null, and the node can't say that there is
// none.
void read_answered(OpId id, NodeId from, ObjectPtr object, bool unknown, NodeState& state, const TurnEnv& turn);

// This node's own copy was read, for its own read or for a peer's. Null: there is none.
void own_copy_read(OpId id, ObjectPtr object, NodeState& state, const TurnEnv& turn);
void send_copy_read(NodeId to, OpId op, ObjectPtr object, const NodeState& state, const TurnEnv& turn);

// The peer has begun a new life. Reads that have replied wait no longer for its earlier one.
void reads_lose(NodeId peer, NodeState& state, const TurnEnv& turn);

// Handles the operation's deadline.
void read_due(OpId id, NodeState& state, const TurnEnv& turn);

}  // namespace dkv
