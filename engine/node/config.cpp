#include "engine/node/config.h"

#include <algorithm>
#include <string>

#include "engine/protocol/client.h"

namespace dkv {

ConflictPolicy NodeConfig::policy_of(const Key& key) const {
  if (buckets.empty()) return policy;
  return properties_of(buckets, key.bucket()).conflicts.value_or(policy);
}

Result<void> NodeConfig::check() const {
  if (!placement) return fail("the node has no placement");
  const bool member = std::ranges::any_of(placement->members(), [&](const Member& m) { return m.id == id; });
  if (!member) return fail("the node is not among the members");
  return check_values();
}

Result<void> NodeConfig::check_values() const {
  if (siblings_max < 1 || siblings_max > kSiblingsMax) {
    return fail("siblings_max must be 1 to " + std::to_string(kSiblingsMax));
  }
  if (operations_max < 1 || operations_max > kOperationsMax) {
    return fail("operations_max must be 1 to " + std::to_string(kOperationsMax));
  }
  if (heartbeat_every_ns < kMillisecond) return fail("the heartbeat interval must be at least 1ms");
  if (unreachable_after_ns < heartbeat_every_ns) return fail("unreachable_after must be at least one heartbeat");
  if (fallback_after_ns < 0 || hints_every_ns < 0 || hint_ttl_ns < 0 || anti_entropy_every_ns < 0 ||
      reap_every_ns < 0) {
    return fail("a duration is negative");
  }
  if (clock_apart_max_ns < kMillisecond) return fail("clock_apart_max must be at least 1ms");
  for (const auto& [bucket, properties] : buckets) {
    if (properties.ttl_ns < 0 || properties.ttl_ns > kTtlMaxNs)
      return fail("the time to live in bucket " + bucket + " is out of range");
  }
  if (hints_in_flight_max < 1) return fail("hints_in_flight_max must be at least 1");
  if (reaped_max < 1 || reaped_max > kReapedMax) return fail("reaped_max must be 1 to " + std::to_string(kReapedMax));
  if (anti_entropy_partitions_max < 1) return fail("anti_entropy_partitions_max must be at least 1");
  return {};
}

}  // namespace dkv
