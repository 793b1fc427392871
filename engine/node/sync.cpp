#include "engine/node/sync.h"

#include <algorithm>

#include "engine/node/parts.h"

namespace dkv {
namespace {

// One answer carries at most this much, so that a frame stays far below its limit; the rest waits for the next round.
constexpr std::uint64_t kSyncBytesMax = 8u << 20;

bool shared(const Placement& placement, PartitionId partition, NodeId peer) {
  return placement.is_primary(partition, peer);
}

bool shares_any(const Placement& placement, NodeId self, NodeId peer) {
  return std::ranges::any_of(placement.partitions_of(self),
                             [&](PartitionId partition) { return shared(placement, partition, peer); });
}

// The next member after last that can be reached and shares a partition, going round by id.
NodeId next_peer(NodeId last, const Parts& parts, const Turn& turn) {
  const Placement& placement = *turn.config.placement;
  const auto members = placement.members();
  std::size_t start = 0;
  while (start < members.size() && last != kNoNode && members[start].id <= last) ++start;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const NodeId peer = members[(start + i) % members.size()].id;
    if (peer != turn.config.id && parts.peers.reachable(peer) && shares_any(placement, turn.config.id, peer)) {
      return peer;
    }
  }
  return kNoNode;
}

bool valid_partition(const Turn& turn, PartitionId partition, NodeId peer) {
  const Placement& placement = *turn.config.placement;
  return partition < placement.partitions() && placement.is_primary(partition, turn.config.id) &&
         placement.is_primary(partition, peer);
}

// Collects objects for one answer under the limits.
class Answer {
 public:
  bool room() const {
    return message_.objects.size() < kSyncObjectsMax && message_.wanted.size() < kSyncObjectsMax &&
           bytes_ < kSyncBytesMax;
  }
  void give(const Key& key, ObjectPtr object, NodeId to, const Turn& turn) {
    bytes_ += object->value_bytes() + key.encoded().size() + 128;
    turn.observe(Observed::kSyncRepaired, to, key);
    message_.objects.push_back({key, std::move(object)});
  }
  void want(const Key& key) { message_.wanted.push_back(key); }
  void send(NodeId to, const Turn& turn) {
    if (!message_.objects.empty() || !message_.wanted.empty()) turn.out.send(to, std::move(message_));
  }

 private:
  SyncObjects message_;
  std::uint64_t bytes_ = 0;
};

}  // namespace

void sync_tick(Parts& parts, const Turn& turn) {
  const Placement& placement = *turn.config.placement;
  const NodeId peer = next_peer(parts.sync.last_peer, parts, turn);
  if (peer == kNoNode) return;
  parts.sync.last_peer = peer;
  turn.observe(Observed::kSyncStarted, peer);
  SyncRoots message;
  for (const PartitionId partition : placement.partitions_of(turn.config.id)) {
    if (!shared(placement, partition, peer)) continue;
    const std::uint64_t root = parts.replica.store().tree(partition).root();
    if (root != 0) message.roots.push_back({partition, root});
  }
  turn.out.send(peer, std::move(message));
}

void sync_roots(const SyncRoots& roots, NodeId from, Parts& parts, const Turn& turn) {
  const Placement& placement = *turn.config.placement;
  SyncLeaves answer;
  auto theirs = roots.roots.begin();
  for (const PartitionId partition : placement.partitions_of(turn.config.id)) {
    if (!shared(placement, partition, from)) continue;
    while (theirs != roots.roots.end() && theirs->partition < partition) ++theirs;
    const bool listed = theirs != roots.roots.end() && theirs->partition == partition;
    const MerkleTree& tree = parts.replica.store().tree(partition);
    if (tree.root() == (listed ? theirs->hash : 0)) continue;
    turn.observe(Observed::kSyncDiffered, from, {}, partition);
    answer.partitions.push_back({partition, {tree.leaves().begin(), tree.leaves().end()}});
    if (answer.partitions.size() >= turn.config.sync_partitions_max) break;
  }
  if (!answer.partitions.empty()) turn.out.send(from, std::move(answer));
}

void sync_leaves(const SyncLeaves& leaves, NodeId from, Parts& parts, const Turn& turn) {
  for (const SyncLeaves::Leaves& theirs : leaves.partitions) {
    if (!valid_partition(turn, theirs.partition, from) || theirs.hashes.size() != MerkleTree::kLeaves) continue;
    const MerkleTree& tree = parts.replica.store().tree(theirs.partition);
    SyncKeys message{.partition = theirs.partition};
    for (std::uint32_t leaf = 0; leaf < MerkleTree::kLeaves; ++leaf) {
      if (tree.leaves()[leaf] == theirs.hashes[leaf]) continue;
      const std::vector<Key> keys = parts.replica.store().keys(theirs.partition, std::uint64_t{1} << leaf);
      // A leaf is listed in full or not at all: an absent key must mean "not held".
      if (message.leaf_mask != 0 && message.entries.size() + keys.size() > kSyncKeysMax) break;
      message.leaf_mask |= std::uint64_t{1} << leaf;
      for (const Key& key : keys) message.entries.push_back({key, parts.replica.store().find(key)->digest()});
    }
    if (message.leaf_mask != 0) turn.out.send(from, std::move(message));
  }
}

void sync_keys(const SyncKeys& keys, NodeId from, Parts& parts, const Turn& turn) {
  if (!valid_partition(turn, keys.partition, from)) return;
  Answer answer;
  auto theirs = keys.entries.begin();
  const auto want_before = [&](const Key* mine) {
    for (; theirs != keys.entries.end() && (!mine || theirs->key < *mine); ++theirs) {
      if (answer.room()) answer.want(theirs->key);
    }
  };
  for (const Key& mine : parts.replica.store().keys(keys.partition, keys.leaf_mask)) {
    want_before(&mine);
    const ObjectPtr object = parts.replica.store().find(mine);
    const bool listed = theirs != keys.entries.end() && theirs->key == mine;
    if (listed && theirs->digest == object->digest()) {
      ++theirs;
      continue;
    }
    if (!answer.room()) break;
    answer.give(mine, object, from, turn);
    if (listed) {
      answer.want(mine);
      ++theirs;
    }
  }
  want_before(nullptr);
  answer.send(from, turn);
}

void sync_objects(const SyncObjects& objects, NodeId from, Parts& parts, const Turn& turn) {
  const Placement& placement = *turn.config.placement;
  for (const SyncObjects::Entry& entry : objects.objects) {
    if (!placement.is_primary(placement.partition(entry.key.hash()), turn.config.id)) continue;
    parts.replica.merge_in(entry.key, entry.object, turn);
  }
  Answer answer;
  for (const Key& key : objects.wanted) {
    const ObjectPtr object = parts.replica.store().find(key);
    if (object && answer.room()) answer.give(key, object, from, turn);
  }
  answer.send(from, turn);
}

}  // namespace dkv
