#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "engine/core/assert.h"
#include "engine/core/types.h"

namespace dkv::sim {

// The scheduled events, ordered by (time, order of pushing). Copyable. T is default constructible, copyable and cheap
// to move.
//
// This is a calendar queue (R. Brown, CACM 31(10), 1988) of fixed shape: a window of kBuckets buckets, each 2^kShift
// ns wide, as lists threaded through a slab. A bucket is sorted when time reaches it. Events beyond the window are in
// a heap. Events that are pushed into the open bucket go to a second heap, so that no pattern of times costs more
// than O(log n). A time before the last popped one is allowed; such an event comes out next.
//
// Buckets of 4 us and a window of 17 ms were the fastest of all tried widths, for 100 to 5,000 pending events.
template <class T, unsigned kShift = 12, unsigned kBucketBits = 12>
class EventQueue {
 public:
  // at >= 0. At most 2^24 pending events, and 2^40 pushes in the life of a queue and of its copies.
  void push(TimeNs at, T&& value) {
    DKV_ASSERT(at >= 0 && sequence_ < kSequenceMax);
    const std::uint32_t slot = take_slot();
    Slot& held = slots_[slot];
    held.value = std::move(value);
    const Key key = make_key(at, sequence_++, slot);
    const std::uint64_t bucket = static_cast<std::uint64_t>(at) >> kShift;
    if (bucket <= open_bucket_) {
      push_heap(late_, key);
    } else if (bucket - open_bucket_ < kBuckets) {
      const std::size_t place = bucket & (kBuckets - 1);
      held.key = key;
      held.next = (occupied_[place / 64] >> (place % 64) & 1) != 0 ? heads_[place] : kNone;
      heads_[place] = slot;
      occupied_[place / 64] |= std::uint64_t{1} << (place % 64);
      summary_[place / 4096] |= std::uint64_t{1} << (place / 64 % 64);
      ++in_window_;
    } else {
      push_heap(far_, key);
    }
    ++size_;
  }

  bool empty() const noexcept { return size_ == 0; }
  std::size_t size() const noexcept { return size_; }
  // The number of pushes since the beginning.
  std::uint64_t pushed() const noexcept { return sequence_; }

  // The time of the event that pop() will return. The queue must not be empty.
  TimeNs next_time() {
    if (open_.empty() && late_.empty()) open_next();
    if (open_.empty()) return time_of(late_.front());
    if (late_.empty()) return time_of(open_.back());
    return time_of(std::min(open_.back(), late_.front()));
  }

  // Takes out the earliest event; among equal times, the one that was pushed first. The queue must not be empty.
  T pop() {
    if (open_.empty() && late_.empty()) open_next();
    Key key;
    if (late_.empty() || (!open_.empty() && open_.back() < late_.front())) {
      key = open_.back();
      open_.pop_back();
    } else {
      key = pop_heap(late_);
    }
    const std::uint32_t slot = slot_of(key);
    T value = std::move(slots_[slot].value);
    slots_[slot].next = free_;
    free_ = slot;
    --size_;
    return value;
  }

  // Calls use(time, number, value) for each pending event, in no particular order. number: its index among all
  // pushes, from 0. It never changes, so it identifies the event.
  template <typename Use>
  void each(Use&& use) const {
    const auto key = [&](Key one) { use(time_of(one), sequence_of(one), slots_[slot_of(one)].value); };
    for (const Key one : open_) key(one);
    for (const Key one : late_) key(one);
    for (const Key one : far_) key(one);
    for (std::size_t place = find_from(0); place < kBuckets;
         place = place + 1 < kBuckets ? find_from(place + 1) : kBuckets) {
      for (std::uint32_t slot = heads_[place]; slot != kNone; slot = slots_[slot].next) key(slots_[slot].key);
    }
  }
  // The pending event of that number; null when there is none. Searches all events.
  T* find(std::uint64_t number) {
    const T* found = nullptr;
    each([&](TimeNs, std::uint64_t one, const T& value) {
      if (one == number) found = &value;
    });
    return const_cast<T*>(found);
  }
  std::size_t slots() const noexcept { return slots_.size(); }

 private:
  // Time, sequence and slot, from the highest bits down. So one comparison orders two events, and no two are equal.
  __extension__ using Key = unsigned __int128;
  static constexpr std::uint64_t kBuckets = std::uint64_t{1} << kBucketBits;
  static constexpr unsigned kSlotBits = 24;
  static constexpr std::uint64_t kSequenceMax = std::uint64_t{1} << (64 - kSlotBits);
  static constexpr std::uint32_t kNone = UINT32_MAX;
  static_assert(kBucketBits >= 12 && kBucketBits <= 18);

  struct Slot {
    Key key = 0;                 // while the event is in the window
    std::uint32_t next = kNone;  // in its bucket, or in the list of free slots
    T value{};
  };

