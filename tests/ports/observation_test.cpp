#include "engine/ports/observation.h"

#include <set>
#include <string>

#include "tests/catch.h"

namespace dkv {
namespace {

TEST_CASE("every observation has its own name, and a run shows each count under one name") {
  std::set<std::string> names, metrics;
  for (const ObservedInfo& info : all_observed()) {
    CHECK(names.insert(info.name).second);
    CHECK(std::string(info.name) == observed_name(info.value));
    CHECK(std::string(info.help) != "");
    if (info.run_metric != nullptr) CHECK(metrics.insert(info.run_metric).second);
  }
  CHECK(names.size() == kObservedKinds);
}

TEST_CASE("each kind of observation is counted by itself") {
  ObservedCounts counts;
  counts.add(Observed::kServing);
  counts.add(Observed::kStaleDropped);
  counts.add(Observed::kStaleDropped);
  CHECK(counts[Observed::kServing] == 1);
  CHECK(counts[Observed::kStaleDropped] == 2);
  CHECK(counts[Observed::kHintSent] == 0);
}

}  // namespace
}  // namespace dkv
