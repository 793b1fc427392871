// Every kind of fault begins, has its effect, and ends; also with overlaps, and when only the heal ends it.
#include <algorithm>

#include "sim/world/world.h"
#include "tests/sim/kit.h"

using namespace dkv;
using namespace dkv::sim;
using kit::between;
using kit::cluster_of;
using kit::fault;
using kit::Play;
using kit::step;

namespace {

const Key kBasket = *Key::make(kDefaultBucket, "cart");

Scenario busy(std::uint32_t nodes = 5) {
  Scenario scenario = cluster_of(nodes);
  kit::load(scenario, 16, 400);
  return scenario;
}

// A put through n1, which holds a copy of every key in a cluster of three.
Scenario one_put(TimeNs at_ns = kSecond) {
  Scenario scenario = cluster_of(3);
  scenario.workload.steps = {step(at_ns, "ann", StepKind::kPut, "cart", "milk")};
  scenario.workload.steps[0].via = 0;
  return scenario;
}

Schedule one_of(FaultKind kind, TimeNs for_ns) {
  Fault made = fault(kind, kSecond, for_ns, {1});
  made.rate_ppm = 200'000;
  made.delay = Distribution::uniform(2 * kMillisecond, 30 * kMillisecond);
  made.skew_ns = 5 * kSecond;
  if (kind == FaultKind::kPartition) made.groups.push_back({0, 2, 3, 4});
  if (kind == FaultKind::kDiskClone) made.groups.push_back({0});
  if (kind == FaultKind::kDiskRollback) made.to_ns = 500 * kMillisecond;
  if (kind == FaultKind::kLinkDown) {
    made.groups.clear();
    made.from = "n2";
    made.to = "hub";
  }
  return {made};
}

void add_hub(Scenario& scenario) {
  scenario.network.topology.places = {"hub"};
  for (const Member& member : scenario.cluster.members) {
    scenario.network.topology.links.push_back({member.name, "hub", 500 * kMicrosecond});
  }
}

}  // namespace

TEST_CASE("every kind of fault begins and ends, and the cluster is whole again after it") {
  const std::size_t row = GENERATE(range(std::size_t{0}, kFaultKinds));
  const TimeNs for_ns = GENERATE(TimeNs{0}, 700 * kMillisecond);
  const FaultTraits& traits = fault_catalogue()[row];
  CAPTURE(traits.word, for_ns);
  Scenario scenario = busy();
  if (traits.kind == FaultKind::kLinkDown) add_hub(scenario);
  Play play(scenario, one_of(traits.kind, for_ns));
  const RunResult result = play.to_end();
  CHECK(result.pass);
  REQUIRE(play.faults.size() == 2);
  CHECK(std::get<1>(play.faults[0]));
  CHECK(std::get<2>(play.faults[0]) == kSecond);
  CHECK_FALSE(std::get<1>(play.faults[1]));
  CHECK(std::get<2>(play.faults[1]) == (for_ns == 0 ? 4 * kSecond : kSecond + for_ns));
  CHECK_FALSE(play.world.network().any_fault());
  for (NodeId node = 0; node < 5; ++node) {
    REQUIRE(play.world.node(node) != nullptr);
    CHECK(play.world.node(node)->phase() == Node::Phase::kServing);
  }
}

TEST_CASE("a fault after the end of the run never begins, one at its last moment ends with it") {
  Play play(busy(), {fault(FaultKind::kCrash, 4 * kSecond, kSecond, {0}),
                     fault(FaultKind::kCrash, 4100 * kMillisecond, kSecond, {1})});
  CHECK(play.to_end().pass);
  REQUIRE(play.faults.size() == 2);
  CHECK(std::get<2>(play.faults[1]) == 4 * kSecond);
}

