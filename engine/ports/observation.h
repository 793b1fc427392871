#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/core/key.h"
#include "engine/core/names.h"
#include "engine/core/types.h"

namespace dkv {

// What a node tells those who watch it: metrics, logs, stories, oracles. Nothing in the store depends on it.
enum class Observed : std::uint8_t {
  kServing,              // number: the new epoch
  kPeerReachable,        // peer
  kPeerUnreachable,      // peer
  kHintStored,           // peer: for whom; key. Queued for the disk, not yet durable
  kHintRefused,          // peer, key: the hint table is full
  kHintSent,             // peer, key
  kHintDelivered,        // peer, key: acknowledged; the erasure is queued
  kHintSuperseded,       // peer, key: merged into a newer hint for the same key, which stands in its place
  kHintExpired,          // peer, key: outlived its time; the erasure is queued
  kReadRepaired,         // peer, key: a newer state was sent to a replica that answered with an older one
  kAntiEntropyStarted,   // peer; anti-entropy
  kAntiEntropyDiffered,  // peer; number: the partition
  kAntiEntropyRepaired,  // peer, key: a state was sent to it
  kFallbackUsed,         // peer: the fallback; number: the primary that it stands in for; key
  kRequestForwarded,     // peer, key
  kStorageFailed,        // the disk refused; number: how many appends, where that is known
  kRecovered,            // number: how many records the disk gave back
  kDamageFound,          // key: versions are forgotten, their values can't be read; or no key, number: stretches of the
                         // disk that held something and hold no record any more
  kHintLost,             // peer, key: the hint can't be read and is forgotten
  kTombstoneReaped,      // key: nothing older is left anywhere, so that its tombstone may go, too
  kStaleDropped,         // peer, key (of the first object): a state came too late to be taken
  kLaterLifeTold,        // peer, number: it has heard that life of this node, which is later than the present one
};

inline constexpr std::size_t kObservedKinds = enumerators<Observed>();

struct Observation {
  Observed what = Observed::kServing;
  NodeId peer = kNoNode;
  std::uint64_t number = 0;
  Key key;
};

// How one kind of observation is shown. Both hosts count all of them, see ObservedCounts.
struct ObservedInfo {
  Observed value;
  const char* name;        // in traces, logs and statistics: "hint_refused"
  const char* run_metric;  // the metric of a simulated run that is this count: "hints_refused"; null: there is none
  const char* help;        // the meaning of the count
};
std::span<const ObservedInfo> all_observed() noexcept;  // by Observed
const char* observed_name(Observed what) noexcept;

// How often each kind was observed.
class ObservedCounts {
 public:
  void add(Observed what) noexcept { ++counts_[static_cast<std::size_t>(what)]; }
  std::uint64_t operator[](Observed what) const noexcept { return counts_[static_cast<std::size_t>(what)]; }

 private:
  std::array<std::uint64_t, kObservedKinds> counts_{};
};

}  // namespace dkv
