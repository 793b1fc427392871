#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/key.h"
#include "sim/oracle/oracle.h"
#include "sim/result.h"

namespace dkv::sim {

// What the oracles found. All violations are counted, the first Oracle::kViolationsMax kept.
struct Findings {
  std::vector<Violation> violations;
  std::uint64_t violation_count = 0;
  std::vector<Excused> excused;
  Oracle::Counters counters;

  // Whether the next violation would be kept: text is costly, and a broken run may have a million.
  bool wanted() const noexcept { return violations.size() < Oracle::kViolationsMax; }
  void add(Invariant invariant, TimeNs at_ns, NodeId node, std::string key, std::string detail);
};

// As a person writes it: the key alone in the default bucket, else bucket/key.
std::string key_text(const Key& key);
// "12.345s"; microseconds when there are any.
std::string time_text(TimeNs at_ns);

}  // namespace dkv::sim