// world_disk_test.cpp tests the records that a store on a disk keeps.
TEST_CASE("a store that keeps nothing over the end of its process starts empty after each crash and power loss") {
  const FaultKind kind = GENERATE(FaultKind::kCrash, FaultKind::kPowerLoss, FaultKind::kWipe);
  CAPTURE(fault_name(kind));
  Scenario scenario = one_put();
  scenario.cluster.node.storage.backend = StorageBackend::kMemory;
  Play play(scenario, {fault(kind, 2 * kSecond, 200 * kMillisecond, {0})});
  play.until(2 * kSecond - kMillisecond);
  REQUIRE(play.world.image(0).find(kBasket) != nullptr);
  play.until(2 * kSecond + kMillisecond);
  CHECK(play.world.node(0) == nullptr);
  CHECK(play.world.image(0).records().empty());
  CHECK(play.world.counters().records_forgotten == 1);
  const RunResult result = play.to_end();
  CHECK(result.violations.empty());
  CHECK(result.excused.empty());  // the others had it and returned it
  CHECK(play.world.image(0).find(kBasket) != nullptr);
}

TEST_CASE("a write whose last copy was in the memory of a process is excused, with the cause") {
  Scenario scenario = one_put();
  scenario.cluster.node.storage.backend = StorageBackend::kMemory;
  Play play(scenario, {fault(FaultKind::kCrash, 2 * kSecond, 200 * kMillisecond, {0, 1, 2})});
  const RunResult result = play.to_end();
  CHECK(result.violations.empty());
  REQUIRE(result.excused.size() == 1);
  CHECK(result.excused[0].detail.find("in the memory of") != std::string::npos);
  CHECK(play.world.image(0).find(kBasket) == nullptr);
}

TEST_CASE("a node begins a new life after each stop, and nothing meant for the last one reaches it") {
  Play play(busy(), {fault(FaultKind::kCrash, kSecond, 300 * kMillisecond, {2}),
                     fault(FaultKind::kPowerLoss, 2 * kSecond, 300 * kMillisecond, {2})});
  play.until(kSecond + kMillisecond);
  CHECK(play.world.node(2) == nullptr);
  play.until(1500 * kMillisecond);
  REQUIRE(play.world.node(2) != nullptr);
  CHECK(play.world.node(2)->incarnation() == 2);
  CHECK(play.to_end().pass);
  CHECK(play.world.node(2)->incarnation() == 3);
  CHECK(play.life_of(2) == "crashed 1000, started 1300, lost power 2000, started 2300");
  CHECK(play.world.counters().restarts == 2);
}

TEST_CASE("a node that two faults hold down starts when the last of them ends") {
  Play play(busy(), {fault(FaultKind::kCrash, kSecond, kSecond, {1, 2}),
                     fault(FaultKind::kPowerLoss, 1500 * kMillisecond, kSecond, {2, 3}),
                     fault(FaultKind::kWipe, 1700 * kMillisecond, 200 * kMillisecond, {2})});
  play.until(1701 * kMillisecond);
  CHECK(play.world.image(2).records().empty());  // the disk of a stopped process can be replaced, too
  CHECK(play.to_end().violations.empty());
  CHECK(play.life_of(1) == "crashed 1000, started 2000");
  CHECK(play.life_of(2) == "crashed 1000, lost power 1500, wiped 1700, started 2500");
  CHECK(play.life_of(3) == "lost power 1500, started 2500");
}

TEST_CASE("two crashes that only the heal ends start the node once") {
  Play play(busy(), {fault(FaultKind::kCrash, kSecond, 0, {2}), fault(FaultKind::kCrash, 2 * kSecond, 0, {2, 2})});
  CHECK(play.to_end().pass);
  CHECK(play.life_of(2) == "crashed 1000, started 4000");
}

TEST_CASE("a paused node does nothing, and then handles the waiting events in their order") {
  Scenario scenario = cluster_of(3);
  Play play(scenario, {fault(FaultKind::kPause, kSecond, kSecond, {1})});
  play.keep_events = true;
  // Its peers lose sight of it; it sends nothing.
  play.until(1999 * kMillisecond);
  std::vector<NodeId> came;
  for (const auto& one : play.events) {
    if (one.kind == "message" && one.node == 1 && one.at_ns > kSecond) came.push_back(one.from);
    if (one.kind == "message" && one.from == 1) CHECK(one.at_ns <= kSecond + kMillisecond);
  }
  REQUIRE(came.size() >= 18);  // ten beats from each of two
  play.until(2 * kSecond + 1);
  std::vector<NodeId> handled;
  for (const auto& one : play.events) {
    if (one.kind == "message" && one.node == 1 && one.at_ns == 2 * kSecond) handled.push_back(one.from);
  }
  CHECK(std::equal(came.begin(), came.end(), handled.begin()));
  CHECK(play.to_end().pass);
  CHECK(play.life_of(1) == "paused 1000, resumed 2000");
  CHECK(play.world.counters().observed[Observed::kPeerUnreachable] >= 2);
}

