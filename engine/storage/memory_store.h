#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <vector>

#include "engine/core/key.h"
#include "engine/core/merkle.h"
#include "engine/core/object.h"
#include "engine/core/types.h"

namespace dkv {

// The objects of one node as its process sees them: what it has appended, durable or not. Keeps each partition's hash
// tree and list of keys in step. Durability is the host's: it completes the appends later.
class MemoryStore {
 public:
  MemoryStore(std::uint32_t partitions, std::uint64_t hash_salt);

  // Null when the key was never heard of. The reference is good until the next set() or erase().
  const ObjectPtr& find(const Key& key) const;
  // object is not null. Sets what the key holds, whatever was there.
  void set(const Key& key, ObjectPtr object);
  // Forgets the key; a walk over its partition.
  void erase(const Key& key);

  // The partition's tree; the empty tree when it holds nothing.
  const MerkleTree& tree(PartitionId partition) const noexcept;
  // The partition's keys in the leaves of leaf_mask (bit i: leaf i), ascending.
  std::vector<Key> keys(PartitionId partition, std::uint64_t leaf_mask) const;

  std::size_t key_count() const noexcept { return objects_.size(); }
  std::uint64_t value_bytes() const noexcept { return value_bytes_; }

 private:
  struct Partition {
    MerkleTree tree;
    std::vector<Key> keys;  // in order of arrival
  };
  static constexpr std::uint32_t kNoSlot = 0xffffffff;
  Partition& partition(PartitionId id);

  std::uint32_t partition_count_;
  std::uint64_t value_bytes_ = 0;
  std::vector<std::uint32_t> slots_;   // by partition: index into partitions_
  std::vector<Partition> partitions_;  // only those that hold something
  boost::unordered_flat_map<Key, ObjectPtr, KeyHash> objects_;
};

}  // namespace dkv
