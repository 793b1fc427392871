#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/key.h"
#include "sim/oracle/oracle.h"
#include "sim/verdict/result.h"

namespace dkv::sim {

// The results of the oracles. All violations are counted. The first Oracle::kViolationsMax are kept, and of each
// invariant at least the first one: a flood of expected violations must not hide an unexpected one.
struct Findings {
  std::vector<Violation> violations;
  std::uint64_t violation_count = 0;
  std::array<std::uint64_t, kInvariants> counts{};  // by invariant
  std::vector<NotJudged> not_judged;
  std::vector<Excused> excused;
  std::vector<Excused> discarded;
  std::vector<StaleRead> stale_reads;
  std::vector<Setback> setbacks;  // that observers have not been told yet
  Oracle::Counters counters;

  // Whether the next violation would be kept. Texts are costly, and a broken run may have a million violations.
  bool wanted(Invariant invariant) const noexcept {
    return violations.size() < Oracle::kViolationsMax || count_of(invariant) == 0;
  }
  std::uint64_t count_of(Invariant invariant) const noexcept { return counts[static_cast<std::size_t>(invariant)]; }
  // Its invariant is set here, by its breach.
  void add(Violation violation);
};

// The writes of its versions. Null: none.
std::vector<WriteTag> tags_of(const Object& object);
std::vector<WriteTag> tags_of(const ObjectPtr& object);

// The key as a person writes it: without the bucket if that is the default, otherwise bucket/key.
std::string key_text(const Key& key);
// "12.345s"; down to microseconds when they are not 0.
std::string time_text(TimeNs at_ns);

}  // namespace dkv::sim
