#pragma once

#include "engine/node/node_state.h"
#include "engine/node/turn_env.h"

namespace dkv {

// Reaping: a tombstone is forgotten by proof, never by the clock. See Reaper, and engine/node/eras.h.

// Whether a candidate waits for eras to pass.
bool reaper_waits(const Reaper& reaper) noexcept;
// Called when a heartbeat names an era beyond the next one. Proofs count from the new era then.
void eras_jumped(NodeState& state) noexcept;
// Called with each heartbeat, after the eras are up to date. Reaps the tombstones whose proof is complete, and asks the
// other primaries about further ones.
void reap_tick(NodeState& state, const TurnEnv& turn);
// Sends answer number `id`, whose tombstones are durable now.
void tombstones_durable(OpId id, NodeId to, NodeState& state, const TurnEnv& turn);

}  // namespace dkv
