// I12 in whole runs: a copy of the cluster is asked for its keys after the end.
#include "tests/sim/kit.h"

using namespace dkv;
using namespace dkv::sim;
using kit::cluster_of;
using kit::Play;

namespace {

Scenario busy(std::uint32_t nodes = 4) {
  Scenario scenario = cluster_of(nodes);
  kit::load(scenario, 4, 100);
  scenario.run_ns = 4 * kSecond;
  return scenario;
}

std::string why_not_asked(const RunResult& result) {
  for (const NotJudged& one : result.not_judged) {
    if (one.invariant == Invariant::kProgress) return one.why;
  }
  return {};
}

}  // namespace

TEST_CASE("a healthy cluster does all that it is asked after the end") {
  const RunResult result = Play(busy(), {kit::fault(FaultKind::kCrash, kSecond, 2 * kSecond, {0})}).to_end();
  CHECK(result.pass);
  CHECK(why_not_asked(result) == "");
}

// The questions are about the state of the cluster. The network of the run may lose most of them.
TEST_CASE("a network that loses messages keeps no question from its answer") {
  Scenario scenario = busy();
  scenario.network.loss_ppm = 300'000;
  scenario.cluster.node.unreachable_after_ns = 20 * scenario.cluster.node.heartbeat_every_ns;
  const RunResult result = Play(scenario).to_end();
  CHECK(result.violations.empty());
  CHECK(why_not_asked(result) == "");
}

TEST_CASE("a lone node, a cluster without anti-entropy and damaged disks are asked, too") {
  Scenario alone = busy(1);
  alone.cluster.replicas = alone.cluster.read_need = alone.cluster.write_need = 1;
  CHECK(Play(alone).to_end().pass);
  Scenario off = busy();
  off.cluster.node.anti_entropy_every_ns = 0;
  CHECK(Play(off).to_end().pass);
  const RunResult rotten = Play(busy(), {kit::fault(FaultKind::kBitRot, 2 * kSecond, 0, {1})}).to_end();
  REQUIRE(rotten.metrics.at("disk_damages") > 0);
  CHECK(rotten.pass);
  CHECK(why_not_asked(rotten) == "");
}

TEST_CASE("a node that takes one operation at a time answers one question after the other") {
  Scenario scenario = busy();
  scenario.cluster.node.operations_max = 1;
  const RunResult result = Play(scenario).to_end();
  CHECK(result.violations.empty());
  CHECK(why_not_asked(result) == "");
}
