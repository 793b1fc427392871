#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/core/key.h"
#include "engine/core/names.h"
#include "engine/core/types.h"

namespace dkv {

// Reports of a node to its observers: metrics, logs, stories, oracles. Nothing in the store depends on them.
enum class Observed : std::uint8_t {
  kServing,              // number: the new epoch
  kPeerReachable,        // peer
  kPeerUnreachable,      // peer
  kHintStored,           // peer: the primary that it is for; key. Queued for the disk, not yet durable
  kHintRefused,          // peer, key: the hint table is full
  kHintSent,             // peer, key
  kHintDelivered,        // peer, key: acknowledged; the erasure is queued
  kHintSuperseded,       // peer, key: merged into a newer hint for the same key, which replaces it
  kHintExpired,          // peer, key: older than its time to live; the erasure is queued
  kReadRepaired,         // peer, key: a newer state was sent to a replica that answered with an older one
  kAntiEntropyStarted,   // peer: a round of anti-entropy begins
  kAntiEntropyDiffered,  // peer; number: the partition
  kAntiEntropyRepaired,  // peer, key: a state was sent to it
  kFallbackUsed,         // peer: the fallback; number: the primary that it stands in for; key
  kRequestForwarded,     // peer, key
  kStorageFailed,        // the disk refused; number: the count of appends, where it is known
  kRecovered,            // number: the count of records that were read from the disk
  kDamageFound,          // key: its versions are forgotten, because a value cannot be read. Without a key, number: the
                         // count of damaged stretches of the disk that no longer hold a record
  kHintLost,             // peer, key: the hint can't be read and is forgotten
  kTombstoneReaped,      // key: nothing older is left anywhere, so its tombstone was forgotten
  kClockCollapsed,       // key; number: the entries and isolated dots that have left its clock, by the same proof
  kStaleDropped,         // peer, key (of the first object): a state came too late and was dropped
  kReplicaIncomplete,    // number: the partitions, each once for each other replica, that must be compared first
  kReplicaComplete,      // the other replicas have filled its disk
  kLaterLifeTold,        // peer; number: a life of this node that the peer has heard, later than the present one
  kClockApart,   // number: milliseconds between its clock and the median of all clocks that it hears; above the limit
  kClockAgrees,  // its clock is near the median again
};

inline constexpr std::size_t kObservedKinds = enumerators<Observed>();

struct Observation {
  Observed what = Observed::kServing;
  NodeId peer = kNoNode;
  std::uint64_t number = 0;
  Key key;
};

// How one kind of observation is shown. Both hosts count every kind (ObservedCounts).
struct ObservedInfo {
  Observed value;
  const char* name;        // in traces, logs and statistics: "hint_refused"
  const char* run_metric;  // the metric of a simulated run that shows this count: "hints_refused"; null: none
  const char* help;        // the meaning of the count
};
std::span<const ObservedInfo> all_observed() noexcept;  // by Observed
const char* observed_name(Observed what) noexcept;

// The number of observations of each kind.
class ObservedCounts {
 public:
  void add(Observed what) noexcept { ++counts_[static_cast<std::size_t>(what)]; }
  std::uint64_t operator[](Observed what) const noexcept { return counts_[static_cast<std::size_t>(what)]; }

 private:
  std::array<std::uint64_t, kObservedKinds> counts_{};
};

}  // namespace dkv
