#pragma once

#include "engine/node/anti_entropy_state.h"
#include "engine/node/clocks.h"
#include "engine/node/completeness.h"
#include "engine/node/config.h"
#include "engine/node/eras.h"
#include "engine/node/fetch_waiters.h"
#include "engine/node/hints.h"
#include "engine/node/operations.h"
#include "engine/node/peers.h"
#include "engine/node/reaper_state.h"
#include "engine/node/replica.h"
#include "engine/node/seen_forwards.h"

namespace dkv {

// All that a node remembers between turns, part by part. The behaviours (write, read, forward, hint delivery,
// anti-entropy, reaping) are functions over it.
struct NodeState {
  explicit NodeState(const NodeConfig& config)
      : replica(config),
        peers(config),
        clocks(config),
        hints(config),
        operations(config.operations_max),
        anti_entropy(),
        completeness(),
        seen_forwards(config),
        fetches(),
        eras(),
        reaper() {}

  Replica replica;
  Peers peers;
  Clocks clocks;
  HintTable hints;
  Operations operations;
  AntiEntropy anti_entropy;
  Completeness completeness;
  SeenForwards seen_forwards;
  Fetches fetches;
  Eras eras;
  Reaper reaper;
  Incarnation later_life = 0;  // of this node, as a peer has reported; 0: no peer knows a later life
};

}  // namespace dkv
