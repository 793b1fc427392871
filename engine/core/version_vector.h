#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "engine/core/shared_array.h"
#include "engine/core/types.h"

namespace dkv {

// The limit of entries and isolated dots together, for states and decoders. The writes of clients end long before, at
// their share of kClientClocksMax (engine/node/admission.h). The room between is for merges, and for writes with the
// key's own context.
inline constexpr std::size_t kVersionVectorEntriesMax = 8192;
inline constexpr std::size_t kClientClocksMax = 4096;

// A set of dots of one key: the writes that somebody has seen. For most keys it is a plain version vector: one
// counter for each actor, which includes all lower counters. Isolated dots lie beyond a gap. They arise when a client
// writes while others write: it has seen its own dot, and must not count as having seen theirs. Almeida et al. call
// the pair a causal context ("Scalable and Accurate Causality Tracking for Eventually Consistent Stores", 2014).
//
// A value is always in its one shortest form, so that equal sets have equal contents. Values are immutable, shared,
// and two pointers wide: with() and merged() return new ones.
class VersionVector {
 public:
  VersionVector() noexcept = default;
  // Requires the shortest form (see is_shortest_form()) and at most kVersionVectorEntriesMax dots together.
  static VersionVector from_sorted(std::span<const Dot> entries, std::span<const Dot> isolated = {});
  // entries: ascending by actor, each actor once, counters from 1. isolated: ascending, each at least two above its
  // actor's entry (an absent entry counts as 0). For decoders.
  static bool is_shortest_form(std::span<const Dot> entries, std::span<const Dot> isolated) noexcept;

  // The set holds every dot of the actor up to this counter; 0 for none.
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
  // Entries and isolated dots together.
  std::size_t size() const noexcept { return entries_.span().size() + isolated_.span().size(); }
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
