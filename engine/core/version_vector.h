#pragma once

#include <cstdint>
#include <span>

#include "engine/core/shared_array.h"
#include "engine/core/types.h"

namespace dkv {

inline constexpr std::size_t kVersionVectorEntriesMax = 4096;

// What has been seen of one key: for each actor the highest counter, all lower ones included. Immutable and shared:
// one pointer wide; add() and merge() answer with another vector.
class VersionVector {
 public:
  VersionVector() noexcept = default;
  // entries: ascending by actor, no actor twice, counters from 1.
  static VersionVector from_sorted(std::span<const Dot> entries);

  // The highest counter seen of the actor; 0 for none.
  std::uint64_t counter(const Actor& actor) const noexcept;
  bool covers(const Dot& dot) const noexcept { return counter(dot.actor) >= dot.counter; }
  bool covers(const VersionVector& other) const noexcept;

  [[nodiscard]] VersionVector with(const Dot& dot) const;
  // Shares the allocation of whichever side already covers the other.
  [[nodiscard]] VersionVector merged(const VersionVector& other) const;

  std::span<const Dot> entries() const noexcept { return entries_.span(); }
  bool empty() const noexcept { return entries_.empty(); }

  friend bool operator==(const VersionVector& a, const VersionVector& b) noexcept;

 private:
  explicit VersionVector(SharedArray<Dot> entries) noexcept : entries_(std::move(entries)) {}
  SharedArray<Dot> entries_;  // ascending by actor
};

}  // namespace dkv
