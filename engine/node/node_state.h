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

// A node's state, part by part. The behaviours (write, read, forward, hint delivery, sync) are functions over it.
struct Parts {
  explicit Parts(const NodeConfig& config)
      : replica(config),
        peers(config),
        hints(config),
        operations(config.operations_max),
        sync(),
        seen_forwards(config),
        fetches(),
        eras(),
        reaper() {}

  Replica replica;
  Peers peers;
  HintTable hints;
  Operations operations;
  Sync sync;
  SeenForwards seen_forwards;
  Fetches fetches;
  Eras eras;
  Reaper reaper;
};

// On a state that leaves for a peer now; era: when its content was read from the store.
inline Stamp stamp_for(NodeId to, Era era, const Parts& parts) {
  return {.to_incarnation = parts.peers.incarnation(to), .era = era};
}

// Answers whoever asked for an operation.
void answer(const Origin& origin, ClientReply reply, const Turn& turn);
// Tells `peer` that its copy is stored once `append` is durable: at once if it is.
void acknowledge(AppendId append, NodeId peer, OpId op, Parts& parts, const Turn& turn);
// An answer that nothing was done.
ClientReply refusal(Reason reason, const NodeConfig& config, std::uint8_t need);

}  // namespace dkv
