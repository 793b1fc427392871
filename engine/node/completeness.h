#pragma once

#include <set>
#include <utility>

#include "engine/core/types.h"
#include "engine/node/turn_env.h"
#include "engine/protocol/messages.h"

namespace dkv {

struct NodeState;

// Whether this node can say that a key does not exist. It can't while its disk may lack a write that it has
// acknowledged: after the disk was replaced or has lost records, until the other replicas have filled it. Meanwhile its
// answer for a key that it does not hold is "don't know", which counts for no quorum. What it holds counts as always.
// The identity on the disk says so, and so it outlives a restart.
struct Completeness {
  bool incomplete = false;
  // This life began on a disk without any object. A peer may know an earlier life, and then the disk was replaced.
  bool new_disk = false;
  // new_disk, and not every peer has said yet that the whole cluster is new. One that is silent may hold its writes.
  bool undecided = false;
  std::set<NodeId> new_to;  // the peers that began with an empty disk, too, and have heard no earlier life of this node
  // While incomplete: the shared partitions that were not yet seen to hold nothing more at the peer.
  std::set<std::pair<NodeId, PartitionId>> open;
  bool began = false;  // the disk has been read

  bool knows() const noexcept { return !incomplete && !undecided; }
};

// Called when the disk has been read. recorded: the last identity said incomplete. damaged: records are missing.
void begin_completeness(bool recorded, bool damaged, NodeState& state, const TurnEnv& turn);

// Versions are lost, so all partitions must be compared again. It may be called before the disk has been read.
void states_lost(NodeState& state, const TurnEnv& turn);

// A heartbeat that names this life.
void heard_of_disk(NodeId from, const Heartbeat& beat, NodeState& state, const TurnEnv& turn);

// This node holds every key of the partition that the peer holds.
void compared(NodeId peer, PartitionId partition, NodeState& state, const TurnEnv& turn);

}  // namespace dkv
