#include "viz/model/merkle.h"

#include <algorithm>

#include "viz/model/ring.h"

namespace dkv::viz {

Agreement agreement(const sim::World& world, PartitionId partition) {
  std::uint64_t first = 0;
  std::size_t up = 0;
  bool same = true;
  for (const NodeId node : world.placement().primaries(partition)) {
    const Node* const process = serving(world, node);
    if (!process) continue;
    const std::uint64_t root = process->store().tree(partition).root();
    if (up++ == 0) first = root;
    same = same && root == first;
  }
  if (up < 2) return Agreement::kAlone;
  if (!same) return Agreement::kDiffers;
  return first == 0 ? Agreement::kEmpty : Agreement::kEqual;
}

PartitionTrees partition_trees(const sim::World& world, PartitionId partition) {
  PartitionTrees trees;
  for (const NodeId node : world.placement().primaries(partition)) {
    const Node* const process = serving(world, node);
    if (!process) continue;
    trees.nodes.push_back({.node = node, .leaves = process->store().tree(partition).leaves()});
    const auto &first = trees.nodes.front().leaves, &mine = trees.nodes.back().leaves;
    for (std::size_t leaf = 0; leaf < mine.size(); ++leaf) {
      if (mine[leaf] != first[leaf]) trees.differing |= std::uint64_t{1} << leaf;
    }
  }
  return trees;
}

std::vector<DifferingKey> differing_keys(const sim::World& world, PartitionId partition, const PartitionTrees& trees,
                                         std::size_t most) {
  std::vector<Key> candidates;
  for (const PartitionTrees::AtNode& at : trees.nodes) {
    for (Key& key : serving(world, at.node)->store().keys(partition, trees.differing))
      candidates.push_back(std::move(key));
  }
  std::ranges::sort(candidates);
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  std::vector<DifferingKey> keys;
  for (Key& key : candidates) {
    if (keys.size() >= most) break;
    std::vector<std::uint64_t> digests;
    for (const PartitionTrees::AtNode& at : trees.nodes) {
      const ObjectPtr object = serving(world, at.node)->store().peek(key);
      digests.push_back(object ? object->digest() : 0);
    }
    const bool differs = std::ranges::any_of(digests, [&](std::uint64_t one) { return one != digests.front(); });
    if (differs) keys.push_back({std::move(key), std::move(digests)});
  }
  return keys;
}

}  // namespace dkv::viz
