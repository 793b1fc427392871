// Whole failing runs are cut, from a random load to a few steps.
#include <algorithm>
#include <string>

#include "sim/draw/fault_schedule.h"
#include "sim/scenario/write.h"
#include "sim/shrink/recording.h"
#include "sim/shrink/shrinker.h"
#include "sim/world/runner.h"
#include "tests/sim/kit.h"
#include "tests/sim/scenario/text.h"

using namespace dkv;
using namespace dkv::sim;

namespace {

std::vector<Failure> all_failures(const Scenario& scenario) {
  World world(std::make_shared<const Scenario>(scenario), scenario.seed,
              std::make_shared<const Schedule>(draw_schedule(scenario, scenario.seed)));
  while (world.step()) {
  }
  return failures_of(world, summarize(world));
}

// The smallest scenario in which the first failure of this one shows.
Scenario shrunk(const Scenario& scenario) {
  const std::vector<Failure> failures = all_failures(scenario);
  REQUIRE_FALSE(failures.empty());
  Shrinker shrinker(scenario, failures.front().target);
  while (const Scenario* candidate = shrinker.candidate(0)) {
    Trial trial(*candidate, shrinker.target(), 200'000);
    while (trial.advance(1'000)) {
    }
    shrinker.told(trial.verdict());
  }
  const std::vector<Failure> left = all_failures(shrinker.best());
  CHECK(std::ranges::any_of(left, [&](const Failure& one) { return same(one.target, failures.front().target); }));
  CHECK(can_be_written(shrinker.best()));
  return shrinker.best();
}

// A load with faults that have nothing to do with the failure.
const char* const kLoadAndFaults =
    "run: 4s\n"
    "cluster: {nodes: 5, n: 3, r: 1, w: 1, partitions: 16, heartbeat: {every: 250ms, unreachable_after: 1s}}\n"
    "network: {latency: {lognormal: {median: 2ms, p99: 9ms}}}\n"
    "workload: {clients: 4, load: {rate: 100/s}, mix: {get: 50, update: 50}, keys: 3}\n"
    "faults:\n"
    "  - {at: 1s, for: 500ms, pause: [n2]}\n"
    "  - {at: 2s, for: 1s, partition: [[n1, n2], rest]}\n"
    "  - {at: 2500ms, for: 1s, clock_skew: {nodes: [n4], by: 1s}}\n";

}  // namespace

TEST_CASE("a stale read is cut to a write and a read") {
  const Scenario small = shrunk(load_good(std::string(kLoadAndFaults) + "expect: [stale_reads == 0, gets_ok >= 1]\n"));
  CAPTURE(write_scenario(small));
  CHECK(small.faults.empty());
  CHECK(small.workload.clients == 0);
  CHECK(small.workload.steps.size() <= 3);  // a second read may stay for the luck that it draws
  CHECK(small.expect.size() == 1);
  CHECK(write_scenario(shrunk(small)) == write_scenario(small));
}

TEST_CASE("a disk that goes back is cut to one write and the loss of the disk that held it") {
  const Scenario scenario = load_good(
      "run: 4s\n"
      "cluster: {nodes: 3, anti_entropy: {every: 1s}}\n"
      "workload: {clients: 4, load: {rate: 60/s}, mix: {get: 20, blind_put: 80}, keys: 10}\n"
      "faults:\n"
      "  - {at: 500ms, for: 300ms, pause: [n3]}\n"
      "  - {at: 1s, for: 200ms, crash: n1}\n"
      "  - {at: 2s, for: 200ms, disk_rollback: {nodes: all, to: 900ms}}\n"
      "  - {at: 2500ms, for: 1s, loss: {rate: 10%}}\n"
      "expect: [excused_losses == 0]\n");
  const Scenario small = shrunk(scenario);
  CAPTURE(write_scenario(small));
  CHECK(small.workload.clients == 0);
  CHECK(small.faults.size() <= 2);
  // To lose the whole disk is simpler, and loses the same write.
  CHECK(small.faults.back().kind == FaultKind::kWipe);
  CHECK(small.workload.steps.size() <= 4);
}

TEST_CASE("a load is recorded as steps that ask the same") {
  const Scenario scenario = load_good(kLoadAndFaults);
  const Recording recording = record_run(scenario, {});
  CHECK(recording.operations.size() > 80);
  const std::vector<Scenario> edits = steps_of_load(scenario, {});
  REQUIRE_FALSE(edits.empty());
  const Scenario& edit = edits.front();
  CHECK(edit.workload.clients == 0);
  // Operations that the end of the run put off have no place in a script.
  CHECK(edit.workload.steps.size() + 5 > recording.operations.size());
  CHECK(edit.workload.steps.size() <= recording.operations.size());
  const auto puts = [](const auto& steps) {
    return std::ranges::count_if(steps, [](const Step& step) { return step.kind == StepKind::kPut; });
  };
  CHECK(puts(edit.workload.steps) > 20);
  CHECK(can_be_written(edit));
}

TEST_CASE("commands become faults and steps at the times at which they came") {
  const Scenario scenario = load_good(
      "run: 10s\n"
      "cluster: {nodes: 3}\n"
      "commands:\n"
      "  - {at_event: 30, crash: [n2]}\n"
      "  - {at_event: 40, partition: [[n1], [n3]]}\n"
      "  - {at_event: 60, put: cart, value: milk, via: n1}\n"
      "  - {at_event: 80, restart: [n2]}\n"
      "  - {at_event: 90, heal: network}\n");
  const std::vector<Scenario> edits = commands_as_faults(scenario, {});
  REQUIRE(edits.size() == 1);
  const Scenario& edit = edits[0];
  CHECK(edit.commands.empty());
  REQUIRE(edit.faults.size() == 2);
  CHECK(edit.faults[0].kind == FaultKind::kCrash);
  CHECK(edit.faults[0].for_ns > 0);
  CHECK(edit.faults[1].kind == FaultKind::kPartition);
  CHECK(edit.faults[1].at_ns + edit.faults[1].for_ns >= edit.faults[0].at_ns + edit.faults[0].for_ns);
  REQUIRE(edit.workload.steps.size() == 2);
  CHECK(edit.workload.steps[0].kind == StepKind::kGet);
  CHECK(edit.workload.steps[1].value == "milk");
  CHECK(can_be_written(edit));

  // Only a command can make a message vanish.
  const Scenario drop = load_good("run: 10s\ncluster: {nodes: 3}\ncommands: [{at_event: 20, drop: 1}]\n");
  World world(std::make_shared<const Scenario>(drop), 1, std::make_shared<const Schedule>());
  while (world.events() < 19) world.step();
  REQUIRE_FALSE(world.flights().empty());
  Scenario dropped = drop;
  dropped.commands[0].message = world.flights().front().id;
  CHECK(commands_as_faults(dropped, {}).empty());
}
