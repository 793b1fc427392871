#include "cli/shrink/shrink_run.h"

#include <csignal>
#include <memory>
#include <string>
#include <utility>

#include "cli/terminal/interrupt.h"
#include "sim/scenario/write.h"
#include "sim/shrink/recording.h"
#include "tests/catch.h"
#include "tests/cli/program.h"

using namespace dkv;
using namespace dkv::cli;

namespace {

// No file can say this: a disk goes back to a moment that has not come yet. An assertion of the simulator ends the run.
Source aborting() {
  sim::Scenario scenario;
  scenario.run_ns = 3 * kSecond;
  for (NodeId node = 0; node < 3; ++node) {
    Member member;
    member.id = node;
    member.name = "n" + std::to_string(node + 1);
    scenario.cluster.members.push_back(std::move(member));
  }
  scenario.workload.clients = 2;
  sim::Fault fault{.at_ns = kSecond, .kind = sim::FaultKind::kDiskRollback, .groups = {{0}}};
  fault.to_ns = 2 * kSecond;
  sim::Schedule schedule{fault};
  return {.scenario = std::make_shared<const sim::Scenario>(std::move(scenario)),
          .seed = 1,
          .schedule = std::make_shared<const sim::Schedule>(std::move(schedule)),
          .scenario_text = {},
          .overrides = {},
          .swarm_seed = {}};
}

}  // namespace

TEST_CASE("a run that aborts is played in another process, which tells its last words and how far it came") {
  const auto failing = failing_run(aborting());
  REQUIRE(failing);
  REQUIRE(failing->failures.size() == 1);
  const sim::Target& target = failing->failures.front().target;
  CHECK(target.kind == sim::Target::Kind::kAborted);
  CHECK_THAT(target.why,
             Catch::Matchers::Contains("sim/world/fault_driver.cpp") && Catch::Matchers::Contains("broken invariant"));
  CHECK(target.events_before > 20);
  CHECK(failing->operations > 5);  // those before it
  // The events before it can be played here.
  const sim::Recording recording = sim::record_run(failing->scenario, target);
  CHECK(recording.failed_at_ns <= kSecond);
  CHECK(recording.failed_at_ns > kSecond / 2);
}

TEST_CASE("a candidate that aborts does not end the search, and no file is promised for a run that none can say") {
  const auto failing = failing_run(aborting());
  REQUIRE(failing);
  const Shrunk shrunk = shrink(*failing, {.tries = 30, .jobs = 2});
  CHECK(shrunk.tries > 5);
  CHECK(shrunk.accepted == 0);
  CHECK(sim::same(shrunk.failure.target, failing->failures.front().target));
  CHECK_FALSE(shrunk.fingerprint);
}

TEST_CASE("an interrupt ends the search and keeps the run that there is") {
  const TemporaryFolder folder;
  const auto source = cli::load_source(
      {.scenario_path = folder.write("fails.yaml",
                                     "run: 1s\ncluster: {nodes: 3}\nworkload: {clients: 1}\nexpect: [ops_ok == 0]\n")});
  REQUIRE(source);
  const auto failing = failing_run(*source);
  REQUIRE(failing);
  watch_for_interrupt();
  CHECK_FALSE(interrupted());
  std::raise(SIGINT);
  REQUIRE(interrupted());
  const Shrunk shrunk = shrink(*failing, {.jobs = 2});
  CHECK(shrunk.end == ShrinkEnd::kInterrupt);
  CHECK(shrunk.accepted == 0);
  CHECK(sim::write_scenario(shrunk.scenario) == sim::write_scenario(failing->scenario));
  CHECK_THAT(shrunk.failure.detail, Catch::Matchers::StartsWith("ops_ok == 0: it is "));
}
