#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/core/merkle.h"
#include "sim/world.h"

namespace dkv::viz {

// Two replicas that are up, and the partitions that both hold.
struct ReplicaPair {
  NodeId a = kNoNode;
  NodeId b = kNoNode;
  std::uint32_t shared = 0;
  std::vector<PartitionId> differing;  // whose roots differ, ascending
};
// a < b; pairs that share nothing are left out. Costs about 100 ns for each replica of each partition.
std::vector<ReplicaPair> replica_pairs(const sim::World& world);

// The tree of one partition at each of its primaries.
struct PartitionTrees {
  struct AtNode {
    NodeId node = kNoNode;
    bool known = false;  // the process is up
    std::uint64_t root = 0;
    std::array<std::uint64_t, MerkleTree::kLeaves> leaves{};
  };
  PartitionId partition = 0;
  std::vector<AtNode> nodes;    // in the order of the primaries
  std::uint64_t differing = 0;  // bit i: leaf i is not the same at all that are known
};
PartitionTrees partition_trees(const sim::World& world, PartitionId partition);

// The keys in the leaves of the mask that the two hold differently, ascending; at most `most`.
std::vector<Key> differing_keys(const sim::World& world, PartitionId partition, NodeId a, NodeId b, std::size_t most);

}  // namespace dkv::viz
