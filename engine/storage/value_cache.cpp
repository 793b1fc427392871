#include "engine/storage/value_cache.h"

#include <algorithm>
#include <utility>

#include "engine/core/assert.h"

namespace dkv {
namespace {

constexpr std::uint8_t kUsesMax = 3;
constexpr std::uint8_t kUsesToMain = 2;
constexpr std::uint64_t kSmallShare = 10;   // the small queue has a tenth of the budget
constexpr std::uint64_t kObjectShare = 10;  // one entry may cost a tenth of the budget

// Mixed, because the keys of one node share parts of the ring and so upper bits of the ring's hash.
std::uint64_t ghost_hash(const Key& key) noexcept {
  return mix64(key.hash());
}

// The first cell with the same tag. It is nearly always the right one, without a look at the entry.
std::size_t first_tagged(const CellTable& table, std::uint64_t spread) {
  return table.find(spread, [spread](CellTable::Cell cell) { return cell >> 32 == spread >> 32; });
}

}  // namespace

ValueCache::ValueCache(std::uint64_t budget_bytes, CachePolicy policy, std::uint64_t hash_salt)
    : budget_bytes_(budget_bytes), policy_(policy), hash_salt_(hash_salt) {}

std::uint64_t ValueCache::cost_bytes(const Key& key, const Object& object) noexcept {
  const std::uint64_t dots = object.seen().entries().size() + object.seen().isolated().size();
  return kEntryBytes + key.encoded().size() + object.value_bytes() + kSiblingBytes * object.siblings().size() +
         kDotBytes * dots;
}

ValueCache::Slot ValueCache::slot_of(const Key& key) const {
  const std::size_t place = place_of(key);
  return place == CellTable::kNone ? kNoSlot : static_cast<Slot>(table_.at(place)) - 1;
}

std::size_t ValueCache::place_of(const Key& key) const {
  const std::uint64_t wanted = spread(key);
  return table_.find(wanted, [&](CellTable::Cell cell) {
    return (cell & kTag) == (wanted & kTag) && entries_[static_cast<Slot>(cell) - 1].key == key;
  });
}

void ValueCache::prefetch_entry(const Key& key) const noexcept {
  const std::size_t place = first_tagged(table_, spread(key));
  if (place == CellTable::kNone) return;
  const auto* entry = reinterpret_cast<const char*>(&entries_[static_cast<Slot>(table_.at(place)) - 1]);
  prefetch_line(entry);
  prefetch_line(entry + sizeof(Entry) - 1);
}

void ValueCache::prefetch_object(const Key& key) const noexcept {
  const std::size_t place = first_tagged(table_, spread(key));
  if (place == CellTable::kNone) return;
  const Entry& entry = entries_[static_cast<Slot>(table_.at(place)) - 1];
  prefetch_line(entry.key.encoded().data());
  const auto* object = reinterpret_cast<const char*>(entry.object.get());
  for (const std::size_t line : {0, 64, 128}) prefetch_line(object + line);
}

const ObjectPtr* ValueCache::find(const Key& key) {
  const Slot slot = slot_of(key);
  if (slot == kNoSlot) {
    ++stats_.misses;
    return nullptr;
  }
  ++stats_.hits;
  use(slot);
  return &entries_[slot].object;
}

const ObjectPtr* ValueCache::peek(const Key& key) const {
  const Slot slot = slot_of(key);
  return slot == kNoSlot ? nullptr : &entries_[slot].object;
}

void ValueCache::put(const Key& key, ObjectPtr object) {
  DKV_ASSERT(object);
  const std::uint64_t cost = cost_bytes(key, *object);
  if (cost > std::min<std::uint64_t>(budget_bytes_ / kObjectShare, UINT32_MAX)) return erase(key);

  if (const Slot slot = slot_of(key); slot != kNoSlot) {
    return replace(slot, std::move(object), static_cast<std::uint32_t>(cost));
  }
  const bool to_main = policy_ == CachePolicy::kLru || ghosts_.take(ghost_hash(key), size());
  make_room(cost);
  const Slot slot = add_slot(key);
  Entry& entry = entries_[slot];
  entry.object = std::move(object);
  entry.cost_bytes = static_cast<std::uint32_t>(cost);
  bytes_ += cost;
  link(slot, to_main ? kMain : kSmall);
  DKV_ASSERT(bytes_ == queues_[kSmall].bytes + queues_[kMain].bytes && bytes_ <= budget_bytes_);
}

ValueCache::Slot ValueCache::add_slot(const Key& key) {
  Slot slot = free_;
  if (slot == kNoSlot) {
    DKV_ASSERT(entries_.size() < kNoSlot - 1);
    slot = static_cast<Slot>(entries_.size());
    entries_.emplace_back();
  } else {
    free_ = entries_[slot].older;
  }
  entries_[slot].key = key;
  table_.insert((spread(key) & kTag) | (slot + 1), [](CellTable::Cell cell) { return cell & kTag; });
  return slot;
}

void ValueCache::replace(Slot slot, ObjectPtr object, std::uint32_t cost) {
  Entry& entry = entries_[slot];
  Ends& queue = queues_[entry.queue];
  queue.bytes = queue.bytes - entry.cost_bytes + cost;
  bytes_ = bytes_ - entry.cost_bytes + cost;
  entry.cost_bytes = cost;
  entry.object = std::move(object);
  use(slot);
  make_room(0);
  DKV_ASSERT(bytes_ == queues_[kSmall].bytes + queues_[kMain].bytes && bytes_ <= budget_bytes_);
}

void ValueCache::erase(const Key& key) {
  if (const Slot slot = slot_of(key); slot != kNoSlot) remove(slot);
}

void ValueCache::use(Slot slot) {
  Entry& entry = entries_[slot];
  if (policy_ == CachePolicy::kS3Fifo) {
    if (entry.uses < kUsesMax) ++entry.uses;
  } else if (queues_[kMain].newest != slot) {
    unlink(slot);
    link(slot, kMain);
  }
}

void ValueCache::make_room(std::uint64_t wanted_bytes) {
  while (bytes_ + wanted_bytes > budget_bytes_) evict_step();
}

// Evicts the oldest entry of a queue or gives it another round. Each round was paid for by a use, so an eviction
// takes amortized constant time.
void ValueCache::evict_step() {
  const bool from_small = queues_[kSmall].bytes > budget_bytes_ / kSmallShare || queues_[kMain].oldest == kNoSlot;
  const Slot slot = queues_[from_small ? kSmall : kMain].oldest;
  DKV_ASSERT(slot != kNoSlot);
  Entry& entry = entries_[slot];
  if (from_small ? entry.uses >= kUsesToMain : entry.uses > 0) {
    const auto uses = static_cast<std::uint8_t>(from_small ? 0 : entry.uses - 1);
    unlink(slot);
    link(slot, kMain);
    entry.uses = uses;
    return;
  }
  if (from_small) ghosts_.add(ghost_hash(entry.key), size());
  ++stats_.evictions;
  remove(slot);
}

void ValueCache::link(Slot slot, Queue queue) {
  Ends& ends = queues_[queue];
  Entry& entry = entries_[slot];
  entry.queue = queue;
  entry.uses = 0;
  entry.newer = kNoSlot;
  entry.older = ends.newest;
  (ends.newest == kNoSlot ? ends.oldest : entries_[ends.newest].newer) = slot;
  ends.newest = slot;
  ends.bytes += entry.cost_bytes;
}

void ValueCache::unlink(Slot slot) {
  Entry& entry = entries_[slot];
  Ends& ends = queues_[entry.queue];
  DKV_ASSERT((entry.newer == kNoSlot ? ends.newest : entries_[entry.newer].older) == slot);
  DKV_ASSERT((entry.older == kNoSlot ? ends.oldest : entries_[entry.older].newer) == slot);
  DKV_ASSERT(ends.bytes >= entry.cost_bytes);
  (entry.newer == kNoSlot ? ends.newest : entries_[entry.newer].older) = entry.older;
  (entry.older == kNoSlot ? ends.oldest : entries_[entry.older].newer) = entry.newer;
  ends.bytes -= entry.cost_bytes;
}

void ValueCache::remove(Slot slot) {
  unlink(slot);
  Entry& entry = entries_[slot];
  bytes_ -= entry.cost_bytes;
  DKV_ASSERT(place_of(entry.key) != CellTable::kNone);
  table_.erase(place_of(entry.key), [](CellTable::Cell cell) { return cell & kTag; });
  entry = Entry{};
  entry.older = free_;
  free_ = slot;
}

}  // namespace dkv
