#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <vector>

namespace dkv {

// Remembers the hashes of the last entries that a cache evicted before their second use: they were seen lately, and
// evicted too early. One cache line an operation. Not exact: about one unknown hash in a thousand is taken for a
// remembered one, and about one in thirty is forgotten early. A cache then decides a little worse. Copyable; its
// content is a function of the calls.
class GhostTable {
 public:
  // hash has 64 well-mixed bits. capacity: how many additions a hash is remembered for.
  void add(std::uint64_t hash, std::size_t capacity) {
    if (capacity == 0) return;
    if (capacity * 2 > buckets_.size() * kWays) grow(capacity);
    ++clock_;
    put(Entry{static_cast<std::uint32_t>(hash), clock_});
  }

  // True when the hash was among the last capacity additions; it is forgotten.
  bool take(std::uint64_t hash, std::size_t capacity) {
    if (buckets_.empty()) return false;
    const auto tag = static_cast<std::uint32_t>(hash);
    for (Entry& entry : bucket(tag)) {
      if (entry.tag != tag || clock_ - entry.added >= capacity) continue;
      entry = Entry{};
      return true;
    }
    return false;
  }

 private:
  static constexpr std::size_t kWays = 8;
  struct Entry {
    std::uint32_t tag = 0;
    std::uint32_t added = 0;  // when, by clock_
  };
  struct alignas(64) Bucket : std::array<Entry, kWays> {};

  Bucket& bucket(std::uint32_t tag) { return buckets_[tag & (buckets_.size() - 1)]; }

  // In place of the oldest; one that was taken or never written is older than all.
  void put(Entry added) {
    Entry* oldest = nullptr;
    for (Entry& entry : bucket(added.tag)) {
      if (!oldest || clock_ - entry.added > clock_ - oldest->added) oldest = &entry;
    }
    *oldest = added;
  }

  // Tags hold more bits than choose a bucket, so that no hash is needed again.
  void grow(std::size_t capacity) {
    std::vector<Bucket> old(std::bit_ceil(capacity * 2 / kWays + 1));
    old.swap(buckets_);
    for (const Bucket& from : old) {
      for (const Entry& entry : from) {
        if (entry.added != 0) put(entry);
      }
    }
  }

  std::vector<Bucket> buckets_;     // a power of two, or none yet
  std::uint32_t clock_ = 1u << 31;  // counts additions; the start is far from what an empty entry holds
};

}  // namespace dkv
