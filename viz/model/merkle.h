#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/core/merkle.h"
#include "sim/world/world.h"

namespace dkv::viz {

// Compares the primaries of a partition that are up.
enum class Agreement : std::uint8_t { kEmpty, kEqual, kDiffers, kAlone };  // kAlone: fewer than two are up
// Costs about 100 ns for each replica.
Agreement agreement(const sim::World& world, PartitionId partition);

// The trees of one partition, from each of its primaries that is up.
struct PartitionTrees {
  struct AtNode {
    NodeId node = kNoNode;
    std::array<std::uint64_t, MerkleTree::kLeaves> leaves{};
  };
  std::vector<AtNode> nodes;    // in the order of the primaries
  std::uint64_t differing = 0;  // bit i: leaf i is not the same at all of them
};
PartitionTrees partition_trees(const sim::World& world, PartitionId partition);

// A key whose states differ between these nodes.
struct DifferingKey {
  Key key;
  std::vector<std::uint64_t> digests;  // by PartitionTrees::nodes; 0: the node has never heard of the key
};
// The differing keys in the differing leaves, ascending; at most `most`.
std::vector<DifferingKey> differing_keys(const sim::World& world, PartitionId partition, const PartitionTrees& trees,
                                         std::size_t most);

}  // namespace dkv::viz
