// A node on a copy of another node's disk: it refuses to serve it, and stays down until the heal.
#include "engine/core/actor_name.h"
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

TEST_CASE("a node whose disk is cloned refuses to start, and gets an empty disk at the heal") {
  const bool source_down = GENERATE(false, true);
  CAPTURE(source_down);
  Scenario scenario = quiet();
  scenario.workload.steps = {put(kSecond, "ann", 0)};
  Schedule schedule;
  if (source_down) schedule.push_back(kit::fault(FaultKind::kCrash, 1500 * kMillisecond, kSecond, {0}));
  schedule.push_back(clone(2 * kSecond, 300 * kMillisecond));
  Play play(scenario, schedule);
  play.until(1900 * kMillisecond);
  const Identity before = *play.world.image(2).identity();
  const Identity source = *play.world.image(0).identity();
  REQUIRE(before.actor.id != source.actor.id);
  play.until(2100 * kMillisecond);
  CHECK(play.world.node(2) == nullptr);
  REQUIRE(play.world.image(2).identity().has_value());
  CHECK(*play.world.image(2).identity() == source);
  REQUIRE(play.world.image(2).find(kCloned) != nullptr);
  CHECK((*play.world.image(2).find(kCloned))->digest() == (*play.world.image(0).find(kCloned))->digest());
  play.until(2310 * kMillisecond);
  CHECK(play.world.node(2) == nullptr);
  CHECK(play.life_of(2) == "lost power 2000");
  const RunResult result = play.to_end();
  CHECK(result.violations.empty());
  REQUIRE(play.world.node(2) != nullptr);
  CHECK(node_of(play.world.node(2)->actor().id) == 2);
  CHECK((*play.world.image(2).find(kCloned))->digest() == (*play.world.image(0).find(kCloned))->digest());
}

TEST_CASE("a clone and its source issue no dot twice") {
  const Fault crash = kit::fault(FaultKind::kCrash, 2 * kSecond, 200 * kMillisecond, {0});
  Scenario scenario = quiet();
  scenario.workload.steps = {put(2500 * kMillisecond, "ann", 0), put(3 * kSecond, "bob", 1)};
  scenario.cluster.write_need = 1;
  Play play(scenario, {clone(1500 * kMillisecond, 200 * kMillisecond), crash});
  CHECK(play.to_end().violations.empty());
}

TEST_CASE("a node that refuses its disk starts again once that is its own or empty") {
  Schedule schedule{clone(kSecond, 200 * kMillisecond)};
  schedule.push_back(kit::fault(FaultKind::kCrash, 2 * kSecond, 200 * kMillisecond, {2}));
  schedule.push_back(kit::fault(FaultKind::kWipe, 3 * kSecond, 200 * kMillisecond, {2}));
  Play play(quiet(), schedule);
  play.until(2900 * kMillisecond);
  CHECK(play.world.node(2) == nullptr);
  play.until(3300 * kMillisecond);
  CHECK(play.world.node(2) != nullptr);
  CHECK(play.to_end().violations.empty());
}
