#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <vector>

namespace dkv {

// Remembers the hashes of the entries that a cache evicted most recently before their second use. If one is put again
// soon, it was evicted too early. Each operation touches one cache line. The table is not exact: it takes about one
// unknown hash in a thousand for a remembered one, and forgets about one in thirty early. Then the cache only decides
// slightly worse. Copyable; the content is a function of the calls.
class GhostTable {
 public:
  // hash: 64 well-mixed bits. capacity: the number of additions for which a hash is remembered.
  void add(std::uint64_t hash, std::size_t capacity) {
    if (capacity == 0) return;
    if (capacity * 2 > buckets_.size() * kWays) grow(capacity);
    ++clock_;
    put(Entry{static_cast<std::uint32_t>(hash), clock_});
  }

  // True when the hash was among the last `capacity` additions. It is then forgotten.
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
    std::uint32_t added = 0;  // the clock_ at the addition
  };
  struct alignas(64) Bucket : std::array<Entry, kWays> {};

  Bucket& bucket(std::uint32_t tag) { return buckets_[tag & (buckets_.size() - 1)]; }

  // Replaces the oldest entry. An entry that was taken or never written counts as the oldest.
  void put(Entry added) {
    Entry* oldest = nullptr;
    for (Entry& entry : bucket(added.tag)) {
      if (!oldest || clock_ - entry.added > clock_ - oldest->added) oldest = &entry;
    }
    *oldest = added;
  }

  // A tag has more bits than the index of a bucket, so the table can grow without the hashes.
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
  std::uint32_t clock_ = 1u << 31;  // counts additions; starts far from the 0 of an empty entry
};

}  // namespace dkv
