#pragma once

#include "engine/node/node_state.h"
#include "engine/node/turn_env.h"

namespace dkv {

// Reaping: a tombstone is forgotten by proof, never by the clock. See Reaper, and engine/node/eras.h.

// Whether a candidate waits for eras to pass.
bool reaper_waits(const Reaper& reaper) noexcept;
// A heartbeat told of an era that is not the next one: proofs are counted from there.
void eras_jumped(NodeState& state) noexcept;
// With each heartbeat, after the eras have been brought up to date: reaps what may go, asks for what may come next.
void reap_tick(NodeState& state, const TurnEnv& turn);
// The answer number `id` is true on the disk, too.
void tombstones_durable(OpId id, NodeId to, NodeState& state, const TurnEnv& turn);

}  // namespace dkv
