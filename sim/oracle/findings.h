#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/key.h"
#include "sim/oracle/oracle.h"
#include "sim/verdict/result.h"

namespace dkv::sim {

// What the oracles found. All violations are counted, the first Oracle::kViolationsMax kept, and beyond them the first
// of each invariant: a flood of violations that the scenario expects must not hide one that it doesn't.
struct Findings {
  std::vector<Violation> violations;
  std::uint64_t violation_count = 0;
  std::array<std::uint64_t, kInvariants> counts{};  // by invariant
  std::vector<NotJudged> not_judged;
  std::vector<Excused> excused;
  std::vector<Excused> discarded;
  Oracle::Counters counters;

  // Whether the next violation would be kept: text is costly, and a broken run may have a million.
  bool wanted(Invariant invariant) const noexcept {
    return violations.size() < Oracle::kViolationsMax || count_of(invariant) == 0;
  }
  std::uint64_t count_of(Invariant invariant) const noexcept { return counts[static_cast<std::size_t>(invariant)]; }
  void add(Invariant invariant, TimeNs at_ns, NodeId node, std::string key, std::string detail);
};

// As a person writes it: the key alone in the default bucket, else bucket/key.
std::string key_text(const Key& key);
// "12.345s"; microseconds when there are any.
std::string time_text(TimeNs at_ns);

}  // namespace dkv::sim
