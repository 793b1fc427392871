#include "sim/oracle/findings.h"

#include <fmt/format.h>

#include <utility>

namespace dkv::sim {

void Findings::add(Violation violation) {
  violation.invariant = invariant_of(violation.breach);
  const bool keep = wanted(violation.invariant);
  ++violation_count;
  ++counts[static_cast<std::size_t>(violation.invariant)];
  if (keep) violations.push_back(std::move(violation));
}

std::vector<WriteTag> tags_of(const Object& object) {
  std::vector<WriteTag> tags;
  for (const Sibling& sibling : object.siblings()) tags.push_back(sibling.tag);
  return tags;
}

std::vector<WriteTag> tags_of(const ObjectPtr& object) {
  return object ? tags_of(*object) : std::vector<WriteTag>();
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
