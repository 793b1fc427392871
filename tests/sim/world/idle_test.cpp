// I7 in whole runs: a copy of the cluster idles after the end.
#include "tests/sim/kit.h"

using namespace dkv;
using namespace dkv::sim;
using kit::cluster_of;
using kit::Play;

namespace {

Scenario some_writes(std::uint32_t nodes = 4) {
  Scenario scenario = cluster_of(nodes);
  kit::load(scenario, 4, 100);
  scenario.run_ns = 4 * kSecond;
  return scenario;
}

std::string why_not(const RunResult& result) {
  for (const NotJudged& one : result.not_judged) {
    if (one.invariant == Invariant::kQuiet) return one.why;
  }
  return {};
}

}  // namespace

TEST_CASE("a cluster that has converged after a partition idles quietly") {
  Play play(some_writes(), {kit::between(FaultKind::kPartition, kSecond, 2 * kSecond, {0}, {1, 2, 3})});
  const RunResult result = play.to_end();
  CHECK(result.pass);
  CHECK(why_not(result) == "");
}

TEST_CASE("the judgement of an idle cluster leaves no trace in the run") {
  Play judged(some_writes()), unjudged(some_writes(), {}, 1, {.oracle = false});
  const RunResult with = judged.to_end(), without = unjudged.to_end();
  CHECK(with.fingerprint == without.fingerprint);
  CHECK(with.events == without.events);
  CHECK(with.sim_ns == without.sim_ns);
  CHECK(with.metrics.at("messages_sent") == without.metrics.at("messages_sent"));
}

TEST_CASE("tombstones that are reaped while a cluster idles cause no violation") {
  Scenario scenario = some_writes();
  scenario.workload.mix = {.put = 50, .remove = 50};
  scenario.cluster.node.reap_every_ns = 100 * kMillisecond;
  scenario.cluster.node.heartbeat_every_ns = 100 * kMillisecond;
  scenario.cluster.node.unreachable_after_ns = kSecond;
  Play play(scenario);
  const RunResult result = play.to_end();
  CHECK(result.pass);
  CHECK(why_not(result) == "");
}

// The coordinator has given up while a replica still reads the value from its disk.
TEST_CASE("an answer that waits for a disk when the run has converged belongs to the run") {
  Scenario scenario = some_writes();
  scenario.cluster.request_timeout_ns = 100 * kMillisecond;
  scenario.cluster.node.storage.cache_bytes = 0;
  scenario.disk.read = Distribution::uniform(50 * kMillisecond, kSecond);
  const RunResult result = Play(scenario).to_end();
  CHECK(result.pass);
  CHECK(why_not(result) == "");
}

TEST_CASE("a run that can't judge an idle cluster says why") {
  Scenario scenario = some_writes();
  scenario.cluster.node.anti_entropy_every_ns = 0;
  CHECK(why_not(Play(scenario).to_end()) == "there is no anti-entropy");
  Play rotten(some_writes(), {kit::fault(FaultKind::kBitRot, 2 * kSecond, 0, {1})});
  const RunResult result = rotten.to_end();
  REQUIRE(result.metrics.at("disk_damages") > 0);
  CHECK_THAT(why_not(result), ContainsSubstring("damaged"));
  Scenario alone = cluster_of(1);
  alone.cluster.replicas = alone.cluster.read_need = alone.cluster.write_need = 1;
  CHECK(why_not(Play(alone).to_end()) == "there is one node");
}
