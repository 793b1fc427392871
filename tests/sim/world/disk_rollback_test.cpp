// A disk that returns to an earlier state: the world carries it out, and its consequences are excused.
#include <algorithm>

#include "tests/sim/kit.h"

using namespace dkv;
using namespace dkv::sim;
using kit::cluster_of;
using kit::fault;
using kit::Play;
using kit::step;

namespace {

const Key kRolledBack = *Key::make(kDefaultBucket, "cart");

Fault rollback(TimeNs at_ns, TimeNs for_ns, NodeId node, TimeNs to_ns) {
  Fault made = fault(FaultKind::kDiskRollback, at_ns, for_ns, {node});
  made.to_ns = to_ns;
  return made;
}

// Puts through n1, without repair before the heal.
Scenario puts(std::initializer_list<TimeNs> times) {
  Scenario scenario = cluster_of(3);
  scenario.cluster.node.anti_entropy_every_ns = 5 * kSecond;
  scenario.cluster.node.read_repair = false;
  for (const TimeNs at_ns : times) {
    scenario.workload.steps.push_back(
        step(at_ns, "ann", StepKind::kPut, "cart", "value " + std::to_string(at_ns / kMillisecond)));
    scenario.workload.steps.back().via = 0;
  }
  return scenario;
}

std::uint64_t on_disk(const Play& play, NodeId node) {
  const ObjectPtr* found = play.world.image(node).find(kRolledBack);
  return found && *found ? (*found)->digest() : 0;
}
std::uint64_t in_store(const Play& play, NodeId node) {
  const Node* up = play.world.node(node);
  const ObjectPtr found = up ? up->store().find(kRolledBack) : ObjectPtr();
  return found ? found->digest() : 0;
}

}  // namespace

TEST_CASE("a disk is rolled back to the durable state of a moment, and its node starts from that") {
  const SyncPolicy policy = GENERATE(SyncPolicy::kAlways, SyncPolicy::kNever);
  CAPTURE(sync_policy_name(policy));
  Scenario scenario = puts({kSecond, 2 * kSecond});
  scenario.cluster.node.storage.sync = policy;
  // Under `never` nothing of the first put is durable: the backup is older than it.
  const bool kept = policy == SyncPolicy::kAlways;
  Play play(scenario, {rollback(2500 * kMillisecond, 300 * kMillisecond, 1, 1500 * kMillisecond)});
  play.until(1500 * kMillisecond);
  const std::uint64_t first = on_disk(play, 1);
  REQUIRE(first != 0);
  play.until(2499 * kMillisecond);
  REQUIRE(on_disk(play, 1) != first);
  play.until(2600 * kMillisecond);
  CHECK(play.world.node(1) == nullptr);
  CHECK(on_disk(play, 1) == first);
  play.until(2805 * kMillisecond);
  REQUIRE(play.world.node(1) != nullptr);
  CHECK(in_store(play, 1) == (kept ? first : 0));
  CHECK(play.life_of(1) == "lost power 2500, started 2800");
  const RunResult result = play.to_end();
  CHECK(result.violations.empty());  // the two others have both puts
  CHECK(on_disk(play, 1) == on_disk(play, 0));
}

TEST_CASE("without the fault a run knows nothing of moments, with it the moment is an event") {
  Play plain(puts({kSecond}));
  plain.to_end();
  CHECK(plain.kinds["moment"] == 0);
  Play rolled(puts({kSecond}), {rollback(2 * kSecond, 300 * kMillisecond, 1, 1500 * kMillisecond)});
  rolled.to_end();
  CHECK(rolled.kinds["moment"] == 1);
}

TEST_CASE("a copy of a world keeps the backup that a fault will need") {
  Play play(puts({kSecond, 2 * kSecond}), {rollback(2500 * kMillisecond, 300 * kMillisecond, 1, 1500 * kMillisecond)});
  play.until(2 * kSecond);
  World copy = play.world;
  const RunResult result = play.to_end();
  while (copy.step()) {
  }
  CHECK(copy.fingerprint() == result.fingerprint);
}

// The backup is from the first epoch. After the crash n1 counts in the second one. After the rollback it begins the
// second one again, under another id. Earlier releases gave the next write of the key a dot that was issued already.
TEST_CASE("a node on a restored backup issues no dot twice") {
  Schedule restored{fault(FaultKind::kCrash, 1500 * kMillisecond, 200 * kMillisecond, {0})};
  restored.push_back(rollback(2500 * kMillisecond, 200 * kMillisecond, 0, 500 * kMillisecond));
  Scenario scenario = puts({2 * kSecond, 3 * kSecond});
  scenario.workload.steps.back().session = "bob";  // this session has not seen the first put
  Play play(scenario, restored);
  CHECK(play.to_end().violations.empty());
  CHECK(play.world.node(0)->actor().epoch == 2);
}

TEST_CASE("a deleted value that a replaced disk brings back is excused, and the result says so") {
  Scenario scenario = puts({kSecond});
  scenario.cluster.node.anti_entropy_every_ns = kSecond;
  scenario.cluster.node.reap_every_ns = 200 * kMillisecond;
  scenario.workload.steps.push_back(step(2 * kSecond, "ann", StepKind::kDelete, "cart", ""));
  scenario.run_ns = 20 * kSecond;
  Play play(scenario, {rollback(15 * kSecond, 200 * kMillisecond, 1, 1500 * kMillisecond)});
  play.until(14 * kSecond);
  REQUIRE(on_disk(play, 0) == 0);
  const RunResult result = play.to_end();
  CHECK(result.violations.empty());
  CHECK(on_disk(play, 0) != 0);
  CHECK(std::ranges::any_of(result.not_judged, [](const NotJudged& one) {
    return one.invariant == Invariant::kNoResurrection && one.why.find("the disk of n2") != std::string::npos;
  }));
}
