// A cluster without faults: requests are carried out, groups of appends share a sync, nothing grows without bound,
// and a run that cannot come to rest reports that.
#include "sim/world/world.h"

#include <algorithm>

#include "tests/sim/kit.h"

using namespace dkv;
using namespace dkv::sim;
using kit::cluster_of;
using kit::Play;
using kit::step;

namespace {

std::string codes(const std::vector<Violation>& violations) {
  std::string text;
  for (const Violation& one : violations)
    text += (text.empty() ? "" : " ") + std::string(invariant_code(one.invariant));
  return text;
}

// One get waits for its answers much longer than the heal may take.
Scenario without_rest() {
  Scenario scenario = cluster_of(3);
  scenario.cluster.request_timeout_ns = 10 * kSecond;
  scenario.heal_within_ns = kSecond;
  scenario.workload.steps = {step(3900 * kMillisecond, "ann", StepKind::kGet, "cart")};
  LinkRule slow;
  slow.from = {0};
  slow.to = {1, 2};
  slow.legs = {Leg::kRead};
  slow.latency = Distribution::constant(5 * kSecond);
  scenario.network.rules = {slow};
  return scenario;
}

}  // namespace

TEST_CASE("a quiet cluster starts, stays whole and has converged at the first look after the heal") {
  Play play(cluster_of(5));
  const RunResult result = play.to_end();
  CHECK(result.pass);
  CHECK(play.world.converged());
  CHECK(play.world.converged_after_ns() == 0);
  CHECK(play.healed_at_ns == 4 * kSecond);
  CHECK(play.converged_at_ns == 4 * kSecond);
  CHECK(result.metrics.at("peers_lost") == 0);
  CHECK(result.metrics.at("restarts") == 0);
  CHECK(result.metrics.at("messages_lost") == 0);
  CHECK(play.kinds["message"] > 100);  // heartbeats
  CHECK_FALSE(play.world.step());      // and nothing more
  CHECK(play.world.now() == 4 * kSecond);
}

TEST_CASE("a session gets its own put, which is on the disks of all primaries") {
  Scenario scenario = cluster_of(5);
  Step get = step(2 * kSecond, "ann", StepKind::kGet, "cart");
  get.expect.value = "milk";
  scenario.workload.steps = {step(kSecond, "ann", StepKind::kPut, "cart", "milk"), get};
  Play play(scenario);
  const RunResult result = play.to_end();
  CHECK(result.pass);
  REQUIRE(play.operations.size() == 2);
  CHECK(play.operations[0].outcome == Outcome::kDone);
  CHECK(play.operations[1].value == "milk");
  const Key key = *Key::make(kDefaultBucket, "cart");
  const Placement& placement = play.world.placement();
  for (NodeId node = 0; node < 5; ++node) {
    CHECK((play.world.image(node).find(key) != nullptr) == placement.is_primary(placement.partition(key.hash()), node));
  }
}

TEST_CASE("the latency of a put is its legs and one sync, because the syncs of the replicas overlap") {
  Scenario scenario = cluster_of(3);
  scenario.workload.steps = {step(kSecond, "ann", StepKind::kPut, "cart", "milk")};  // ann's home is n1
  Play play(scenario);
  play.to_end();
  REQUIRE(play.operations.size() == 1);
  // Half a millisecond each way between the client and its home node; then 1 ms there, 1 ms sync, 1 ms back, and its
  // own sync meanwhile.
  CHECK(play.operations[0].finished_ns - play.operations[0].started_ns == 4 * kMillisecond);
}