TEST_CASE("the disk of a paused node continues, and the node learns of it after the pause") {
  Scenario scenario = one_put();
  scenario.disk.sync = Distribution::constant(20 * kMillisecond);
  Play play(scenario, {fault(FaultKind::kPause, 1010 * kMillisecond, kSecond, {0})});
  play.until(1100 * kMillisecond);
  CHECK(play.world.image(0).find(kBasket) != nullptr);
  CHECK(play.operations.empty());  // the answer waits, because its coordinator stands still
  play.until(2011 * kMillisecond);
  REQUIRE(play.operations.size() == 1);
  CHECK(play.operations[0].outcome == Outcome::kDone);
  CHECK(play.operations[0].finished_ns == 2010 * kMillisecond + 500 * kMicrosecond);
}

TEST_CASE("a node under two pauses continues at the end of the last one") {
  Play play(busy(), {fault(FaultKind::kPause, kSecond, 600 * kMillisecond, {1}),
                     fault(FaultKind::kPause, 1200 * kMillisecond, kSecond, {1}),
                     fault(FaultKind::kPause, 3 * kSecond, 0, {1})});
  CHECK(play.to_end().pass);
  CHECK(play.life_of(1) == "paused 1000, resumed 2200, paused 3000, resumed 4000");
}

TEST_CASE("events that wait for a paused process are lost when it dies") {
  const FaultKind kind = GENERATE(FaultKind::kCrash, FaultKind::kPowerLoss);
  CAPTURE(fault_name(kind));
  Scenario scenario = one_put(1100 * kMillisecond);  // asks n1 while it is paused
  Play play(scenario, {fault(FaultKind::kPause, kSecond, 500 * kMillisecond, {0}),
                       fault(kind, 1200 * kMillisecond, 100 * kMillisecond, {0})});
  play.until(1450 * kMillisecond);
  REQUIRE(play.world.node(0) != nullptr);  // the next life began during the pause, and stands still, too
  CHECK(play.world.node(0)->phase() == Node::Phase::kStarting);
  play.until(1510 * kMillisecond);
  CHECK(play.world.node(0)->phase() == Node::Phase::kServing);
  CHECK(play.to_end().violations.empty());
  REQUIRE(play.operations.size() == 1);
  CHECK_FALSE(play.operations[0].outcome);  // the client got no answer
  CHECK(play.world.image(0).find(kBasket) == nullptr);
  CHECK(play.world.image(1).find(kBasket) == nullptr);
}

TEST_CASE("a slow node takes its delay over each event, once") {
  Scenario scenario = cluster_of(3);
  scenario.workload.steps = {step(2 * kSecond, "ann", StepKind::kPut, "cart", "milk")};
  scenario.workload.steps[0].need = 1;
  Fault slow = fault(FaultKind::kSlow, kSecond, 2 * kSecond, {0});
  slow.delay = Distribution::constant(50 * kMillisecond);
  Play play(scenario, {slow});
  play.to_end();
  REQUIRE(play.operations.size() == 1);
  // Half a millisecond to n1, 50 ms until it handles the request, 1 ms for the sync, 50 ms until it handles that, and
  // back.
  CHECK(play.operations[0].finished_ns - play.operations[0].started_ns == 102 * kMillisecond);
  slow.delay = Distribution::constant(50 * kMillisecond);
  Fault slower = slow;
  Play twice(scenario, {slow, slower});  // two of them add up
  twice.to_end();
  CHECK(twice.operations.at(0).finished_ns - twice.operations.at(0).started_ns == 202 * kMillisecond);
}

