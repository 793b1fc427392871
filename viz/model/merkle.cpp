#include "viz/model/merkle.h"

#include <algorithm>
#include <map>

#include "viz/model/ring.h"

namespace dkv::viz {

std::vector<ReplicaPair> replica_pairs(const sim::World& world) {
  const Placement& placement = world.placement();
  std::map<std::pair<NodeId, NodeId>, ReplicaPair> pairs;
  for (PartitionId partition = 0; partition < placement.partitions(); ++partition) {
    std::vector<std::pair<NodeId, std::uint64_t>> roots;
    for (const NodeId node : placement.primaries(partition)) {
      if (const Node* const up = serving(world, node)) roots.emplace_back(node, up->store().tree(partition).root());
    }
    std::ranges::sort(roots);
    for (std::size_t i = 0; i < roots.size(); ++i) {
      for (std::size_t j = i + 1; j < roots.size(); ++j) {
        ReplicaPair& pair = pairs[{roots[i].first, roots[j].first}];
        pair.a = roots[i].first;
        pair.b = roots[j].first;
        ++pair.shared;
        if (roots[i].second != roots[j].second) pair.differing.push_back(partition);
      }
    }
  }
  std::vector<ReplicaPair> list;
  for (auto& [nodes, pair] : pairs) list.push_back(std::move(pair));
  return list;
}

PartitionTrees partition_trees(const sim::World& world, PartitionId partition) {
  PartitionTrees trees{.partition = partition, .nodes = {}};
  const PartitionTrees::AtNode* first = nullptr;
  trees.nodes.reserve(world.placement().replicas());
  for (const NodeId node : world.placement().primaries(partition)) {
    PartitionTrees::AtNode& at = trees.nodes.emplace_back(PartitionTrees::AtNode{.node = node});
    const Node* const up = serving(world, node);
    if (!up) continue;
    const MerkleTree& tree = up->store().tree(partition);
    at.known = true;
    at.root = tree.root();
    at.leaves = tree.leaves();
    if (!first) first = &at;
    for (std::size_t leaf = 0; leaf < at.leaves.size(); ++leaf) {
      if (at.leaves[leaf] != first->leaves[leaf]) trees.differing |= std::uint64_t{1} << leaf;
    }
  }
  return trees;
}

std::vector<Key> differing_keys(const sim::World& world, PartitionId partition, NodeId a, NodeId b, std::size_t most) {
  std::vector<Key> keys;
  const Node* const one = serving(world, a);
  const Node* const two = serving(world, b);
  if (!one || !two) return keys;
  std::uint64_t mask = 0;
  for (std::uint32_t leaf = 0; leaf < MerkleTree::kLeaves; ++leaf) {
    const bool same = one->store().tree(partition).leaves()[leaf] == two->store().tree(partition).leaves()[leaf];
    if (!same) mask |= std::uint64_t{1} << leaf;
  }
  std::vector<Key> all = one->store().keys(partition, mask);
  for (Key& key : two->store().keys(partition, mask)) all.push_back(std::move(key));
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  for (const Key& key : all) {
    if (keys.size() >= most) break;
    if (!equal(one->store().find(key), two->store().find(key))) keys.push_back(key);
  }
  return keys;
}

}  // namespace dkv::viz
