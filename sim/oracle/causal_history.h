#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/core/types.h"
#include "sim/oracle/chunked_vector.h"
#include "sim/oracle/oracle.h"

namespace dkv::sim {

// Who had seen what: the happened-before order of all writes of each key, from what clients say that they saw.
//
// The writes of a key are laid on chains, greedily: a write goes behind a write that it has seen, if that one is the
// last of its chain, or else begins a new chain. All that stands before a write on its own chain is in its history;
// for the other chains the history keeps how many of their first writes it holds (Jagadish, "A compression technique
// to materialize transitive closure", 1990). These counts are a persistent trie: a write shares all but the changed
// paths with the histories that it came from. So a load of reads and modifications costs next to nothing, a load of
// blind writes nothing at all, and a mixture of both some hundred bytes a write at worst.
class CausalHistory {
 public:
  // Adds the write that gets the next tag, of key number `key`. Tags count from 1, over all keys.
  // All of seen must be writes of the same key.
  WriteTag add(std::uint32_t key, const Seen& seen);

  std::uint64_t size() const noexcept { return entries_.size(); }

  // Whether whoever wrote `later` had seen `earlier`; false for a write and itself. Both of the same key.
  bool contains(WriteTag later, WriteTag earlier) const noexcept {
    if (earlier >= later) return false;  // what was seen was started before
    const Entry& w = entries_[later - 1];
    const Entry& v = entries_[earlier - 1];
    if (v.chain == w.chain) return v.position < w.position;
    return w.root != 0 && count(w.root, w.height, v.chain) > v.position;
  }
  bool is_or_contains(WriteTag later, WriteTag earlier) const noexcept {
    return later == earlier || contains(later, earlier);
  }

  // What the writer had seen last: parent_count(tag) tags, each of which may have seen others.
  std::uint32_t parent_count(WriteTag tag) const noexcept { return entries_[tag - 1].parents_end - parents_begin(tag); }
  WriteTag parent(WriteTag tag, std::uint32_t i) const noexcept { return parents_[parents_begin(tag) + i]; }

  // What a session has seen, from the writes that it saw.
  static void see(Seen& seen, WriteTag tag);
  static bool saw(const Seen& seen, WriteTag tag);

  std::uint32_t chain_count(std::uint32_t key) const noexcept { return key < keys_.size() ? keys_[key].chains : 0; }
  std::size_t block_count() const noexcept { return blocks_.size(); }

 private:
  static constexpr unsigned kFanoutBits = 3;
  static constexpr std::uint32_t kFanout = 1u << kFanoutBits;
  static constexpr std::size_t kRetired = 4;
  using Block = std::array<std::uint32_t, kFanout>;  // leaves: counts; inner: numbers of blocks; 0: nothing

  struct Entry {
    std::uint32_t chain = 0;
    std::uint32_t position = 0;
    std::uint32_t root = 0;  // of the other chains' counts
    std::uint32_t parents_end = 0;
    std::uint8_t height = 0;  // of the trie; 0: the root is a leaf
    bool last = true;         // of its chain
  };
  struct PerKey {
    std::uint32_t chains = 0;
    std::array<std::uint32_t, kRetired> retired{};  // last ones of chains that a write on another chain had seen
    std::uint32_t retired_next = 0;
  };
  struct Trie {
    std::uint32_t root = 0;
    std::uint8_t height = 0;
  };

  std::uint32_t parents_begin(WriteTag tag) const noexcept { return tag < 2 ? 0 : entries_[tag - 2].parents_end; }
  std::uint32_t count(std::uint32_t root, unsigned height, std::uint32_t chain) const noexcept;
  // Blocks from `fresh` on belong to the write that is being added, and may be changed in place.
  std::uint32_t writable(std::uint32_t block, std::size_t fresh);
  void raise(Trie& trie, unsigned height, std::size_t fresh);
  void set(Trie& trie, std::uint32_t chain, std::uint32_t at_least, std::size_t fresh);
  void unite(Trie& into, Trie other, std::size_t fresh);
  std::uint32_t unite_blocks(std::uint32_t a, std::uint32_t b, unsigned height, std::size_t fresh);
  void retire(PerKey& key, WriteTag tag);
  WriteTag pick_chain(PerKey& key, const Seen& seen, const Trie& trie);

  ChunkedVector<Entry> entries_;  // by tag - 1
  ChunkedVector<std::uint32_t> parents_;
  ChunkedVector<Block> blocks_;  // block 0 is never used
  std::vector<PerKey> keys_;
};

}  // namespace dkv::sim
