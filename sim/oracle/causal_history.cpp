#include "sim/oracle/causal_history.h"

#include <algorithm>
#include <limits>

#include "engine/core/assert.h"

namespace dkv::sim {

std::uint32_t CausalHistory::count(std::uint32_t root, unsigned height, std::uint32_t chain) const noexcept {
  // Each level covers 3 bits, so a height of 10 covers all 32 bits.
  if (height < 10 && (chain >> (kFanoutBits * (height + 1))) != 0) return 0;
  std::uint32_t block = root;
  for (unsigned level = height; level > 0; --level) {
    block = blocks_[block][(chain >> (kFanoutBits * level)) & (kFanout - 1)];
    if (block == 0) return 0;
  }
  return blocks_[block][chain & (kFanout - 1)];
}

std::uint32_t CausalHistory::writable(std::uint32_t block, std::size_t fresh) {
  if (block != 0 && block >= fresh) return block;
  DKV_ASSERT(blocks_.size() < std::numeric_limits<std::uint32_t>::max());
  blocks_.push_back(block == 0 ? Block{} : Block(blocks_[block]));
  return static_cast<std::uint32_t>(blocks_.size() - 1);
}

void CausalHistory::raise(Trie& trie, unsigned height, std::size_t fresh) {
  while (trie.height < height) {
    if (trie.root != 0) {
      const std::uint32_t above = writable(0, fresh);
      blocks_[above][0] = trie.root;
      trie.root = above;
    }
    ++trie.height;
  }
}

void CausalHistory::set(Trie& trie, std::uint32_t chain, std::uint32_t at_least, std::size_t fresh) {
  if (trie.root != 0 && count(trie.root, trie.height, chain) >= at_least) return;
  unsigned height = 0;
  while (height < 10 && (chain >> (kFanoutBits * (height + 1))) != 0) ++height;
  raise(trie, height, fresh);
  trie.root = writable(trie.root, fresh);
  std::uint32_t block = trie.root;
  for (unsigned level = trie.height; level > 0; --level) {
    const std::uint32_t slot = (chain >> (kFanoutBits * level)) & (kFanout - 1);
    const std::uint32_t below = writable(blocks_[block][slot], fresh);
    blocks_[block][slot] = below;
    block = below;
  }
  blocks_[block][chain & (kFanout - 1)] = at_least;
}

void CausalHistory::unite(Trie& into, Trie other, std::size_t fresh) {
  if (other.root == 0 || other.root == into.root) return;
  if (into.root == 0) {
    into = other;
    return;
  }
  raise(into, other.height, fresh);
  raise(other, into.height, fresh);
  into.root = unite_blocks(into.root, other.root, into.height, fresh);
}

// Returns a itself (or b itself) when the other adds nothing, so that equal parts stay shared.
std::uint32_t CausalHistory::unite_blocks(std::uint32_t a, std::uint32_t b, unsigned height, std::size_t fresh) {
  if (a == b || b == 0) return a;
  if (a == 0) return b;
  Block merged;
  bool is_a = true;
  bool is_b = true;
  for (std::uint32_t i = 0; i < kFanout; ++i) {
    const std::uint32_t of_a = blocks_[a][i];
    const std::uint32_t of_b = blocks_[b][i];
    merged[i] = height == 0 ? std::max(of_a, of_b) : unite_blocks(of_a, of_b, height - 1, fresh);
    is_a = is_a && merged[i] == of_a;
    is_b = is_b && merged[i] == of_b;
  }
  if (is_a) return a;
  if (is_b) return b;
  const std::uint32_t result = writable(a, fresh);
  blocks_[result] = merged;
  return result;
}

void CausalHistory::retire(PerKey& key, WriteTag tag) {
  std::size_t free = kRetired;
  for (std::size_t i = 0; i < kRetired; ++i) {
    if (key.retired[i] == tag) return;
    if (key.retired[i] == 0 || !entries_[key.retired[i] - 1].last) free = i;
  }
  if (free == kRetired) free = key.retired_next++ % kRetired;
  key.retired[free] = static_cast<std::uint32_t>(tag);
}

// The write after which to append, or 0 to begin a new chain. trie: the counts of the new write for the chains that
// hold none of `seen`.
WriteTag CausalHistory::pick_chain(PerKey& key, const Seen& seen, const Trie& trie) {
  WriteTag behind = 0;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const WriteTag tag = seen.tag(i);
    if (!entries_[tag - 1].last) continue;
    if (behind == 0) {
      behind = tag;
    } else {
      retire(key, tag);
    }
  }
  for (std::size_t i = 0; behind == 0 && i < kRetired; ++i) {
    const WriteTag tag = key.retired[i];
    if (tag == 0) continue;
    const Entry& entry = entries_[tag - 1];
    if (entry.last && trie.root != 0 && count(trie.root, trie.height, entry.chain) > entry.position) behind = tag;
  }
  return behind;
}

WriteTag CausalHistory::add(std::uint32_t key, const Seen& seen) {
  DKV_ASSERT(entries_.size() < std::numeric_limits<std::uint32_t>::max() - 1);
  if (key >= keys_.size()) keys_.resize(key + 1);
  if (blocks_.empty()) blocks_.push_back({});
  const std::size_t fresh = blocks_.size();
  const WriteTag tag = entries_.size() + 1;

  Trie trie;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    DKV_ASSERT(seen.tag(i) < tag);
    const Entry& entry = entries_[seen.tag(i) - 1];
    unite(trie, {entry.root, entry.height}, fresh);
    parents_.push_back(static_cast<std::uint32_t>(seen.tag(i)));
  }
  const WriteTag direct = pick_chain(keys_[key], seen, trie);
  Entry entry;
  if (direct != 0) {
    entries_[direct - 1].last = false;
    entry.chain = entries_[direct - 1].chain;
    entry.position = entries_[direct - 1].position + 1;
  } else {
    entry.chain = keys_[key].chains++;
  }
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const Entry& parent = entries_[seen.tag(i) - 1];
    if (parent.chain != entry.chain) set(trie, parent.chain, parent.position + 1, fresh);
  }
  entry.root = trie.root;
  entry.height = trie.height;
  entry.parents_end = static_cast<std::uint32_t>(parents_.size());
  entries_.push_back(entry);
  return tag;
}

void CausalHistory::see(Seen& seen, WriteTag tag) {
  if (saw(seen, tag)) return;
  if (seen.first_ == 0) {
    seen.first_ = tag;
  } else {
    seen.more_.push_back(tag);
  }
}

bool CausalHistory::saw(const Seen& seen, WriteTag tag) {
  return seen.first_ == tag || std::ranges::find(seen.more_, tag) != seen.more_.end();
}

}  // namespace dkv::sim
