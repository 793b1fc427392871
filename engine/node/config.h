#pragma once

#include <cstdint>
#include <memory>

#include "engine/core/key.h"
#include "engine/core/object.h"
#include "engine/core/placement.h"
#include "engine/core/result.h"
#include "engine/core/types.h"
#include "engine/node/bucket_properties.h"
#include "engine/storage/storage.h"

namespace dkv {

// The largest settings that a node takes. An operation's id holds 16 bits of its slot. A merge holds the siblings of
// two states for a moment.
inline constexpr std::uint32_t kOperationsMax = 65'000;
inline constexpr std::uint32_t kSiblingsMax = kSiblingsDecodedMax / 2;
inline constexpr std::uint32_t kReapedMax = 1u << 24;

// A node's settings, fixed during one life. Durations are in nanoseconds.
struct NodeConfig {
  NodeId id = kNoNode;
  std::shared_ptr<const Placement> placement;         // the membership, from the configuration
  ConflictPolicy policy = ConflictPolicy::kSiblings;  // read it through policy_of()
  std::uint32_t siblings_max = kSiblingsMaxDefault;
  BucketMap buckets;
  std::uint32_t operations_max = 16384;  // in progress at once; further requests are refused as overloaded

  TimeNs heartbeat_every_ns = 500 * kMillisecond;
  TimeNs unreachable_after_ns = 2 * kSecond;  // silence of a peer, in either direction

  // A sloppy write gives a primary a stand-in after this long without an answer. 0: never.
  TimeNs fallback_after_ns = 150 * kMillisecond;
  bool read_repair = true;

  TimeNs hints_every_ns = 500 * kMillisecond;  // pace of delivery; 0: never delivered
  TimeNs hint_ttl_ns = 3 * 3600 * kSecond;     // 0: forever
  std::uint32_t hints_max = 100'000;
  std::uint32_t hints_in_flight_max = 64;  // for each target and turn

  TimeNs anti_entropy_every_ns = 5 * kSecond;      // one peer a turn; 0: never
  std::uint32_t anti_entropy_partitions_max = 32;  // differing partitions handled in one exchange

  TimeNs reap_every_ns = 5 * kSecond;  // pace of the search for tombstones to reap; 0: never reaped

  // A node whose clock is further from the median of the clocks that it hears judges by that median.
  TimeNs clock_apart_max_ns = 10 * kSecond;

  // The number of counters that are kept for reaped keys, rounded up to a power of two. With more reaped keys, several
  // share one.
  std::uint32_t reaped_max = 16'384;

  StorageOptions storage;  // the node adds the ring's partitions and the salt

  std::uint64_t hash_salt = 0;  // for hash tables; the node's behaviour must not depend on it

  // The policy of the key's bucket: the same for all its keys, and on all nodes.
  ConflictPolicy policy_of(const Key& key) const;

  // Whether the settings fit each other. check() also asks for a placement with this node.
  Result<void> check_values() const;
  Result<void> check() const;
};

}  // namespace dkv
