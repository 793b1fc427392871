// I13 in whole runs: clocks are short after the end.
#include "tests/sim/kit.h"

using namespace dkv;
using namespace dkv::sim;
using kit::cluster_of;
using kit::Play;

namespace {

// Each node lives many times, and each life writes the keys.
Scenario restless() {
  Scenario scenario = cluster_of(3);
  kit::load(scenario, 4, 200);
  scenario.run_ns = 5 * kSecond;
  return scenario;
}

Schedule crashes() {
  Schedule faults;
  for (TimeNs at_ns = 200 * kMillisecond; at_ns < 4 * kSecond; at_ns += 200 * kMillisecond) {
    const auto node = static_cast<NodeId>(at_ns / (200 * kMillisecond) % 3);
    faults.push_back(kit::fault(FaultKind::kCrash, at_ns, 50 * kMillisecond, {node}));
  }
  return faults;
}

std::string why_not_bounded(const RunResult& result) {
  for (const NotJudged& one : result.not_judged) {
    if (one.invariant == Invariant::kBounds) return one.why;
  }
  return {};
}

}  // namespace

TEST_CASE("after many lives of its nodes, a cluster shortens the clocks of all keys") {
  const RunResult result = Play(restless(), crashes()).to_end();
  CHECK(result.violations.empty());
  CHECK(result.metrics.at("restarts") >= 15);
  CHECK(why_not_bounded(result) == "");
}

TEST_CASE("short clocks are not promised where nothing is reaped, or where a power loss may take proofs away") {
  Scenario never = restless();
  never.cluster.node.reap_every_ns = 0;
  CHECK(why_not_bounded(Play(never, crashes()).to_end()) == "not promised here, because nothing is reaped");
  Scenario unsynced = restless();
  unsynced.cluster.node.storage.sync = SyncPolicy::kNever;
  CHECK(why_not_bounded(Play(unsynced, crashes()).to_end()) ==
        "not promised here, because a power loss may take what was acknowledged");
}
