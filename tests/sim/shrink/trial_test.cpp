#include "sim/shrink/trial.h"

#include <algorithm>
#include <string>

#include "sim/draw/fault_schedule.h"
#include "sim/scenario/write.h"
#include "sim/world/runner.h"
#include "tests/sim/kit.h"
#include "tests/sim/scenario/text.h"

using namespace dkv;
using namespace dkv::sim;

namespace {

// Nothing repairs n3, which missed the put.
const char* const kUnrepaired =
    "run: 3s\n"
    "heal_within: 1s\n"
    "cluster: {nodes: 3, anti_entropy: off, read_repair: false, hints: {ttl: 1ms}}\n"
    "network: {latency: 1ms}\n"
    "workload:\n"
    "  steps:\n"
    "    - {at: 1500ms, as: ann, via: n1, put: cart, value: a}\n"
    "faults:\n"
    "  - {at: 500ms, for: 100ms, crash: n2}\n"
    "  - {at: 1s, for: 1s, partition: [[n1, n2], [n3]]}\n";

std::vector<Failure> failures(const Scenario& scenario) {
  World world(std::make_shared<const Scenario>(scenario), scenario.seed,
              std::make_shared<const Schedule>(draw_schedule(scenario, scenario.seed)));
  while (world.step()) {
  }
  return failures_of(world, summarize(world));
}

Verdict verdict_on(const Scenario& scenario, const Target& target, std::uint64_t events_max = 1'000'000) {
  Trial trial(scenario, target, events_max);
  while (trial.advance(100)) {
  }
  return trial.verdict();
}

Target breach(Breach breach) {
  return {.kind = Target::Kind::kBreach, .breach = breach};
}

}  // namespace

TEST_CASE("a candidate fails when the wanted breach shows, and another breach is told beside it") {
  const Scenario scenario = load_good(kUnrepaired);
  const std::vector<Failure> all = failures(scenario);
  REQUIRE_FALSE(all.empty());
  CHECK(all.front().target.breach == Breach::kReplicasDiffer);
  CHECK(all.front().key == "cart");
  CHECK(verdict_on(scenario, all.front().target).fails);
  const Verdict other = verdict_on(scenario, breach(Breach::kHintErased));
  CHECK_FALSE(other.fails);
  CHECK(std::ranges::any_of(other.others, [&](const Failure& one) { return same(one.target, all.front().target); }));
}

TEST_CASE("a trial ends with the wanted violation, not with the run") {
  Trial trial(load_good(kUnrepaired), breach(Breach::kTwoWritesOneDot), 1'000'000);
  REQUIRE(trial.advance(20));
  Observer& observer = trial;
  observer.on_violation({.invariant = Invariant::kUniqueDots, .breach = Breach::kHintErased, .key = "cart"});
  CHECK(trial.advance(1));
  observer.on_violation({.invariant = Invariant::kUniqueDots, .breach = Breach::kTwoWritesOneDot, .key = "cart"});
  CHECK_FALSE(trial.advance(1));
  CHECK(trial.verdict().fails);
}

TEST_CASE("a candidate that takes too many events is given up") {
  const Scenario scenario = load_good(kUnrepaired);
  const Verdict verdict = verdict_on(scenario, breach(Breach::kHintErased), 50);
  CHECK(verdict.too_long);
  CHECK_FALSE(verdict.fails);
}

TEST_CASE("a breach that the scenario expects is no failure") {
  const Scenario scenario = load_good(std::string(kUnrepaired) + "expect: [violations: [I1, I2, I3, I4, I6]]\n");
  CHECK_FALSE(verdict_on(scenario, breach(Breach::kReplicasDiffer)).fails);
}

TEST_CASE("an expectation and a step are the same failure only when they fail in the same way") {
  const std::string head =
      "run: 2s\n"
      "cluster: {nodes: 3}\n"
      "workload:\n"
      "  steps:\n"
      "    - {at: 500ms, as: ann, put: cart, value: milk}\n";
  const Scenario value = load_good(head + "    - {at: 1s, as: ann, get: cart, expect: {value: eggs}}\n");
  const std::vector<Failure> of_value = failures(value);
  REQUIRE(of_value.size() == 1);
  CHECK(of_value[0].target.kind == Target::Kind::kStep);
  CHECK(verdict_on(value, of_value[0].target).fails);
  const Scenario nothing = load_good(
      "run: 2s\ncluster: {nodes: 3}\nworkload: {steps: [{at: 1s, as: ann, get: cart, expect: {value: eggs}}]}\n");
  CHECK_FALSE(verdict_on(nothing, of_value[0].target).fails);  // it finds nothing: another way to fail

  const Scenario metric = load_good(head + "expect: [puts_ok == 0, gets_ok == 1]\n");
  const std::vector<Failure> of_metric = failures(metric);
  REQUIRE(of_metric.size() == 2);
  CHECK(of_metric[0].detail == "puts_ok == 0: it is 1");
  CHECK(target_word(of_metric[0].target) == "puts_ok");
  CHECK(verdict_on(metric, of_metric[0].target).fails);
  CHECK_FALSE(verdict_on(value, of_metric[0].target).fails);
}

TEST_CASE("a candidate that no file can say does not count") {
  Scenario scenario = load_good(kUnrepaired);
  scenario.faults.push_back(scenario.faults.front());  // a node that is down cannot go down
  CHECK_FALSE(can_be_written(scenario));
  CHECK_FALSE(verdict_on(scenario, breach(Breach::kReplicasDiffer)).fails);
}
