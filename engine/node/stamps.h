#pragma once

#include "engine/core/assert.h"
#include "engine/node/node_state.h"
#include "engine/node/turn_env.h"

namespace dkv {

// The stamp of a state that leaves for a peer now; era: when its content was read from the store.
inline Stamp stamp_for(NodeId to, Era era, const NodeState& state) {
  DKV_ASSERT(era <= state.eras.current());  // a later era would let the state pass where it is too late
  return {.to_incarnation = state.peers.incarnation(to), .era = era};
}

// Whether a state arrives too late to be taken. The node stays silent then, as if the network had lost it.
bool too_late(const Stamp& stamp, NodeId from, const Key& key, const NodeState& state, const TurnEnv& turn);

}  // namespace dkv
