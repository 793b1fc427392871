#pragma once

#include "engine/node/node_state.h"
#include "engine/node/turn_env.h"

namespace dkv {

// Hinted handoff (DeCandia et al., "Dynamo", 2007, section 4.6).

// Stores a hint for put.hint_for, as a coordinator has asked. The acknowledgement is sent once the hint is durable. A
// full table or a full disk refuses at once.
void store_hint(const ReplicaPut& put, NodeId from, NodeState& state, const TurnEnv& turn);

// Erases a hint on the disk. Until the erasure is durable this node settles into no era.
void erase_stored_hint(NodeId owner, const Key& key, NodeState& state, const TurnEnv& turn);

// Expires old hints, and sends a bounded number of hints to each reachable owner.
void hints_tick(NodeState& state, const TurnEnv& turn);

// Takes the owner's answer. The hint is erased only if the owner has stored it durably, and if nothing was merged into
// it since it was sent.
void hint_acknowledged(OpId id, NodeId from, bool stored, NodeState& state, const TurnEnv& turn);

// Ends a delivery without an acknowledgement. A later turn sends the hint again.
void hint_due(OpId id, NodeState& state, const TurnEnv& turn);

}  // namespace dkv
