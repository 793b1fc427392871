#pragma once

#include "engine/core/assert.h"
#include "engine/node/node_state.h"
#include "engine/node/turn_env.h"

namespace dkv {

// The stamp of a state that is sent to a peer now. era: the era of its content.
inline Stamp stamp_for(NodeId to, Era era, const NodeState& state) {
  DKV_ASSERT(era <= state.eras.current());  // a later era would hide the age of the state
  return {.to_incarnation = state.peers.incarnation(to), .era = era};
}

// Whether a state arrives too late to be taken. The node then gives no answer, as if the network had lost it.
bool too_late(const Stamp& stamp, NodeId from, const Key& key, const NodeState& state, const TurnEnv& turn);

}  // namespace dkv
