#pragma once

#include "engine/node/node_state.h"
#include "engine/node/turn_env.h"

namespace dkv {

// Hands the object that waiter.key holds here to the waiter: now, or when its values have been read.
void fetch_for(FetchWaiter waiter, NodeState& state, const TurnEnv& turn);
// Reads the hint for waiter.peer, at a start.
void fetch_hint_for(FetchWaiter waiter, NodeState& state, const TurnEnv& turn);
void fetched(const StoreFetched& fetched, NodeState& state, const TurnEnv& turn);

// The store has forgotten versions that it can't read: the key's other primaries are asked for theirs.
void damage_found(const StoreDamaged& damaged, NodeState& state, const TurnEnv& turn);

}  // namespace dkv
