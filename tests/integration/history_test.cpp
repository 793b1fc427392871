// Real clients under real faults, judged by the simulator's oracle.
#include <signal.h>

#include "engine/runtime/config.h"
#include "tests/catch.h"
#include "tests/integration/load.h"

using namespace dkv;
using namespace dkv::integration;

namespace {

constexpr std::size_t kPhase = 150;  // operations

Cast cast_of(const Cluster& cluster) {
  const auto config = load_server_config_file(cluster.config_file(), {.node = "n1", .data = ".", .sets = {}});
  REQUIRE(config);
  Cast cast{.members = {}, .partitions = config->quorum.partitions, .replicas = config->quorum.replicas};
  for (const ClusterMember& member : config->members) cast.members.push_back(member.member);
  return cast;
}

// A crash, a pause, and a crash of the node that had been paused, each under load.
void play_faults(Cluster& cluster, Load& load) {
  load.go_on_for(kPhase);
  cluster.kill(2);
  load.go_on_for(kPhase);
  cluster.restart(2);
  load.go_on_for(kPhase);
  cluster.process(1).pause();
  load.go_on_for(kPhase);
  cluster.process(1).signal(SIGCONT);
  load.go_on_for(kPhase);
  cluster.kill(1);
  load.go_on_for(kPhase);
  cluster.restart(1);
  load.go_on_for(kPhase);
  load.stop();
  cluster.wait_until_met();
}

std::size_t acknowledged_writes(const std::vector<Operation>& operations) {
  std::size_t count = 0;
  for (const Operation& operation : operations) {
    count += operation.kind != RequestKind::kGet && operation.outcome == Outcome::kDone ? 1 : 0;
  }
  return count;
}

void check(const Cluster& cluster, Load& load, const LoadPlan& plan) {
  Finals finals = load.look_at_the_end();
  const auto operations = load.history().operations();
  const Cast cast = cast_of(cluster);
  const Judgement judgement = judge(operations, finals, cast);
  INFO(judgement.text());
  CHECK(judgement.violations.empty());
  CHECK(judgement.counters.reads_judged > kPhase);
  CHECK(acknowledged_writes(operations) > kPhase);
  // The other keys are left out, because a delete of each had an unknown outcome.
  CAPTURE(judgement.keys_left_out);
  CHECK(judgement.keys > plan.keys / 2);

  // The same record with one key missing from all disks: the judge must find it.
  std::size_t lost = 0;
  for (std::uint32_t key = 0; key < plan.keys && lost == 0; ++key) {
    Finals robbed = finals;
    for (auto& node : robbed) node[key] = nullptr;
    for (const auto& violation : judge(operations, robbed, cast).violations) {
      lost += violation.invariant == sim::Invariant::kNoLostWrite ? 1 : 0;
    }
  }
  CHECK(lost > 0);
}

}  // namespace

TEST_CASE("the oracle finds nothing in the histories of clients of two replicas under crashes and pauses") {
  // Sloppy: the third node stands in for one that is gone, and its hints bring the missed writes back.
  Cluster cluster({.nodes = 3, .cluster = "n: 2, r: 1, w: 2, timeout: 1s", .rest = {}});
  const LoadPlan plan;
  Load load(cluster, plan);
  play_faults(cluster, load);
  check(cluster, load, plan);
}

TEST_CASE("the oracle finds nothing in the histories of clients of three replicas, sessions included") {
  // Two primaries each way: every read must show every write that was acknowledged before it began.
  Cluster cluster({.nodes = 3, .cluster = "n: 3, r: 2, w: 2, timeout: 1s", .rest = {}});
  const LoadPlan plan{.sessions = 6, .keys = 24, .pr = 2, .pw = 2};
  Load load(cluster, plan);
  play_faults(cluster, load);
  check(cluster, load, plan);
}
