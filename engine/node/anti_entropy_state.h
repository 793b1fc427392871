#pragma once

#include <cstdint>
#include <map>

#include "engine/core/types.h"

namespace dkv {

// The state that anti-entropy keeps between rounds.
struct AntiEntropy {
  NodeId last_peer = kNoNode;  // the peer of the last round
  std::uint64_t excerpts = 0;  // the number of key lists that were too long for one message
  // By peer: where the search for differing partitions continues, so that each has its turn however many differ.
  std::map<NodeId, PartitionId> next_partition;
  std::uint64_t lists = 0;  // the number of lists of keys that peers have sent
};

}  // namespace dkv