TEST_CASE("an event that a slow process is handling is lost when it dies") {
  Scenario scenario = one_put();
  Fault slow = fault(FaultKind::kSlow, 900 * kMillisecond, 600 * kMillisecond, {0});
  slow.delay = Distribution::constant(300 * kMillisecond);
  // The request arrives at 1.0005 s and would be handled 300 ms later. By then there is another process.
  Play play(scenario, {slow, fault(FaultKind::kCrash, 1100 * kMillisecond, 100 * kMillisecond, {0})});
  CHECK(play.to_end().violations.empty());
  REQUIRE(play.operations.size() == 1);
  CHECK_FALSE(play.operations[0].outcome);
  for (NodeId node = 0; node < 3; ++node) CHECK(play.world.image(node).find(kBasket) == nullptr);
}

TEST_CASE("a slow disk makes the syncs that begin while it lasts longer") {
  Scenario scenario = cluster_of(3);
  scenario.workload.steps = {step(2 * kSecond, "ann", StepKind::kPut, "cart", "milk")};
  scenario.workload.steps[0].need = 3;
  Fault slow = fault(FaultKind::kSlowDisk, kSecond, 2 * kSecond, {1});
  slow.delay = Distribution::constant(70 * kMillisecond);
  Play play(scenario, {slow});
  play.to_end();
  REQUIRE(play.operations.size() == 1);
  CHECK(play.operations[0].finished_ns - play.operations[0].started_ns == 74 * kMillisecond);
}

TEST_CASE("a client whose node is down asks another one, a step that names the node is refused") {
  Scenario scenario = cluster_of(3);
  Step bound = step(2 * kSecond, "ann", StepKind::kPut, "cart", "milk");
  bound.via = 0;
  bound.expect.outcome = Outcome::kRefused;
  Step free = step(2 * kSecond, "bob", StepKind::kPut, "list", "milk");  // the home of the second session is n2
  free.expect.outcome = Outcome::kDone;
  scenario.workload.steps = {bound, free};
  Play play(scenario, {fault(FaultKind::kCrash, kSecond, 2 * kSecond, {0, 1})});
  const RunResult result = play.to_end();
  CHECK(play.kinds["connection_refused"] == 2);
  REQUIRE(play.operations.size() == 2);
  for (const Play::Operation& one : play.operations) {
    CAPTURE(one.session);
    if (one.session == 0) CHECK(one.outcome == Outcome::kRefused);
    if (one.session == 1) CHECK(one.via == 2);
  }
  CHECK(result.metrics.at("puts_refused") >= 1);
}

TEST_CASE("a clog holds messages and lets them go in their order when it ends, each sent once") {
  Scenario scenario = cluster_of(3);
  scenario.run_ns = 2 * kSecond;
  const Fault clog = between(FaultKind::kClog, kSecond, 300 * kMillisecond, {0}, {1});
  Play play(scenario, {clog, between(FaultKind::kClog, 1100 * kMillisecond, 100 * kMillisecond, {0}, {2}),
                       between(FaultKind::kClog, 1150 * kMillisecond, 50 * kMillisecond, {1}, {2})});
  Play clear(scenario);
  play.keep_events = true;
  const RunResult clogged = play.to_end();
  CHECK(play.events_at(1, "message", kSecond + 2 * kMillisecond, 1300 * kMillisecond) == 3);  // n3's alone
  std::size_t released = 0;
  for (const auto& one : play.events)
    released += one.node == 1 && one.from == 0 && one.at_ns == 1301 * kMillisecond ? 1 : 0;
  CHECK(released >= 3);
  // The same number of heartbeats is sent, held or not.
  CHECK(clogged.metrics.at("messages_sent") == clear.to_end().metrics.at("messages_sent"));
  CHECK(clogged.metrics.at("messages_lost") == 0);
}

