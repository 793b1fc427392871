#include <algorithm>
#include <optional>

#include "sim/capsule/source.h"
#include "sim/draw/fault_schedule.h"
#include "sim/scenario/load.h"
#include "tests/sim/kit.h"
#include "tests/sim/world/stormy.h"

using namespace dkv;
using namespace dkv::sim;

namespace {

World stormy_until(TimeNs at_ns) {
  auto scenario = load_scenario_text(kit::kStormy, "stormy.yaml");
  REQUIRE(scenario);
  auto shared = std::make_shared<const Scenario>(std::move(*scenario));
  World world(shared, 7, std::make_shared<const Schedule>(draw_schedule(*shared, 7)));
  while (world.next_at() <= at_ns) world.step();
  return world;
}

std::uint64_t fingerprint_of(World world, std::optional<std::uint64_t> salt) {
  if (salt) world.draw_again(*salt);
  while (world.step()) {
  }
  return world.fingerprint();
}

std::vector<std::pair<TimeNs, std::uint64_t>> arrivals(const World& world) {
  std::vector<std::pair<TimeNs, std::uint64_t>> all;
  for (const Flight& flight : world.flights()) all.emplace_back(flight.arrives_ns, flight.id);
  for (const PendingTimer& timer : world.timers()) all.emplace_back(timer.at_ns, timer.node);
  return all;
}

std::optional<ActorId> identity_of(const World& world, NodeId node) {
  for (const Record& record : world.image(node).records()) {
    if (record.space == KeySpace::kIdentity) return record.identity.actor.id;
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("a copy goes on as the run did, and a copy that draws again goes another way") {
  const World moment = stormy_until(2 * kSecond);
  const std::uint64_t original = fingerprint_of(stormy_until(0), {});
  CHECK(fingerprint_of(moment, {}) == original);
  CHECK(fingerprint_of(moment, 1) != original);
  CHECK(fingerprint_of(moment, 1) != fingerprint_of(moment, 2));
  CHECK(fingerprint_of(moment, 1) == fingerprint_of(moment, 1));
}

TEST_CASE("messages under way and faults that are due stay when chance is drawn again") {
  World world = stormy_until(1'500 * kMillisecond);
  const auto before = arrivals(world);
  REQUIRE(before.size() > 10);
  const std::vector<std::uint32_t> faults = world.faults_on();
  world.draw_again(1);
  CHECK(arrivals(world) == before);
  CHECK(world.faults_on() == faults);
}

TEST_CASE("a lossy link that is on loses other messages when chance is drawn again") {
  Scenario scenario = kit::cluster_of(3);
  kit::load(scenario, 4, 300);
  Fault loss = kit::between(FaultKind::kLoss, 0, 0, {0}, {1, 2});
  loss.rate_ppm = 300'000;
  kit::Play play(scenario, {loss});
  play.until(kSecond);
  // Latencies are constant here: only the losses and the clients can differ.
  World other = play.world;
  other.draw_again(1);
  while (other.step()) {
  }
  CHECK(other.counters().messages_lost > 0);
  CHECK(other.counters().messages_lost != play.to_end().world.messages_lost);
}

TEST_CASE("faults strike at the same times, and nodes that start get the same seeds, whatever is drawn again") {
  const Schedule schedule = {kit::fault(FaultKind::kWipe, kSecond, kSecond, {1})};
  Scenario scenario = kit::cluster_of(3);
  kit::load(scenario, 4, 300);
  kit::Play run(scenario, schedule);
  run.until(500 * kMillisecond);
  const auto first = identity_of(run.world, 1);
  kit::Play other(scenario, schedule);
  other.until(500 * kMillisecond);
  other.world.draw_again(1);
  run.to_end();
  other.to_end();
  CHECK(run.life_of(1) == other.life_of(1));
  CHECK(run.world.fingerprint() != other.world.fingerprint());
  REQUIRE(identity_of(run.world, 1));
  CHECK(identity_of(run.world, 1) != first);  // the wipe has made it draw one
  CHECK(identity_of(run.world, 1) == identity_of(other.world, 1));
}
