#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "engine/core/key.h"
#include "engine/core/merkle.h"
#include "engine/storage/entry_table.h"
#include "engine/storage/record.h"
#include "engine/storage/state.h"

namespace dkv {

// Holds every name of the store in memory: objects in one table for each partition of the ring, and the few other
// records in an ordered table. A copy shares the entries.
class Index {
 public:
  Index(std::uint32_t partitions, std::uint64_t hash_salt);

  // An empty entry when there is none.
  EntryPtr find(const record::Name& name) const;
  EntryPtr find_object(const Key& key) const;
  // The two steps of a look-up that wait for memory. A caller with other work meanwhile starts them early.
  void prefetch(const Key& key) const noexcept;
  void prefetch_entry(const Key& key) const noexcept;
  // Both return the previous entry.
  EntryPtr set(const record::Name& name, EntryPtr entry);
  EntryPtr remove(const record::Name& name);

  // Announces about `objects` calls of set(), so that their tables are made large enough at once. fit() frees the
  // memory of a wrong guess. Neither changes the content.
  void expect(std::uint64_t objects) noexcept { expected_ = objects; }
  void fit();

  // Keys of objects that are not erased, in the leaves of leaf_mask (bit i: leaf i), ascending.
  std::vector<Key> keys(PartitionId partition, std::uint64_t leaf_mask) const;
  // The Merkle tree of these objects in the partition. It is built at the first call and updated from then on.
  const MerkleTree& tree(PartitionId partition) const;
  // Records that a key's digest changed from one to another (0: absent). Call it with each set() of an object.
  void update_tree(const Key& key, std::uint64_t old_digest, std::uint64_t new_digest);
  // Whether update_tree() would have an effect. A tree that nobody has asked for costs nothing.
  bool tree_is_kept(const Key& key) const noexcept;

  // Calls use(name, entry) for all records that are not objects, ascending by name.
  template <typename Use>
  void each_other(Use&& use) const {
    for (const auto& [name, entry] : others_) use(name, entry);
  }
  // Calls use(entry) for each object, in no order. Only for sums.
  template <typename Use>
  void each_object(Use&& use) const {
    for (const Partition& partition : partitions_) {
      partition.entries.each(use);
    }
  }

  std::uint64_t object_count() const noexcept { return object_count_ - erased_count_; }
  // An estimate of the size of tables and entries.
  std::uint64_t bytes() const noexcept;
  ActorTable& actors() noexcept { return actors_; }
  const ActorTable& actors() const noexcept { return actors_; }

  StoredState state(const EntryPtr& entry) const {
    return read_memory_state(entry.state(), actors_, entry.place().segment, entry.place().body_offset());
  }
  // The versions of an entry, without its clock.
  StoredState versions(const EntryPtr& entry) const {
    return read_memory_versions(entry.state(), actors_, entry.place().segment, entry.place().body_offset());
  }

 private:
  struct Partition {
    Partition(unsigned skip_bits, std::uint64_t salt) : entries(skip_bits, salt) {}
    EntryTable entries;
    mutable MerkleTree tree;
    mutable bool tree_kept = false;
  };
  static constexpr std::uint32_t kNoSlot = 0xffffffff;
  const Partition* partition_of_key(const Key& key) const noexcept;

  std::uint32_t partition_count_;
  std::uint64_t hash_salt_;
  std::uint64_t object_count_ = 0;  // including erased ones
  std::uint64_t erased_count_ = 0;
  std::uint64_t entry_bytes_ = 0;
  std::uint64_t expected_ = 0;
  std::vector<std::uint32_t> slots_;   // by partition: index into partitions_
  std::vector<Partition> partitions_;  // only partitions with a record
  std::map<record::Name, EntryPtr> others_;
  ActorTable actors_;
};

}  // namespace dkv
