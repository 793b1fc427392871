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

// Every name that the store holds, in memory: objects in one table for each partition of the ring, the few others in
// an ordered one. A copy shares the entries.
class Index {
 public:
  Index(std::uint32_t partitions, std::uint64_t hash_salt);

  // An empty entry when there is none.
  EntryPtr find(const record::Name& name) const;
  EntryPtr find_object(const Key& key) const;
  // The two steps of a look-up that wait for memory, for a caller that has other work meanwhile.
  void prefetch(const Key& key) const noexcept;
  void prefetch_entry(const Key& key) const noexcept;
  // Answers with what stood there before.
  EntryPtr set(const record::Name& name, EntryPtr entry);
  EntryPtr remove(const record::Name& name);

  // About `objects` objects are going to be set: their tables are made large enough at once. fit() gives back the
  // memory of a wrong guess. Neither changes the content.
  void expect(std::uint64_t objects) noexcept { expected_ = objects; }
  void fit();

  // Names of objects that are not erased, in the leaves of leaf_mask (bit i: leaf i), ascending.
  std::vector<Key> keys(PartitionId partition, std::uint64_t leaf_mask) const;
  // The partition's hash tree: of those objects. Built when it is first asked for, kept in step from then on.
  const MerkleTree& tree(PartitionId partition) const;
  // A key's digest changes from one to another (0: absent). Call with each set() of an object.
  void update_tree(const Key& key, std::uint64_t old_digest, std::uint64_t new_digest);
  // Whether update_tree() would change anything: a tree that nobody has asked for costs nothing.
  bool tree_is_kept(const Key& key) const noexcept;

  // Calls use(name, entry) for all others, ascending by name.
  template <typename Use>
  void each_other(Use&& use) const {
    for (const auto& [name, entry] : others_) use(name, entry);
  }
  // Calls use(entry) for each object, in no order: for sums.
  template <typename Use>
  void each_object(Use&& use) const {
    for (const Partition& partition : partitions_) {
      partition.entries.each(use);
    }
  }

  std::uint64_t object_count() const noexcept { return object_count_ - erased_count_; }
  // Tables and entries; an estimate.
  std::uint64_t bytes() const noexcept;
  ActorTable& actors() noexcept { return actors_; }
  const ActorTable& actors() const noexcept { return actors_; }

  StoredState state(const EntryPtr& entry) const {
    return read_memory_state(entry.state(), actors_, entry.place().segment, entry.place().body_offset());
  }
  // Without the clock.
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
  std::uint64_t object_count_ = 0;  // erased ones included
  std::uint64_t erased_count_ = 0;  // of them
  std::uint64_t entry_bytes_ = 0;
  std::uint64_t expected_ = 0;
  std::vector<std::uint32_t> slots_;   // by partition: index into partitions_
  std::vector<Partition> partitions_;  // only those that hold something
  std::map<record::Name, EntryPtr> others_;
  ActorTable actors_;
};

}  // namespace dkv
