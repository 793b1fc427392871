#include "engine/storage/index.h"

#include <algorithm>

#include "engine/core/assert.h"
#include "engine/core/placement.h"

namespace dkv {

Index::Index(std::uint32_t partitions, std::uint64_t hash_salt)
    : partition_count_(partitions), hash_salt_(hash_salt), slots_(partitions, kNoSlot) {}

const Index::Partition* Index::partition_of_key(const Key& key) const noexcept {
  const std::uint32_t slot = slots_[partition_of(key.hash(), partition_count_)];
  return slot == kNoSlot ? nullptr : &partitions_[slot];
}

const EntryPtr* Index::find_object(const Key& key) const {
  const Partition* partition = partition_of_key(key);
  if (!partition) return nullptr;
  const auto found = partition->entries.find(key);
  return found == partition->entries.end() ? nullptr : &*found;
}

EntryPtr Index::find(const record::Name& name) const {
  if (name.space == KeySpace::kObjects) {
    const EntryPtr* found = find_object(name.key);
    return found ? *found : EntryPtr();
  }
  const auto found = others_.find(name);
  return found == others_.end() ? EntryPtr() : found->second;
}

EntryPtr Index::set(const record::Name& name, EntryPtr entry) {
  DKV_ASSERT(entry);
  entry_bytes_ += entry.bytes();
  EntryPtr before;
  if (name.space != KeySpace::kObjects) {
    before = std::exchange(others_[name], std::move(entry));
  } else {
    std::uint32_t& slot = slots_[partition_of(name.key.hash(), partition_count_)];
    if (slot == kNoSlot) {
      slot = static_cast<std::uint32_t>(partitions_.size());
      partitions_.emplace_back(hash_salt_).entries.reserve(expected_ / partition_count_);
    }
    // By the name, whose hash is known. The same key keeps its place in the table.
    auto& entries = partitions_[slot].entries;
    if (const auto place = entries.find(name.key); place != entries.end()) {
      before = std::exchange(const_cast<EntryPtr&>(*place), std::move(entry));
    } else {
      entries.insert(std::move(entry));
      ++object_count_;
    }
  }
  if (before) entry_bytes_ -= before.bytes();
  return before;
}

EntryPtr Index::remove(const record::Name& name) {
  EntryPtr before = find(name);
  if (!before) return before;
  entry_bytes_ -= before.bytes();
  if (name.space != KeySpace::kObjects) {
    others_.erase(name);
  } else {
    partitions_[slots_[partition_of(name.key.hash(), partition_count_)]].entries.erase(before);
    --object_count_;
  }
  return before;
}

void Index::fit() {
  expected_ = 0;
  for (Partition& partition : partitions_) {
    // A table that grows by itself has at least three eighths of its places taken.
    if (partition.entries.size() * 8 < partition.entries.bucket_count() * 3) partition.entries.rehash(0);
  }
}

std::vector<Key> Index::keys(PartitionId partition, std::uint64_t leaf_mask) const {
  std::vector<Key> found;
  if (slots_[partition] == kNoSlot) return found;
  for (const EntryPtr& entry : partitions_[slots_[partition]].entries) {
    if (entry.erased()) continue;
    if ((leaf_mask >> MerkleTree::leaf_of(entry.key_hash(), partition_count_) & 1) == 0) continue;
    found.push_back(*Key::decode(entry.key()));
  }
  std::ranges::sort(found);
  return found;
}

const MerkleTree& Index::tree(PartitionId partition) const {
  static const MerkleTree kEmpty;
  if (slots_[partition] == kNoSlot) return kEmpty;
  const Partition& home = partitions_[slots_[partition]];
  if (home.tree_kept) return home.tree;
  for (const EntryPtr& entry : home.entries) {
    if (entry.erased()) continue;
    const std::uint64_t hash = entry.key_hash();
    home.tree.update(MerkleTree::leaf_of(hash, partition_count_), hash, 0, state(entry).object()->digest());
  }
  home.tree_kept = true;
  return home.tree;
}

bool Index::tree_is_kept(const Key& key) const noexcept {
  const Partition* partition = partition_of_key(key);
  return partition && partition->tree_kept;
}

void Index::update_tree(const Key& key, std::uint64_t old_digest, std::uint64_t new_digest) {
  if (!tree_is_kept(key)) return;
  partitions_[slots_[partition_of(key.hash(), partition_count_)]].tree.update(
      MerkleTree::leaf_of(key.hash(), partition_count_), key.hash(), old_digest, new_digest);
}

std::uint64_t Index::bytes() const noexcept {
  std::uint64_t bytes = entry_bytes_;
  // Beside the slots a table has a byte for each, and a little more.
  for (const Partition& partition : partitions_) bytes += partition.entries.bucket_count() * (sizeof(EntryPtr) + 1);
  return bytes;
}

}  // namespace dkv
