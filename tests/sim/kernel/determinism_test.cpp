// A run is a function of (build, scenario, schedule, seed), and a world is a value.
#include <memory>

#include "sim/draw/fault_schedule.h"
#include "sim/draw/swarm.h"
#include "sim/world/runner.h"
#include "sim/world/world.h"
#include "tests/catch.h"
#include "tests/sim/scenario/text.h"
#include "tests/sim/world/stormy.h"

using namespace dkv;
using namespace dkv::sim;

namespace {

std::shared_ptr<const Scenario> stormy() {
  return std::make_shared<const Scenario>(load_good(kit::kStormy));
}

std::shared_ptr<const Schedule> drawn(const Scenario& scenario, std::uint64_t seed) {
  return std::make_shared<const Schedule>(draw_schedule(scenario, seed));
}

void run_on(World& world) {
  while (world.step()) {
  }
}

}  // namespace

TEST_CASE("the same run twice in one process has the same fingerprint and the same numbers") {
  const auto scenario = stormy();
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const RunResult first = run(scenario, seed, nullptr);
    const RunResult second = run(scenario, seed, nullptr);
    CHECK(first.fingerprint == second.fingerprint);
    CHECK(first.metrics == second.metrics);
    CHECK(first.events > 1000);
  }
}

TEST_CASE("another seed is another run") {
  const auto scenario = stormy();
  CHECK(run(scenario, 1, nullptr).fingerprint != run(scenario, 2, nullptr).fingerprint);
}

TEST_CASE("two runs that take turns do not touch each other") {
  const auto scenario = stormy();
  World one(scenario, 1, drawn(*scenario, 1)), two(scenario, 2, drawn(*scenario, 2));
  bool more = true;
  while (more) {
    const bool first = !one.ended() && one.step();
    const bool second = !two.ended() && two.step();
    more = first || second;
  }
  CHECK(one.fingerprint() == run(scenario, 1, nullptr).fingerprint);
  CHECK(two.fingerprint() == run(scenario, 2, nullptr).fingerprint);
}

TEST_CASE("a copy taken in the middle of a run continues as the original does") {
  const auto scenario = stormy();
  const auto percent = GENERATE(std::uint64_t{0}, std::uint64_t{5}, std::uint64_t{40}, std::uint64_t{90});
  const std::uint64_t at = 1 + run(scenario, 7, drawn(*scenario, 7)).events * percent / 100;
  World original(scenario, 7, drawn(*scenario, 7));
  while (original.events() < at) REQUIRE(original.step());
  World copy = original;
  CHECK(copy.fingerprint() == original.fingerprint());
  SECTION("the copy first") {
    run_on(copy);
    CHECK(original.events() == at);  // it stood still meanwhile
  }
  SECTION("in turns") {
    bool same = true;
    while (same && original.step()) {
      copy.step();
      same = original.fingerprint() == copy.fingerprint();
    }
    CHECK(same);
  }
  SECTION("a copy of the copy, which then becomes another world") {
    World kept = copy;
    copy = World(scenario, 8, drawn(*scenario, 8));
    run_on(copy);
    copy = std::move(kept);
  }
  run_on(original);
  run_on(copy);
  CHECK(copy.fingerprint() == original.fingerprint());
  CHECK(copy.events() == original.events());
  CHECK(summarize(copy).metrics == summarize(original).metrics);
  CHECK(original.fingerprint() == run(scenario, 7, nullptr).fingerprint);
}

TEST_CASE("neither a hash salt, nor the codec, nor an observer changes a run") {
  struct Watcher : Observer {
    bool wants_events() const override { return true; }
    void on_event(const EventView&) override { ++events; }
    std::uint64_t events = 0;
  };
  const auto scenario = stormy();
  const RunResult plain = run(scenario, 4, nullptr);
  Watcher watcher;
  CHECK(run(scenario, 4, nullptr, {}, &watcher).fingerprint == plain.fingerprint);
  CHECK(watcher.events == plain.events);
  CHECK(run(scenario, 4, nullptr, {.codec = false}).fingerprint == plain.fingerprint);
  CHECK(run(scenario, 4, nullptr, {.hash_salt = 12345}).fingerprint == plain.fingerprint);
}

TEST_CASE("seeds of the swarm are the same run each time, under any hash salt") {
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    const auto scenario = std::make_shared<const Scenario>(draw_swarm(seed));
    CHECK(run(scenario, seed, nullptr).fingerprint == run(scenario, seed, nullptr, {.hash_salt = 99}).fingerprint);
  }
}
