#pragma once

#include "engine/node/node_state.h"
#include "engine/node/turn_env.h"

namespace dkv {

// Delivers this node's object of waiter.key to the waiter: now, or once its values are read.
void fetch_for(FetchWaiter waiter, NodeState& state, const TurnEnv& turn);
// At a start, reads the hint for waiter.peer.
void fetch_hint_for(FetchWaiter waiter, NodeState& state, const TurnEnv& turn);
void fetched(const StoreFetched& fetched, NodeState& state, const TurnEnv& turn);

// Called when the store has forgotten unreadable versions of a key. Asks the key's other primaries for theirs. A
// damaged hint is written again or erased.
void damage_found(const StoreDamaged& damaged, NodeState& state, const TurnEnv& turn);

}  // namespace dkv
