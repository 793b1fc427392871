#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "engine/core/shared_array.h"
#include "engine/core/types.h"

namespace dkv {

// Entries and isolated dots together.
inline constexpr std::size_t kVersionVectorEntriesMax = 4096;

// A set of dots of one key: what has been seen of it. Almost always a version vector, that is for each actor a counter
// with all lower ones included; beside it the isolated dots, which lie beyond a gap: a client that wrote while others
// did has seen its own dot and not theirs, and must not be taken to have seen them. (Almeida et al., "Scalable and
// Accurate Causality Tracking for Eventually Consistent Stores", 2014, call the pair a causal context.)
//
// Always in its one shortest form, so that equal sets have equal contents. Immutable and shared: two pointers wide;
// with() and merged() answer with another set.
class VersionVector {
 public:
  VersionVector() noexcept = default;
  // In the shortest form, see is_shortest_form(), and together at most kVersionVectorEntriesMax.
  static VersionVector from_sorted(std::span<const Dot> entries, std::span<const Dot> isolated = {});
  // entries: ascending by actor, no actor twice, counters from 1. isolated: ascending, each beyond its actor's entry by
  // two or more (no entry counts as counter 0). For decoders.
  static bool is_shortest_form(std::span<const Dot> entries, std::span<const Dot> isolated) noexcept;

  // Up to this counter every dot of the actor is in the set; 0 for none.
  std::uint64_t counter(const Actor& actor) const noexcept;
  // The highest dot of the actor in the set, isolated ones included; 0 for none.
  std::uint64_t highest(const Actor& actor) const noexcept;
  bool covers(const Dot& dot) const noexcept;
  bool covers(const VersionVector& other) const noexcept;

  [[nodiscard]] VersionVector with(const Dot& dot) const;
  // Shares the allocation of whichever side already covers the other.
  [[nodiscard]] VersionVector merged(const VersionVector& other) const;

  std::span<const Dot> entries() const noexcept { return entries_.span(); }
  std::span<const Dot> isolated() const noexcept { return isolated_.span(); }
  bool empty() const noexcept { return entries_.empty() && isolated_.empty(); }

  friend bool operator==(const VersionVector& a, const VersionVector& b) noexcept;

 private:
  VersionVector(SharedArray<Dot> entries, SharedArray<Dot> isolated) noexcept
      : entries_(std::move(entries)), isolated_(std::move(isolated)) {}
  VersionVector with_slow(const Dot& dot) const;
  VersionVector merged_slow(const VersionVector& other) const;

  SharedArray<Dot> entries_;   // ascending by actor
  SharedArray<Dot> isolated_;  // ascending
};

}  // namespace dkv
