#pragma once

#include "engine/node/node_state.h"
#include "engine/node/turn_env.h"

namespace dkv {

// Reaping: a tombstone, or an entry of a clock, is forgotten by proof, never by the clock on the wall. See Reaper, and
// engine/node/eras.h.

// Whether a candidate waits for eras to pass.
bool reaper_waits(const Reaper& reaper) noexcept;
// Called when a heartbeat names an era beyond the next one. Proofs count from the new era then.
void eras_jumped(NodeState& state) noexcept;
// Called with each heartbeat, after the eras are up to date. Forgets what has a complete proof, and asks the other
// primaries about further keys.
void reap_tick(NodeState& state, const TurnEnv& turn);
// This node has lost versions of the key. Proofs that rely on its state begin again, here and at its peers.
void proofs_broken(const Key& key, NodeState& state);
// Sends answer number `id`, whose states are durable now.
void reap_answer_durable(OpId id, NodeId to, NodeState& state, const TurnEnv& turn);

}  // namespace dkv
