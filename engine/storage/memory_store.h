#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "engine/core/key.h"
#include "engine/core/merkle.h"
#include "engine/core/object.h"
#include "engine/core/types.h"
#include "engine/storage/backend.h"
#include "engine/storage/store_options.h"

namespace dkv {

// The memory backend: it keeps everything in the process, for caches and tests. A record counts as durable at the end
// of the turn that put it, and the end of the process loses all of them. It uses no disk. Copyable; not thread-safe.
class MemoryStore {
 public:
  // Only the options partitions and hash_salt have an effect.
  explicit MemoryStore(const StoreOptions& options);

  static StorageTraits traits(const StoreOptions& options) noexcept;

  // Answered at once, with an empty StoreRecovered.
  void start(StoreOut out);
  void handle(DiskDone&& done, StoreOut out);
  void at(TimeNs) noexcept {}
  void tick(TimeNs, StoreOut) noexcept {}
  void flush(StoreOut out);
  TimeNs held_until_ns() const noexcept { return 0; }
  bool open() const noexcept { return open_; }

  AppendId put(const Record& record);
  AppendId put_all(std::span<const ObjectPut> puts);
  AppendId last_append() const noexcept { return last_append_; }
  Room room(std::uint64_t) const noexcept { return Room::kEnough; }

  // Null when the name is absent. The reference is valid until the next put().
  const ObjectPtr& find(const Key& key) const;
  const ObjectPtr& peek(const Key& key) const { return find(key); }
  const ObjectPtr& find_hint(NodeId owner, const Key& key) const;
  std::optional<Identity> identity() const noexcept { return identity_; }
  StoreFetch fetch(const Key& key, StoreOut) const { return {.object = find(key), .id = 0}; }
  StoreFetch fetch_hint(NodeId owner, const Key& key, StoreOut) const {
    return {.object = find_hint(owner, key), .id = 0};
  }

  // The tree of the partition; an empty one when the partition is empty.
  const MerkleTree& tree(PartitionId partition) const noexcept;
  // The partition's keys in the leaves of leaf_mask (bit i: leaf i), ascending.
  std::vector<Key> keys(PartitionId partition, std::uint64_t leaf_mask) const;
  std::vector<Key> object_keys() const;  // ascending
  std::uint64_t object_count() const noexcept { return objects_.size(); }
  std::vector<HintName> hints() const;  // ascending by owner and key

  StoreStats stats() const;
  const StoreOptions& options() const noexcept { return options_; }

 private:
  struct Partition {
    MerkleTree tree;
    std::vector<Key> keys;  // in the order of their arrival
  };
  struct Hint {
    ObjectPtr object;
    TimeNs created_wall_ns = 0;
  };
  static constexpr std::uint32_t kNoSlot = 0xffffffff;
  Partition& partition(PartitionId id);
  void set(const Key& key, ObjectPtr object);
  // Takes time proportional to the keys of the partition.
  void erase(const Key& key);

  StoreOptions options_;
  bool open_ = false;
  AppendId last_append_ = 0;
  AppendId told_durable_ = 0;
  std::uint64_t live_bytes_ = 0;       // of the values of objects
  std::vector<std::uint32_t> slots_;   // by partition: index into partitions_
  std::vector<Partition> partitions_;  // only partitions with a key
  boost::unordered_flat_map<Key, ObjectPtr, KeyHash> objects_;
  std::map<std::pair<NodeId, Key>, Hint> hints_;
  std::optional<Identity> identity_;
};

}  // namespace dkv