TEST_CASE("appends that arrive during a sync share the next one") {
  Scenario scenario = cluster_of(3);
  kit::load(scenario, 64, 4000);
  scenario.workload.mix = {.get = 0, .put = 1};
  scenario.workload.keys = 500;
  scenario.run_ns = 3 * kSecond;
  scenario.disk.sync = Distribution::constant(10 * kMillisecond);
  Play play(scenario);
  const RunResult result = play.to_end();
  const auto puts = static_cast<std::uint64_t>(result.metrics.at("puts_ok"));
  CHECK(result.violations.empty());
  CHECK(puts > 5'000);
  // A disk does at most a hundred syncs a second, even under more load.
  CHECK(play.kinds["synced"] <= 3 * 100 * 4);
  CHECK(play.kinds["synced"] > 3 * 100 * 2);
}

TEST_CASE("a lost client message leaves the client waiting, and its operation unknown") {
  Scenario scenario = cluster_of(3);
  scenario.workload.steps = {step(kSecond, "ann", StepKind::kPut, "cart", "milk")};
  LinkRule rule;
  rule.from = {0};
  rule.to = {1, 2};
  rule.loss_ppm = 1'000'000;
  scenario.network.rules = {rule};
  scenario.cluster.mode = QuorumMode::kStrict;
  scenario.cluster.request_timeout_ns = 200 * kMillisecond;
  scenario.run_ns = 2 * kSecond;
  scenario.heal_within_ns = kSecond;
  Play play(scenario);
  play.to_end();
  REQUIRE(play.operations.size() == 1);
  CHECK(play.operations[0].outcome != Outcome::kDone);
}

TEST_CASE("only the written data grows with the length of a run") {
  Scenario scenario = cluster_of(3);
  kit::load(scenario, 32, 2000);
  scenario.workload.keys = 1000;
  scenario.run_ns = 60 * kSecond;
  scenario.network.latency = Distribution::uniform(200 * kMicrosecond, 800 * kMicrosecond);
  Play play(scenario, {}, 1, {.codec = false});  // to save time
  std::size_t pending_most = 0, pending_early = 0, disk_most = 0;
  std::uint32_t busy_most = 0, in_progress_most = 0;
  for (TimeNs at_ns = kSecond; at_ns <= 60 * kSecond; at_ns += 100 * kMillisecond) {
    play.until(at_ns);
    pending_most = std::max(pending_most, play.world.pending_events());
    if (at_ns <= 10 * kSecond) pending_early = pending_most;
    busy_most = std::max(busy_most, play.world.clients().busy());
    for (NodeId node = 0; node < 3; ++node) {
      in_progress_most = std::max(in_progress_most, play.world.node(node)->operations_in_progress());
      disk_most = std::max(disk_most, play.world.image(node).object_count());
      REQUIRE(play.world.node(node)->hints().size() == 0);
    }
  }
  CHECK(play.world.pending_events() > 0);
  CHECK(pending_most < 2'000);
  CHECK(pending_most <= pending_early + pending_early / 2);
  CHECK(busy_most <= 32);
  CHECK(in_progress_most <= 2 * 32);  // a forwarded request counts at both ends
  CHECK(disk_most <= 1000);
  const RunResult result = play.to_end();
  CHECK(result.pass);
  CHECK(result.metrics.at("ops_ok") > 100'000);
  for (NodeId node = 0; node < 3; ++node) CHECK(play.world.node(node)->operations_in_progress() == 0);
}

TEST_CASE("a backlog that overloads the clients holds only requests that were due") {
  Scenario scenario = cluster_of(3);
  kit::load(scenario, 2, 2000);
  scenario.workload.mix = {.get = 1, .put = 0};
  scenario.run_ns = 2 * kSecond;
  scenario.network.latency = Distribution::constant(20 * kMillisecond);  // two clients manage about fifty a second
  Play play(scenario);
  const RunResult result = play.to_end();
  CHECK(result.metrics.at("gets_ok") > 20);
  CHECK(result.metrics.at("gets_ok") < 200);
  // Requests that were served late had waited for most of the run, and their latency shows it.
  CHECK(result.metrics.at("get_p99_ms") > 1000);
  CHECK(result.metrics.at("get_p50_ms") > 500);
  CHECK(result.sim_ns < 3 * kSecond);  // the heal drops requests that never began
}

TEST_CASE("replicas that can't converge are named when the time to converge is over") {
  Scenario scenario = cluster_of(3);
  scenario.cluster.node.anti_entropy_every_ns = 0;
  scenario.cluster.node.hints_every_ns = 0;
  scenario.cluster.node.read_repair = false;
  scenario.heal_within_ns = 3 * kSecond;
  scenario.workload.steps = {step(2 * kSecond, "ann", StepKind::kPut, "cart", "milk")};
  scenario.workload.steps[0].via = 0;
  Play play(scenario, {kit::between(FaultKind::kPartition, kSecond, 0, {0, 1}, {2})});
  const RunResult result = play.to_end();
  CHECK_FALSE(result.pass);
  CHECK_FALSE(play.world.converged());
  CHECK(play.world.converged_after_ns() == -1);
  CHECK(play.converged_at_ns == -1);
  CHECK_THAT(codes(result.violations), ContainsSubstring("I3"));
  CHECK(result.violations[0].key == "cart");
  CHECK(result.sim_ns == 7 * kSecond);
  CHECK(result.metrics.at("converged_after_ms") == 3000);
}

TEST_CASE("a cluster that finds no rest is a violation of convergence even when its disks agree") {
  Scenario scenario = without_rest();
  Play play(scenario);
  const RunResult result = play.to_end();
  CHECK(result.sim_ns == 5 * kSecond);
  REQUIRE(codes(result.violations) == "I3");
  CHECK_THAT(result.violations[0].detail, ContainsSubstring("before the cluster was at rest"));
}

TEST_CASE("a run without an oracle is the same, but without a judgement") {
  Scenario scenario = cluster_of(3);
  kit::load(scenario, 8, 300);
  Play judged(scenario), unjudged(scenario, {}, 1, {.oracle = false});
  const RunResult with = judged.to_end();
  const RunResult without = unjudged.to_end();
  CHECK(unjudged.world.judge() == nullptr);
  CHECK(with.operations[0].ok == without.operations[0].ok);
  CHECK(with.operations[1].ok == without.operations[1].ok);
  CHECK(with.fingerprint == without.fingerprint);
  CHECK(without.metrics.at("reads_judged") == 0);
  CHECK(with.metrics.at("reads_judged") > 0);
}

TEST_CASE("a copy of a world owes nothing to the world that it was taken from") {
  Scenario scenario = cluster_of(5);
  kit::load(scenario, 8, 300);
  auto original =
      std::make_unique<Play>(scenario, Schedule{kit::fault(FaultKind::kPowerLoss, kSecond, kSecond, {1})}, 3);
  original->until(1500 * kMillisecond);
  World copy = original->world;
  const std::uint64_t at_copy = original->world.events();
  RunResult expected = original->to_end();
  original.reset();
  CHECK(copy.events() == at_copy);
  while (copy.step()) {
  }
  CHECK(copy.fingerprint() == expected.fingerprint);
  CHECK(summarize(copy).metrics == expected.metrics);
}
