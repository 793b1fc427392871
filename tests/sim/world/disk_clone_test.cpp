// A node on a copy of another node's disk: the world carries it out, and the oracle notices the consequences.
#include <algorithm>

#include "tests/sim/kit.h"

using namespace dkv;
using namespace dkv::sim;
using kit::between;
using kit::cluster_of;
using kit::Play;
using kit::step;

namespace {

const Key kCloned = *Key::make(kDefaultBucket, "cart");

// n3 gets a copy of n1's disk.
Fault clone(TimeNs at_ns, TimeNs for_ns) {
  return between(FaultKind::kDiskClone, at_ns, for_ns, {2}, {0});
}

Step put(TimeNs at_ns, const std::string& session, NodeId via) {
  Step made = step(at_ns, session, StepKind::kPut, "cart", "of " + session);
  made.via = via;
  return made;
}

// No repair before the heal.
Scenario quiet() {
  Scenario scenario = cluster_of(3);
  scenario.cluster.node.anti_entropy_every_ns = 5 * kSecond;
  scenario.cluster.node.read_repair = false;
  return scenario;
}

}  // namespace

TEST_CASE("a node whose disk is cloned starts with the records and the identity of the other one") {
  const bool source_down = GENERATE(false, true);
  CAPTURE(source_down);
  Scenario scenario = quiet();
  scenario.workload.steps = {put(kSecond, "ann", 0)};
  Schedule schedule;
  if (source_down) schedule.push_back(kit::fault(FaultKind::kCrash, 1500 * kMillisecond, kSecond, {0}));
  schedule.push_back(clone(2 * kSecond, 300 * kMillisecond));
  Play play(scenario, schedule);
  play.until(1900 * kMillisecond);
  const Actor before = *play.world.image(2).identity();
  const Actor source = *play.world.image(0).identity();
  REQUIRE(before.id != source.id);
  play.until(2100 * kMillisecond);
  CHECK(play.world.node(2) == nullptr);
  REQUIRE(play.world.image(2).identity().has_value());
  CHECK(*play.world.image(2).identity() == source);
  REQUIRE(play.world.image(2).find(kCloned) != nullptr);
  CHECK((*play.world.image(2).find(kCloned))->digest() == (*play.world.image(0).find(kCloned))->digest());
  play.until(2310 * kMillisecond);
  REQUIRE(play.world.node(2) != nullptr);
  CHECK(play.world.node(2)->actor().id == source.id);
  CHECK(static_cast<bool>(play.world.node(2)->store().find(kCloned)));
  CHECK(play.life_of(2) == "lost power 2000, started 2300");
  play.to_end();
}

// After the clone both count in the epoch after that of the copied folder: n3 at once, n1 after its own crash.
TEST_CASE("the oracle notices that a clone and its source issue the same dot") {
  const Fault crash = kit::fault(FaultKind::kCrash, 2 * kSecond, 200 * kMillisecond, {0});
  Scenario scenario = quiet();
  scenario.workload.steps = {put(2500 * kMillisecond, "ann", 0), put(3 * kSecond, "bob", 2)};
  // Each write stays where it was made: no copy of the first one reaches the second node.
  scenario.cluster.write_need = 1;
  const Fault cut = between(FaultKind::kPartition, 2400 * kMillisecond, 0, {0, 1}, {2});
  Play healthy(scenario, {crash, cut});
  CHECK(healthy.to_end().violations.empty());
  scenario.expected_violations = {"I1", "I2", "I3", "I4", "I6"};
  Play broken(scenario, {clone(1500 * kMillisecond, 200 * kMillisecond), crash, cut});
  CHECK(broken.to_end().violations.empty());
  CHECK(std::ranges::any_of(broken.violations,
                            [](const Violation& one) { return one.invariant == Invariant::kUniqueDots; }));
}
