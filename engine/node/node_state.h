#pragma once

#include <optional>

#include "engine/node/anti_entropy.h"
#include "engine/node/config.h"
#include "engine/node/eras.h"
#include "engine/node/fetches.h"
#include "engine/node/forward.h"
#include "engine/node/hints.h"
#include "engine/node/operations.h"
#include "engine/node/peers.h"
#include "engine/node/reaper.h"
#include "engine/node/replica.h"
#include "engine/node/turn_env.h"

namespace dkv {

// All that a node remembers between turns, part by part. The behaviours (write, read, forward, hint delivery,
// anti-entropy, reaping) are functions over it.
struct NodeState {
  explicit NodeState(const NodeConfig& config)
      : replica(config),
        peers(config),
        hints(config),
        operations(config.operations_max),
        anti_entropy(),
        seen_forwards(config),
        fetches(),
        eras(),
        reaper() {}

  Replica replica;
  Peers peers;
  HintTable hints;
  Operations operations;
  AntiEntropy anti_entropy;
  SeenForwards seen_forwards;
  Fetches fetches;
  Eras eras;
  Reaper reaper;
};

// On a state that leaves for a peer now; era: when its content was read from the store.
inline Stamp stamp_for(NodeId to, Era era, const NodeState& state) {
  return {.to_incarnation = state.peers.incarnation(to), .era = era};
}

// Answers whoever asked for an operation.
void answer(const Origin& origin, ClientReply reply, const TurnEnv& turn);
// Tells `peer` that its copy is stored once `append` is durable: at once if it is.
void acknowledge(AppendId append, NodeId peer, OpId op, NodeState& state, const TurnEnv& turn);
// An answer that nothing was done.
ClientReply refusal(Reason reason, const NodeConfig& config, std::uint8_t need);

}  // namespace dkv
