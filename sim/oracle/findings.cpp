#include "sim/oracle/findings.h"

#include <fmt/format.h>

#include <utility>

namespace dkv::sim {

void Findings::add(Breach breach, TimeNs at_ns, NodeId node, std::string key, std::string detail) {
  const Invariant invariant = invariant_of(breach);
  const bool keep = wanted(invariant);
  ++violation_count;
  ++counts[static_cast<std::size_t>(invariant)];
  if (!keep) return;
  violations.push_back({.invariant = invariant,
                        .breach = breach,
                        .at_ns = at_ns,
                        .node = node,
                        .key = std::move(key),
                        .detail = std::move(detail)});
}

std::string key_text(const Key& key) {
  if (key.bucket() == kDefaultBucket) return std::string(key.key());
  return fmt::format("{}/{}", key.bucket(), key.key());
}

std::string time_text(TimeNs at_ns) {
  const TimeNs micros = at_ns / kMicrosecond;
  if (micros % 1000 == 0) return fmt::format("{}.{:03}s", micros / 1'000'000, micros / 1000 % 1000);
  return fmt::format("{}.{:06}s", micros / 1'000'000, micros % 1'000'000);
}

}  // namespace dkv::sim
