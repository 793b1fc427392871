#include "engine/storage/memory_store.h"

#include <algorithm>

#include "engine/core/assert.h"
#include "engine/core/placement.h"

namespace dkv {

MemoryStore::MemoryStore(std::uint32_t partitions, std::uint64_t hash_salt)
    : partition_count_(partitions), slots_(partitions, kNoSlot), objects_(0, KeyHash{hash_salt}) {}

const ObjectPtr& MemoryStore::find(const Key& key) const {
  static const ObjectPtr kNone;
  const auto found = objects_.find(key);
  return found == objects_.end() ? kNone : found->second;
}

MemoryStore::Partition& MemoryStore::partition(PartitionId id) {
  if (slots_[id] == kNoSlot) {
    slots_[id] = static_cast<std::uint32_t>(partitions_.size());
    partitions_.emplace_back();
  }
  return partitions_[slots_[id]];
}

void MemoryStore::set(const Key& key, ObjectPtr object) {
  DKV_ASSERT(object);
  Partition& home = partition(partition_of(key.hash(), partition_count_));
  const std::uint64_t new_digest = object->digest();
  value_bytes_ += object->value_bytes();
  std::uint64_t old_digest = 0;
  const auto [place, inserted] = objects_.try_emplace(key);
  if (inserted) {
    home.keys.push_back(key);
  } else {
    old_digest = place->second->digest();
    value_bytes_ -= place->second->value_bytes();
  }
  place->second = std::move(object);
  home.tree.update(MerkleTree::leaf_of(key.hash(), partition_count_), key.hash(), old_digest, new_digest);
}

void MemoryStore::erase(const Key& key) {
  const auto found = objects_.find(key);
  if (found == objects_.end()) return;
  Partition& home = partition(partition_of(key.hash(), partition_count_));
  home.tree.update(MerkleTree::leaf_of(key.hash(), partition_count_), key.hash(), found->second->digest(), 0);
  value_bytes_ -= found->second->value_bytes();
  std::erase(home.keys, key);
  objects_.erase(found);
}

const MerkleTree& MemoryStore::tree(PartitionId partition) const noexcept {
  static const MerkleTree kEmpty;
  return slots_[partition] == kNoSlot ? kEmpty : partitions_[slots_[partition]].tree;
}

std::vector<Key> MemoryStore::keys(PartitionId partition, std::uint64_t leaf_mask) const {
  std::vector<Key> found;
  if (slots_[partition] == kNoSlot) return found;
  for (const Key& key : partitions_[slots_[partition]].keys) {
    if (leaf_mask >> MerkleTree::leaf_of(key.hash(), partition_count_) & 1) found.push_back(key);
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace dkv
