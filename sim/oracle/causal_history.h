#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/core/types.h"
#include "sim/oracle/chunked_vector.h"
#include "sim/oracle/oracle.h"

namespace dkv::sim {

// The happened-before order of all writes of each key, computed from the writes that each client has seen.
//
// The writes of a key are laid on chains, greedily: a write is appended to a chain whose last write it has seen, or
// begins a new chain. Its history contains all writes before it on its own chain. For each other chain the history
// stores how many of the first writes it contains (Jagadish, "A compression technique to materialize transitive
// closure", 1990). These counts form a persistent trie: a write shares all paths with its predecessors except the
// changed ones. So a load of reads and modifications costs next to nothing, and a load of blind writes nothing. A
// mixture of both costs at worst some hundred bytes for each write.
class CausalHistory {
 public:
  // Adds a write of key number `key`, and returns its tag. Tags count from 1 over all keys. All of `seen` must be
  // writes of the same key.
  WriteTag add(std::uint32_t key, const Seen& seen);

  std::uint64_t size() const noexcept { return entries_.size(); }

  // Whether the writer of `later` had seen `earlier`; false when they are equal. Both must be writes of the same key.
  bool contains(WriteTag later, WriteTag earlier) const noexcept {
    if (earlier >= later) return false;  // a write that was seen was started before
    const Entry& w = entries_[later - 1];
    const Entry& v = entries_[earlier - 1];
    if (v.chain == w.chain) return v.position < w.position;
    return w.root != 0 && count(w.root, w.height, v.chain) > v.position;
  }
  bool is_or_contains(WriteTag later, WriteTag earlier) const noexcept {
    return later == earlier || contains(later, earlier);
  }

  // The writes that the writer had seen last: parent_count(tag) tags. They stand for the writes that their writers
  // had seen.
  std::uint32_t parent_count(WriteTag tag) const noexcept { return entries_[tag - 1].parents_end - parents_begin(tag); }
  WriteTag parent(WriteTag tag, std::uint32_t i) const noexcept { return parents_[parents_begin(tag) + i]; }

  // Adds a write to the writes that a session has seen.
  static void see(Seen& seen, WriteTag tag);
  static bool saw(const Seen& seen, WriteTag tag);

  std::uint32_t chain_count(std::uint32_t key) const noexcept { return key < keys_.size() ? keys_[key].chains : 0; }
  std::size_t block_count() const noexcept { return blocks_.size(); }

 private:
  static constexpr unsigned kFanoutBits = 3;
  static constexpr std::uint32_t kFanout = 1u << kFanoutBits;
  static constexpr std::size_t kRetired = 4;
  using Block = std::array<std::uint32_t, kFanout>;  // leaves: counts; inner: indices of blocks; 0: nothing

  struct Entry {
    std::uint32_t chain = 0;
    std::uint32_t position = 0;
    std::uint32_t root = 0;  // of the trie with the counts of other chains
    std::uint32_t parents_end = 0;
    std::uint8_t height = 0;  // of the trie; 0: the root is a leaf
    bool last = true;         // on its chain
  };
  struct PerKey {
    std::uint32_t chains = 0;
    std::array<std::uint32_t, kRetired> retired{};  // last writes of chains that a write on another chain has seen
    std::uint32_t retired_next = 0;
  };
  struct Trie {
    std::uint32_t root = 0;
    std::uint8_t height = 0;
  };

  std::uint32_t parents_begin(WriteTag tag) const noexcept { return tag < 2 ? 0 : entries_[tag - 2].parents_end; }
  std::uint32_t count(std::uint32_t root, unsigned height, std::uint32_t chain) const noexcept;
  // Blocks from `fresh` on belong to the write that is being added. They may be changed in place.
  std::uint32_t writable(std::uint32_t block, std::size_t fresh);
  void raise(Trie& trie, unsigned height, std::size_t fresh);
  void set(Trie& trie, std::uint32_t chain, std::uint32_t at_least, std::size_t fresh);
  void unite(Trie& into, Trie other, std::size_t fresh);
  std::uint32_t unite_blocks(std::uint32_t a, std::uint32_t b, unsigned height, std::size_t fresh);
  void retire(PerKey& key, WriteTag tag);
  WriteTag pick_chain(PerKey& key, const Seen& seen, const Trie& trie);

  ChunkedVector<Entry> entries_;  // by tag - 1
  ChunkedVector<std::uint32_t> parents_;
  ChunkedVector<Block> blocks_;  // block 0 is not used
  std::vector<PerKey> keys_;
};

}  // namespace dkv::sim
