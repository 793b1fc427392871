#include "sim/curve/failure.h"

#include <limits>

#include "tests/sim/kit.h"

using namespace dkv;
using namespace dkv::sim;

namespace {

Scenario one_put() {
  Scenario scenario = kit::cluster_of(3);
  scenario.workload.steps = {kit::step(kSecond, "alice", StepKind::kPut, "cart", "milk")};
  return scenario;
}

}  // namespace

TEST_CASE("a run that passes has no failure") {
  kit::Play play(one_put());
  CHECK(play.to_end().pass);
  CHECK_FALSE(failure_of(play.world));
}

TEST_CASE("an expectation that does not hold is the failure, and shows at the end of a run only") {
  Scenario scenario = one_put();
  scenario.expect = {{.metric = "ops_ok", .compare = Compare::kGreater, .number = 0, .text = "ops_ok > 0"},
                     {.metric = "ops_ok", .compare = Compare::kEqual, .number = 9, .text = "ops_ok == 9"}};
  kit::Play play(scenario);
  play.until(2 * kSecond);
  const World early = play.world;
  play.to_end();
  const auto failure = failure_of(play.world);
  REQUIRE(failure);
  CHECK(failure->kind == SameFailure::Kind::kExpectation);
  CHECK(failure->index == 1);
  CHECK(fails_by(play.world, *failure));
  CHECK(fails_like(play.world, *failure));
  CHECK_FALSE(fails_by(early, *failure));
}

TEST_CASE("a step that comes to something else is the failure from then on") {
  Scenario scenario = one_put();
  scenario.workload.steps.front().expect.outcome = Outcome::kRefused;
  kit::Play play(scenario);
  play.until(900 * kMillisecond);
  const World before = play.world;
  play.until(1'500 * kMillisecond);
  const World after = play.world;
  play.to_end();
  const auto failure = failure_of(play.world);
  REQUIRE(failure);
  CHECK(failure->kind == SameFailure::Kind::kStep);
  CHECK_FALSE(fails_by(before, *failure));
  CHECK(fails_by(after, *failure));
}

TEST_CASE("a run that ends before its replicas agree fails by that invariant, at whatever key") {
  Scenario scenario = one_put();
  scenario.heal_within_ns = 200 * kMillisecond;
  scenario.workload.steps.front().at_ns = scenario.run_ns - kMillisecond;
  LinkRule slow;
  slow.from = {0};
  slow.to = {1, 2};
  slow.legs = {Leg::kWrite};
  slow.latency = Distribution::constant(kSecond);
  scenario.network.rules = {slow};
  kit::Play play(scenario);
  play.to_end();
  const auto failure = failure_of(play.world);
  REQUIRE(failure);
  CHECK(failure->kind == SameFailure::Kind::kInvariant);
  CHECK(failure->invariant == Invariant::kConvergence);
  CHECK(failure->until_ns == std::numeric_limits<TimeNs>::max());
  CHECK(fails_by(play.world, *failure));
  SameFailure elsewhere = *failure;
  elsewhere.key = "another";
  CHECK_FALSE(fails_by(play.world, elsewhere));
  CHECK(fails_like(play.world, elsewhere));
  SameFailure sooner = *failure;
  sooner.until_ns = kSecond;
  CHECK_FALSE(fails_by(play.world, sooner));
  CHECK(fails_like(play.world, sooner));
}
