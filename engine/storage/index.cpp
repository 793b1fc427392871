#include "engine/storage/index.h"

#include <algorithm>
#include <bit>

#include "engine/core/assert.h"
#include "engine/core/placement.h"

namespace dkv {

Index::Index(std::uint32_t partitions, std::uint64_t hash_salt)
    : partition_count_(partitions), hash_salt_(hash_salt), slots_(partitions, kNoSlot) {}

const Index::Partition* Index::partition_of_key(const Key& key) const noexcept {
  const std::uint32_t slot = slots_[partition_of(key.hash(), partition_count_)];
  return slot == kNoSlot ? nullptr : &partitions_[slot];
}

EntryPtr Index::find_object(const Key& key) const {
  const Partition* partition = partition_of_key(key);
  return partition ? partition->entries.find(key) : EntryPtr();
}

void Index::prefetch(const Key& key) const noexcept {
  if (const Partition* partition = partition_of_key(key)) partition->entries.prefetch(key.hash());
}

void Index::prefetch_entry(const Key& key) const noexcept {
  if (const Partition* partition = partition_of_key(key)) partition->entries.prefetch_entry(key.hash());
}

EntryPtr Index::find(const record::Name& name) const {
  if (name.space == KeySpace::kObjects) return find_object(name.key);
  const auto found = others_.find(name);
  return found == others_.end() ? EntryPtr() : found->second;
}

EntryPtr Index::set(const record::Name& name, EntryPtr entry) {
  DKV_ASSERT(entry && entry.key() == name.key.encoded());
  entry_bytes_ += entry.bytes();
  EntryPtr before;
  if (name.space != KeySpace::kObjects) {
    before = std::exchange(others_[name], std::move(entry));
  } else {
    std::uint32_t& slot = slots_[partition_of(name.key.hash(), partition_count_)];
    if (slot == kNoSlot) {
      slot = static_cast<std::uint32_t>(partitions_.size());
      const auto skip_bits = static_cast<unsigned>(std::countr_zero(partition_count_));
      partitions_.emplace_back(skip_bits, hash_salt_).entries.reserve(expected_ / partition_count_);
    }
    erased_count_ += entry.erased() ? 1 : 0;
    before = partitions_[slot].entries.set(name.key, std::move(entry));
    object_count_ += before ? 0 : 1;
    erased_count_ -= before && before.erased() ? 1 : 0;
  }
  DKV_ASSERT(!before || entry_bytes_ >= before.bytes());
  if (before) entry_bytes_ -= before.bytes();
  DKV_ASSERT(erased_count_ <= object_count_);
  return before;
}

EntryPtr Index::remove(const record::Name& name) {
  EntryPtr before = find(name);
  if (!before) return before;
  entry_bytes_ -= before.bytes();
  if (name.space != KeySpace::kObjects) {
    others_.erase(name);
  } else {
    partitions_[slots_[partition_of(name.key.hash(), partition_count_)]].entries.remove(name.key);
    DKV_ASSERT(object_count_ > 0 && (!before.erased() || erased_count_ > 0));
    --object_count_;
    erased_count_ -= before.erased() ? 1 : 0;
  }
  return before;
}

void Index::fit() {
  expected_ = 0;
  for (Partition& partition : partitions_) partition.entries.fit();
}

std::vector<Key> Index::keys(PartitionId partition, std::uint64_t leaf_mask) const {
  std::vector<Key> found;
  if (slots_[partition] == kNoSlot) return found;
  partitions_[slots_[partition]].entries.each([&](const EntryPtr& entry) {
    if (entry.erased()) return;
    if ((leaf_mask >> MerkleTree::leaf_of(entry.key_hash(), partition_count_) & 1) == 0) return;
    found.push_back(*Key::decode(entry.key()));
  });
  std::ranges::sort(found);
  return found;
}

const MerkleTree& Index::tree(PartitionId partition) const {
  static const MerkleTree kEmpty;
  if (slots_[partition] == kNoSlot) return kEmpty;
  const Partition& home = partitions_[slots_[partition]];
  if (home.tree_kept) return home.tree;
  home.entries.each([&](const EntryPtr& entry) {
    if (entry.erased()) return;
    const std::uint64_t hash = entry.key_hash();
    home.tree.update(MerkleTree::leaf_of(hash, partition_count_), hash, 0, state(entry).object()->digest());
  });
  DKV_ASSERT(object_count() > 0 || home.tree.root() == 0);
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
  for (const Partition& partition : partitions_) bytes += partition.entries.bytes();
  return bytes;
}

}  // namespace dkv
