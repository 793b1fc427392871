#pragma once

#include "engine/node/node_state.h"
#include "engine/node/turn_env.h"

namespace dkv {

// Coordinates a put or delete of a key of which this node is a primary. It mints a dot, stores the write, sends it to
// the other primaries at once, and replies after W durable acknowledgements. It may refuse only before the mint. After
// the mint the outcome is done or unknown.
void start_write(const ClientRequest& request, const Origin& origin, NodeState& state, const TurnEnv& turn);

// Takes the answer of a replica or of this node's own disk. stored: the write is durable there.
void write_acknowledged(OpId id, NodeId from, bool stored, NodeState& state, const TurnEnv& turn);

// Called when this node's own copy of the write is durable.
void own_copy_durable(OpId id, NodeState& state, const TurnEnv& turn);

// Handles the operation's deadlines: the first gives silent primaries stand-ins, and the last ends the write.
void write_due(OpId id, NodeState& state, const TurnEnv& turn);

}  // namespace dkv
