// Violations, expectations and scripted steps in the whole debugger.
#include "tests/viz/run.h"
#include "tests/viz/stage.h"

using namespace dkv;
using namespace dkv::viz;
using namespace dkv::viz::kit;

namespace {

// Everything is slower than the heal, so the violation stands in the last event.
constexpr const char* kSlow = R"(about: a network that is slower than its heal
seed: 5
run: 30s
heal_within: 2s
cluster: {nodes: 3, n: 3, r: 2, w: 2, timeout: 20s, heartbeat: {every: 5s, unreachable_after: 20s}}
network: {latency: {uniform: [3s, 6s]}}
workload: {clients: 2, load: {rate: 1/s}, mix: {get: 20, update: 80}, keys: {count: 4}}
)";

constexpr const char* kWrong = R"(about: expectations that fail
run: 2s
cluster: {nodes: 3, n: 3, r: 2, w: 2}
workload:
  steps:
    - {at: 100ms, as: alice, via: n1, put: cart, value: milk}
    - {at: 500ms, as: bob, via: n2, get: cart, expect: {value: eggs}}
    - {at: 900ms, as: bob, via: n2, get: cart, expect: {value: milk}}
expect:
  - availability >= 100%
  - stale_reads == 7
)";

}  // namespace

TEST_CASE("V stops at a violation in the last event of the run") {
  Stage stage(source_of(kSlow, 5));
  const auto& violations = stage.workspace().session.branch().violations;
  REQUIRE_FALSE(violations.empty());
  REQUIRE(violations.back().event == stage.workspace().session.branch().explored);
  stage.play("press V\nsettle\nexpect notice \"Stopped at the next finding\"\n");
  CHECK(stage.workspace().session.at() == violations.front().event);
  CHECK_THAT(stage.fact("notice"), ContainsSubstring(sim::invariant_code(violations.front().violation.invariant)));
}

TEST_CASE("expectations that fail are shown, those of steps with their moments") {
  Stage stage(source_of(kWrong));
  stage.play(
      "press End\nsettle\nfocus panel=oracles\nwait 2\nexpect \"failed expectations\" 2\n"
      "see \"failed expectation 1\"\nsee \"failed step 1\"\nabsent \"failed step 2\"\n");
  const Branch& branch = stage.workspace().session.branch();
  REQUIRE(branch.failed_steps.size() == 1);
  CHECK(branch.failed_steps[0].session == "bob");
  CHECK(branch.failed_steps[0].line == 7);
  stage.play("click \"failed step 1\"\nsettle\n");
  CHECK(stage.workspace().session.at() == branch.failed_steps[0].event);
  stage.play("press Home\nsettle\npress V\nsettle\nexpect notice \"bob expected another answer\"\n");
  CHECK(stage.workspace().session.at() == branch.failed_steps[0].event);
  stage.play("press V\nsettle\nexpect notice \"2 expectations do not hold\"\n");
}

TEST_CASE("a run whose expectations hold says so at its end") {
  Stage stage(scenario_named("shopping-carts"));
  stage.play(
      "focus panel=oracles\npress End\nsettle\nexpect \"failed expectations\" 0\nsee \"all expectations hold\"\n");
}

TEST_CASE("the next operation that went wrong is found by key, by button and by script") {
  Stage stage(scenario_named("stale-reads-r1w1"));
  const auto& setbacks = stage.workspace().session.branch().setbacks;
  REQUIRE(setbacks.size() > 1);
  stage.play("press W\nsettle\nexpect notice \"stale read\"\n");
  CHECK(stage.workspace().session.at() == setbacks.front().event);
  stage.play("press Home\nsettle\nclick \"Next setback\"\nsettle\n");
  CHECK(stage.workspace().session.at() == setbacks.front().event);
  stage.play("press Home\nsettle\nuntil setback\n");
  CHECK(stage.workspace().session.at() == setbacks.front().event);
  stage.play("focus panel=oracles\nwait 3\nclick \"setback 2\"\nsettle\n");
  CHECK(stage.workspace().session.at() == setbacks[1].event);
}
