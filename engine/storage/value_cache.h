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
  kLru,     // evicts the least recently used entry; a scan empties the cache
  kS3Fifo,  // Yang, Zhang, Qiu, Yue, Rashmi, "FIFO queues are all you need for cache eviction", SOSP 2023; see below
};
inline constexpr CachePolicy kCachePolicyDefault = CachePolicy::kS3Fifo;

struct ValueCacheStats {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t evictions = 0;  // entries that were dropped to make room
};

// The hot objects of a store in memory, within a budget of bytes.
//
// S3-FIFO: a new entry joins a small queue, which has a tenth of the budget. An entry that is used there twice moves
// to the main queue. Otherwise it is evicted, and only its hash is remembered: if it is put again soon, it joins the
// main queue at once. The main queue gives an entry another round for each use, three at most. So a scan passes
// through the small queue and does not disturb the main one, and a hit only increments a counter.
//
// Copyable; a copy behaves identically. The content is a function of the calls: the salt only moves entries of the
// table.
class ValueCache {
 public:
  // The cost of an entry beyond the bytes of its key and values: for the entry with its object, for each sibling, and
  // for each dot of the object's clock. The overhead of a usual allocator is included.
  static constexpr std::uint64_t kEntryBytes = 208;
  static constexpr std::uint64_t kSiblingBytes = 112;
  static constexpr std::uint64_t kDotBytes = 32;

  // With budget_bytes 0 nothing is kept.
  ValueCache(std::uint64_t budget_bytes, CachePolicy policy, std::uint64_t hash_salt);

  // The object of the key, or null when it is not cached. Counts as a use. Valid until the next put() or erase().
  const ObjectPtr* find(const Key& key);
  // Like find(), but does not count as a use.
  const ObjectPtr* peek(const Key& key) const;
  // Sets the object of the key; a use if the key was cached. Then evicts until everything is within the budget, which
  // may evict the new entry. An entry that costs more than a tenth of the budget is not kept, and the previous one is
  // dropped. object must not be null.
  void put(const Key& key, ObjectPtr object);
  void erase(const Key& key);

  // The steps of a look-up that wait for memory, for a caller with other work between them. Each requires that the
  // one before was called for the key. They do not change the content.
  void prefetch(const Key& key) const noexcept { table_.prefetch(spread(key)); }
  void prefetch_entry(const Key& key) const noexcept;
  void prefetch_object(const Key& key) const noexcept;

  static std::uint64_t cost_bytes(const Key& key, const Object& object) noexcept;

  // The cost of all entries; never above the budget.
  std::uint64_t bytes() const noexcept { return bytes_; }
  std::size_t size() const noexcept { return table_.size(); }
  std::uint64_t budget_bytes() const noexcept { return budget_bytes_; }
  CachePolicy policy() const noexcept { return policy_; }
  const ValueCacheStats& stats() const noexcept { return stats_; }

 private:
  using Slot = std::uint32_t;
  static constexpr Slot kNoSlot = 0xffffffff;
  enum Queue : std::uint8_t { kMain, kSmall };  // LRU has the main queue only

  struct Entry {
    Key key;
    ObjectPtr object;
    Slot newer = kNoSlot;
    Slot older = kNoSlot;  // in a free entry: the next free one
    std::uint32_t cost_bytes = 0;
    std::uint8_t uses = 0;  // since it joined its queue or began its last round there; at most kUsesMax
    Queue queue = kMain;
  };
  struct Ends {
    Slot newest = kNoSlot;
    Slot oldest = kNoSlot;
    std::uint64_t bytes = 0;
  };
  // A cell holds the upper half of the scrambled hash, then the slot + 1.
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