TEST_CASE("the heal lets held messages go even though a cut between the same nodes ends with it") {
  Scenario scenario = cluster_of(3);
  scenario.run_ns = 2 * kSecond;
  Play play(scenario, {between(FaultKind::kClog, kSecond, 0, {0}, {1}),
                       between(FaultKind::kPartition, 1500 * kMillisecond, 0, {0, 2}, {1})});
  play.until(2 * kSecond - 1);
  const std::uint64_t lost = play.world.counters().messages_lost;
  play.to_end();
  CHECK(play.world.counters().messages_lost == lost);
}

TEST_CASE("a partition loses messages both ways, a one-way cut one way") {
  const bool both = GENERATE(true, false);
  Scenario scenario = cluster_of(3);
  scenario.run_ns = 3 * kSecond;
  Play play(scenario, {between(both ? FaultKind::kPartition : FaultKind::kOneWay, kSecond, kSecond, {0}, {1})});
  play.keep_events = true;
  CHECK(play.to_end().pass);
  int there = 0, back = 0;
  for (const auto& one : play.events) {
    if (one.kind != "message" || one.at_ns <= kSecond + kMillisecond || one.at_ns >= 2 * kSecond) continue;
    there += one.from == 0 && one.node == 1 ? 1 : 0;
    back += one.from == 1 && one.node == 0 ? 1 : 0;
  }
  CHECK(there == 0);
  CHECK((back == 0) == both);
}

TEST_CASE("a skewed clock is off while the fault lasts") {
  Scenario scenario = cluster_of(3);
  scenario.cluster.node.policy = ConflictPolicy::kLastWriteWins;
  Step first = step(2 * kSecond, "ann", StepKind::kPut, "cart", "first");
  Step second = step(2500 * kMillisecond, "bob", StepKind::kPut, "cart", "second");
  second.need = 1;
  first.via = 0;
  second.via = 1;
  first.blind = second.blind = true;
  Step get = step(3900 * kMillisecond, "eve", StepKind::kGet, "cart");
  get.need = 3;
  scenario.workload.steps = {first, second, get};
  Fault skew = fault(FaultKind::kClockSkew, kSecond, 0, {1});
  skew.skew_ns = -10 * kSecond;
  // Writes of others would move its hybrid clock. When cut off, it follows its own clock.
  Play skewed(scenario, {skew, between(FaultKind::kPartition, 1900 * kMillisecond, kSecond, {0, 2}, {1})});
  skewed.to_end();
  Play sound(scenario, {between(FaultKind::kPartition, 1900 * kMillisecond, kSecond, {0, 2}, {1})});
  sound.to_end();
  CHECK(sound.operations.back().value == "second");
  CHECK(skewed.operations.back().kind == OperationKind::kGet);
  INFO(skewed.operations.back().value.value_or("nothing"));
  CHECK(skewed.operations.back().value == "first");
}

TEST_CASE("a copy taken while faults hold messages, a process and a sync continues as the original") {
  Scenario scenario = busy();
  scenario.disk.sync = Distribution::uniform(5 * kMillisecond, 30 * kMillisecond);
  Fault slow = fault(FaultKind::kSlow, 500 * kMillisecond, 2 * kSecond, {3});
  slow.delay = Distribution::uniform(kMillisecond, 40 * kMillisecond);
  const Schedule faults = {slow, between(FaultKind::kClog, kSecond, kSecond, {0}, {1, 2}),
                           fault(FaultKind::kPause, kSecond, kSecond, {2}),
                           fault(FaultKind::kPowerLoss, 1600 * kMillisecond, kSecond, {4})};
  const std::uint64_t expected = Play(scenario, faults, 9).to_end().fingerprint;
  for (const TimeNs at_ns : {kSecond, 1300 * kMillisecond, 1599 * kMillisecond, 1601 * kMillisecond,
                             1999 * kMillisecond, 2001 * kMillisecond, 4 * kSecond}) {
    CAPTURE(at_ns);
    auto original = std::make_unique<Play>(scenario, faults, 9);
    original->until(at_ns);
    World copy = original->world;
    original.reset();
    World again = copy;
    while (copy.step()) {
    }
    while (again.step()) {
    }
    CHECK(copy.fingerprint() == expected);
    CHECK(again.fingerprint() == expected);
  }
}
