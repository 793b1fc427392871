#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/core/key.h"
#include "engine/core/object.h"
#include "engine/storage/cell_table.h"
#include "engine/storage/ghost_table.h"

namespace dkv {

enum class CachePolicy : std::uint8_t {
  kLru,     // the one used longest ago goes; a scan empties the cache
  kS3Fifo,  // Yang, Zhang, Qiu, Yue, Rashmi, "FIFO queues are all you need for cache eviction", SOSP 2023; see below
};
inline constexpr CachePolicy kCachePolicyDefault = CachePolicy::kS3Fifo;

struct ValueCacheStats {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t evictions = 0;  // entries that went to make room
};

// Objects in memory, in front of a disk: the hot ones of a store, within a budget of bytes.
//
// S3-FIFO: new entries join a small queue with a tenth of the budget. An entry that is used there twice moves on to the
// main queue. Another one is evicted, and only its hash is remembered: if it is put again soon, it joins the main queue
// at once. The main queue gives an entry another round for each use (three at most). So a scan passes through the small
// queue and leaves the main one alone, and a hit only counts.
//
// Copyable; a copy goes on identically. A function of the calls: the salt moves entries of the table and nothing else.
class ValueCache {
 public:
  // An entry's cost beyond its key's and values' bytes: for the entry itself with its object, and for each sibling and
  // each dot of the clock in the object. Allocations of a usual system are counted in.
  static constexpr std::uint64_t kEntryBytes = 208;
  static constexpr std::uint64_t kSiblingBytes = 112;
  static constexpr std::uint64_t kDotBytes = 32;

  // budget_bytes 0 keeps nothing.
  ValueCache(std::uint64_t budget_bytes, CachePolicy policy, std::uint64_t hash_salt);

  // What the key holds, or null when that is not here. Counts as a use. Good until the next put() or erase().
  const ObjectPtr* find(const Key& key);
  // As find(), and leaves no trace.
  const ObjectPtr* peek(const Key& key) const;
  // Sets what the key holds, which counts as a use when something is here already, and evicts until all is within the
  // budget; the entry itself may be what goes. One that costs more than a tenth of the budget is not kept, and what the
  // key held before goes. object is not null.
  void put(const Key& key, ObjectPtr object);
  void erase(const Key& key);

  // The steps of a look-up that wait for memory, for a caller that has other work between them. Each needs that the
  // one before was called for the key. They don't change the content.
  void prefetch(const Key& key) const noexcept { table_.prefetch(spread(key)); }
  void prefetch_entry(const Key& key) const noexcept;
  void prefetch_object(const Key& key) const noexcept;

  static std::uint64_t cost_bytes(const Key& key, const Object& object) noexcept;

  // The entries' cost; never above the budget.
  std::uint64_t bytes() const noexcept { return bytes_; }
  std::size_t size() const noexcept { return table_.size(); }
  std::uint64_t budget_bytes() const noexcept { return budget_bytes_; }
  CachePolicy policy() const noexcept { return policy_; }
  const ValueCacheStats& stats() const noexcept { return stats_; }

 private:
  using Slot = std::uint32_t;
  static constexpr Slot kNoSlot = 0xffffffff;
  enum Queue : std::uint8_t { kMain, kSmall };  // lru has a main queue only

  struct Entry {
    Key key;
    ObjectPtr object;
    Slot newer = kNoSlot;
    Slot older = kNoSlot;  // in a free entry: the next free one
    std::uint32_t cost_bytes = 0;
    std::uint8_t uses = 0;  // since it joined its queue, or its last round there; at most kUsesMax
    Queue queue = kMain;
  };
  struct Ends {
    Slot newest = kNoSlot;
    Slot oldest = kNoSlot;
    std::uint64_t bytes = 0;
  };
  // A cell: half of the scrambled hash, then the slot, counted from 1.
  static constexpr std::uint64_t kTag = ~std::uint64_t{0} << 32;
  std::uint64_t spread(const Key& key) const noexcept { return mix64(key.hash() ^ hash_salt_); }
  std::size_t place_of(const Key& key) const;
  Slot slot_of(const Key& key) const;
  void use(Slot slot);
  void replace(Slot slot, ObjectPtr object, std::uint32_t cost);
  void make_room(std::uint64_t wanted_bytes);
  void evict_step();
  Slot add_slot(const Key& key);
  void link(Slot slot, Queue queue);
  void unlink(Slot slot);
  void remove(Slot slot);

  std::uint64_t budget_bytes_;
  std::uint64_t bytes_ = 0;
  CachePolicy policy_;
  Slot free_ = kNoSlot;
  std::array<Ends, 2> queues_;
  ValueCacheStats stats_;
  std::vector<Entry> entries_;
  std::uint64_t hash_salt_;
  CellTable table_;
  GhostTable ghosts_;
};

}  // namespace dkv
