#include "engine/storage/memory_store.h"

#include <algorithm>

#include "engine/core/assert.h"
#include "engine/core/placement.h"

namespace dkv {
namespace {

const ObjectPtr kNone;

}  // namespace

MemoryStore::MemoryStore(const StoreOptions& options)
    : options_(options), slots_(options.partitions, kNoSlot), objects_(0, KeyHash{options.hash_salt}) {}

StorageTraits MemoryStore::traits(const StoreOptions&) noexcept {
  return {.uses_disk = false, .after_exit = Kept::kNothing, .after_power_loss = Kept::kNothing, .tick_every_ns = 0};
}

void MemoryStore::start(StoreOut out) {
  DKV_ASSERT(!open_ && last_append_ == 0);
  open_ = true;
  out.events.push_back(StoreRecovered{});
}

void MemoryStore::handle(DiskDone&&, StoreOut) {
  DKV_ASSERT(!"an answer of a disk that was never asked");
}

void MemoryStore::flush(StoreOut out) {
  DKV_ASSERT(told_durable_ <= last_append_);
  if (told_durable_ == last_append_) return;
  told_durable_ = last_append_;
  out.events.push_back(StoreDurable{told_durable_});
}

AppendId MemoryStore::put(const Record& record) {
  DKV_ASSERT(open_);
  switch (record.space) {
    case KeySpace::kObjects:
      if (record.object) {
        set(record.key, record.object);
      } else {
        erase(record.key);
      }
      break;
    case KeySpace::kHints:
      if (record.object) {
        hints_[{record.owner, record.key}] = {record.object, record.created_wall_ns};
      } else {
        hints_.erase({record.owner, record.key});
      }
      break;
    case KeySpace::kIdentity: identity_ = record.identity; break;
    case KeySpace::kDictionaries: DKV_ASSERT(!"a record of a key space that is the log's own");
  }
  return ++last_append_;
}

AppendId MemoryStore::put_all(std::span<const ObjectPut> puts) {
  DKV_ASSERT(open_);
  for (const auto& [key, object] : puts) set(key, object);
  return last_append_ += puts.size();
}

const ObjectPtr& MemoryStore::find(const Key& key) const {
  const auto found = objects_.find(key);
  return found == objects_.end() ? kNone : found->second;
}

const ObjectPtr& MemoryStore::find_hint(NodeId owner, const Key& key) const {
  const auto found = hints_.find({owner, key});
  return found == hints_.end() ? kNone : found->second.object;
}

MemoryStore::Partition& MemoryStore::partition(PartitionId id) {
  if (slots_[id] == kNoSlot) {
    slots_[id] = static_cast<std::uint32_t>(partitions_.size());
    partitions_.emplace_back();
  }
  return partitions_[slots_[id]];
}

void MemoryStore::set(const Key& key, ObjectPtr object) {
  DKV_ASSERT(object->resident());  // there is no disk to read its values from
  Partition& home = partition(partition_of(key.hash(), options_.partitions));
  const std::uint64_t new_digest = object->digest();
  live_bytes_ += object->value_bytes();
  std::uint64_t old_digest = 0;
  const auto [place, inserted] = objects_.try_emplace(key);
  if (inserted) {
    home.keys.push_back(key);
  } else {
    old_digest = place->second->digest();
    live_bytes_ -= place->second->value_bytes();
  }
  place->second = std::move(object);
  home.tree.update(MerkleTree::leaf_of(key.hash(), options_.partitions), key.hash(), old_digest, new_digest);
}

void MemoryStore::erase(const Key& key) {
  const auto found = objects_.find(key);
  if (found == objects_.end()) return;
  Partition& home = partition(partition_of(key.hash(), options_.partitions));
  home.tree.update(MerkleTree::leaf_of(key.hash(), options_.partitions), key.hash(), found->second->digest(), 0);
  DKV_ASSERT(live_bytes_ >= found->second->value_bytes());
  live_bytes_ -= found->second->value_bytes();
  const std::size_t listed = std::erase(home.keys, key);
  DKV_ASSERT(listed == 1);
  objects_.erase(found);
  DKV_ASSERT(!home.keys.empty() || home.tree.root() == 0);
}

const MerkleTree& MemoryStore::tree(PartitionId partition) const noexcept {
  static const MerkleTree kEmpty;
  return slots_[partition] == kNoSlot ? kEmpty : partitions_[slots_[partition]].tree;
}

std::vector<Key> MemoryStore::keys(PartitionId partition, std::uint64_t leaf_mask) const {
  std::vector<Key> found;
  if (slots_[partition] == kNoSlot) return found;
  for (const Key& key : partitions_[slots_[partition]].keys) {
    if (leaf_mask >> MerkleTree::leaf_of(key.hash(), options_.partitions) & 1) found.push_back(key);
  }
  std::ranges::sort(found);
  return found;
}

std::vector<Key> MemoryStore::object_keys() const {
  std::vector<Key> all;
  for (const Partition& partition : partitions_) all.insert(all.end(), partition.keys.begin(), partition.keys.end());
  std::ranges::sort(all);
  DKV_ASSERT(all.size() == objects_.size());
  return all;
}

std::vector<HintName> MemoryStore::hints() const {
  std::vector<HintName> names;
  for (const auto& [name, hint] : hints_) names.push_back({name.first, name.second, hint.created_wall_ns});
  return names;
}

StoreStats MemoryStore::stats() const {
  return {.keys = objects_.size() + hints_.size(), .live_bytes = live_bytes_, .appends = last_append_};
}

}  // namespace dkv