  static Key make_key(TimeNs at, std::uint64_t sequence, std::uint32_t slot) noexcept {
    return static_cast<Key>(static_cast<std::uint64_t>(at)) << 64 | (sequence << kSlotBits | slot);
  }
  static TimeNs time_of(Key key) noexcept { return static_cast<TimeNs>(static_cast<std::uint64_t>(key >> 64)); }
  static std::uint64_t sequence_of(Key key) noexcept { return static_cast<std::uint64_t>(key) >> kSlotBits; }
  static std::uint32_t slot_of(Key key) noexcept {
    return static_cast<std::uint32_t>(static_cast<std::uint64_t>(key) & ((std::uint64_t{1} << kSlotBits) - 1));
  }

  std::uint32_t take_slot() {
    if (free_ != kNone) {
      const std::uint32_t slot = free_;
      free_ = slots_[slot].next;
      return slot;
    }
    DKV_ASSERT(slots_.size() < (std::size_t{1} << kSlotBits));
    slots_.emplace_back();
    return static_cast<std::uint32_t>(slots_.size() - 1);
  }

  // Opens the earliest bucket with an event, in the window or beyond it.
  void open_next() {
    DKV_ASSERT(size_ != 0);
    std::uint64_t bucket = UINT64_MAX;
    if (in_window_ != 0) bucket = first_occupied();
    const bool window = bucket != UINT64_MAX;
    std::uint64_t far_bucket = UINT64_MAX;
    if (!far_.empty()) far_bucket = static_cast<std::uint64_t>(time_of(far_.front())) >> kShift;
    if (window && bucket <= far_bucket) take_bucket(bucket & (kBuckets - 1));
    open_bucket_ = std::min(bucket, far_bucket);
    while (!far_.empty() && static_cast<std::uint64_t>(time_of(far_.front())) >> kShift == open_bucket_) {
      open_.push_back(pop_heap(far_));
    }
    std::sort(open_.begin(), open_.end(), [](Key a, Key b) { return a > b; });
  }

  void take_bucket(std::size_t place) {
    for (std::uint32_t slot = heads_[place]; slot != kNone; slot = slots_[slot].next) {
      open_.push_back(slots_[slot].key);
    }
    in_window_ -= open_.size();
    occupied_[place / 64] &= ~(std::uint64_t{1} << (place % 64));
    if (occupied_[place / 64] == 0) summary_[place / 4096] &= ~(std::uint64_t{1} << (place / 64 % 64));
  }

  // The number of the first bucket after the open one; the window is not empty.
  std::uint64_t first_occupied() const {
    const std::uint64_t start = open_bucket_ + 1;
    const std::size_t from = start & (kBuckets - 1);
    std::size_t place = find_from(from);
    if (place == kBuckets) place = find_from(0);
    return start + ((place - from) & (kBuckets - 1));
  }

  // The first occupied place in [from, kBuckets), or kBuckets.
  std::size_t find_from(std::size_t from) const {
    const std::uint64_t word = occupied_[from / 64] >> (from % 64);
    if (word != 0) return from + static_cast<std::size_t>(std::countr_zero(word));
    const std::size_t next_word = from / 64 + 1;
    for (std::size_t group = next_word / 64; group < summary_.size(); ++group) {
      std::uint64_t words = summary_[group];
      if (group == next_word / 64) words &= ~std::uint64_t{0} << (next_word % 64);
      if (words == 0) continue;
      const std::size_t hit = group * 64 + static_cast<std::size_t>(std::countr_zero(words));
      return hit * 64 + static_cast<std::size_t>(std::countr_zero(occupied_[hit]));
    }
    return kBuckets;
  }

  static void push_heap(std::vector<Key>& heap, Key key) {
    heap.push_back(key);
    std::push_heap(heap.begin(), heap.end(), [](Key a, Key b) { return a > b; });
  }
  static Key pop_heap(std::vector<Key>& heap) {
    std::pop_heap(heap.begin(), heap.end(), [](Key a, Key b) { return a > b; });
    const Key key = heap.back();
    heap.pop_back();
    return key;
  }

  std::vector<Slot> slots_;
  std::uint32_t free_ = kNone;
  std::uint64_t sequence_ = 0;
  std::size_t size_ = 0;

  std::uint64_t open_bucket_ = 0;  // its number since time 0; the window is the kBuckets - 1 after it
  std::vector<Key> open_;          // the rest of the open bucket, the next event at the end
  std::vector<Key> late_;          // a heap: events pushed at or before the open bucket
  std::vector<Key> far_;           // a heap: events beyond the window when they were pushed
  std::size_t in_window_ = 0;
  std::vector<std::uint32_t> heads_ = std::vector<std::uint32_t>(kBuckets);  // valid where occupied
  std::array<std::uint64_t, kBuckets / 64> occupied_{};
  std::array<std::uint64_t, kBuckets / 4096> summary_{};  // which words of occupied_ are not 0
};

}  // namespace dkv::sim
