#pragma once

#include "engine/node/node_state.h"
#include "engine/node/turn_env.h"

namespace dkv {

// Hinted handoff (DeCandia et al., "Dynamo", 2007, section 4.6).

// A coordinator asks this node to stand in for put.hint_for. The acknowledgement leaves when the hint is durable;
// a full table refuses at once.
void store_hint(const ReplicaPut& put, NodeId from, NodeState& state, const TurnEnv& turn);

// Erases a hint on the disk. Until the erasure is durable this node settles into no era.
void erase_stored_hint(NodeId owner, const Key& key, NodeState& state, const TurnEnv& turn);

// Expires what is too old, and sends a bounded number of hints to each owner that can be reached.
void hints_tick(NodeState& state, const TurnEnv& turn);

// The owner has the hint durably: only now may it go, and only if nothing was merged into it since it was sent.
void hint_acknowledged(OpId id, NodeId from, bool stored, NodeState& state, const TurnEnv& turn);

// No acknowledgement came: the hint is sent again in a later turn.
void hint_due(OpId id, NodeState& state, const TurnEnv& turn);

}  // namespace dkv
