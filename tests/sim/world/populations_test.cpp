#include "sim/world/populations.h"

#include "sim/world/runner.h"
#include "tests/sim/kit.h"

using namespace dkv;
using namespace dkv::sim;

namespace {

Expectation at_least(const char* metric, double number) {
  return {.metric = metric, .compare = Compare::kGreaterEqual, .number = number, .text = metric, .line = 1};
}

RunResult played(const Scenario& scenario, Schedule schedule = {}) {
  return run(std::make_shared<const Scenario>(scenario), 1, std::make_shared<const Schedule>(std::move(schedule)));
}

std::string not_judged(const RunResult& result, Invariant invariant) {
  for (const NotJudged& one : result.not_judged) {
    if (one.invariant == invariant) return one.why;
  }
  return {};
}

}  // namespace

TEST_CASE("an expectation about operations that never happened does not hold") {
  Scenario scenario = kit::cluster_of(3);
  scenario.expect = {at_least("availability", 0), at_least("get_p99_ms", 0), at_least("stale_read_percent", 0)};
  const RunResult result = played(scenario);
  CHECK_FALSE(result.pass);
  REQUIRE(result.failed_expectations.size() == 3);
  CHECK(result.failed_expectations[0] == "availability: nothing to judge, nothing was asked (line 1)");
  CHECK(result.failed_expectations[1] == "get_p99_ms: nothing to judge, no get was done (line 1)");
}

TEST_CASE("an invariant that nothing could have broken is not called held") {
  const RunResult idle = played(kit::cluster_of(3));
  CHECK(idle.pass);
  CHECK(not_judged(idle, Invariant::kNoLostWrite) == "nothing was written");
  CHECK(not_judged(idle, Invariant::kSessions) == "no get was judged");
  CHECK(not_judged(idle, Invariant::kHintLedger) == "no hint was made");
  CHECK(not_judged(idle, Invariant::kExpiry) == "no value has a time to live");
  CHECK(not_judged(idle, Invariant::kRecovery).empty());

  Scenario busy = kit::cluster_of(3);
  kit::load(busy, 4, 50);
  const RunResult result = played(busy);
  CHECK(not_judged(result, Invariant::kNoLostWrite).empty());
  CHECK(not_judged(result, Invariant::kConvergence).empty());
}

TEST_CASE("sessions are judged where primaries of gets and puts overlap, and only there") {
  Scenario scenario = kit::cluster_of(3);
  kit::load(scenario, 4, 50);
  scenario.cluster.read_primary = scenario.cluster.write_primary = 1;
  CHECK(not_judged(played(scenario), Invariant::kSessions) == "not promised here, because pr + pw is 2 and n is 3");
  scenario.cluster.read_primary = scenario.cluster.write_primary = 2;
  CHECK(not_judged(played(scenario), Invariant::kSessions).empty());
}

TEST_CASE("an announced violation that does not come fails the run") {
  Scenario scenario = kit::cluster_of(3);
  kit::load(scenario, 4, 50);
  scenario.expected_violations = {"I3"};
  const RunResult result = played(scenario);
  CHECK_FALSE(result.pass);
  CHECK(result.failed_expectations == std::vector<std::string>{"violations: I3 was expected to break, and did not"});
}

TEST_CASE("a fault that changed nothing is named, and one that lost a message is not") {
  Scenario scenario = kit::cluster_of(3);
  kit::load(scenario, 4, 50);
  Fault none = kit::fault(FaultKind::kLoss, kSecond, kSecond, {0});
  Fault all = none;
  all.rate_ppm = 1'000'000;
  const Fault cut = kit::between(FaultKind::kPartition, 3 * kSecond, kSecond, {0}, {1, 2});
  const RunResult result = played(scenario, {none, all, cut});
  CHECK(result.world.idle_faults == std::vector<std::uint32_t>{0});
}
