#include "cli/fuzz/fuzz_work.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/fuzz/fuzz_report.h"
#include "sim/draw/fault_schedule.h"
#include "tests/catch.h"

using namespace dkv;
using namespace dkv::cli;

namespace {

// Seeds that can be divided by three go back to a moment of a disk that has not come yet, which no file can say. An
// assertion of the simulator ends them.
class SomeAbort final : public SeedMaker {
 public:
  SomeAbort() : SeedMaker(std::nullopt) {}

  Source make(std::uint64_t seed) const override {
    sim::Scenario scenario;
    scenario.run_ns = 2 * kSecond;
    for (NodeId node = 0; node < 3; ++node) {
      Member member;
      member.id = node;
      member.name = "n" + std::to_string(node + 1);
      scenario.cluster.members.push_back(std::move(member));
    }
    scenario.workload.clients = 2;
    sim::Schedule schedule;
    if (seed % 3 == 0) {
      sim::Fault fault{.at_ns = kSecond, .kind = sim::FaultKind::kDiskRollback, .groups = {{0}}};
      fault.to_ns = 3 * kSecond / 2;
      schedule.push_back(fault);
    }
    return {.scenario = std::make_shared<const sim::Scenario>(std::move(scenario)),
            .seed = seed,
            .schedule = std::make_shared<const sim::Schedule>(std::move(schedule)),
            .scenario_text = {},
            .overrides = {},
            .swarm_seed = {}};
  }
};

std::vector<SeedOutcome> outcomes(const SeedMaker& maker, std::uint32_t jobs) {
  FuzzWork work(maker, {.first_seed = 1, .last_seed = 10, .jobs = jobs});
  std::vector<SeedOutcome> all;
  while (!work.ended()) {
    if (auto outcome = work.next(kSecond)) all.push_back(std::move(*outcome));
  }
  return all;
}

}  // namespace

TEST_CASE("the fuzzing goes on after a seed that ends its process, and this seed is a failure with its last words") {
  const SomeAbort maker;
  for (const std::uint32_t jobs : {1u, 3u}) {
    const std::vector<SeedOutcome> all = outcomes(maker, jobs);
    REQUIRE(all.size() == 10);
    FuzzReport report;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const SeedOutcome& one = all[i];
      INFO("seed " << one.seed);
      CHECK(one.seed == i + 1);
      CHECK(one.pass == (one.seed % 3 != 0));
      if (one.pass) continue;
      CHECK(one.kind == "aborted");
      CHECK_THAT(one.cause, ContainsSubstring("sim/world/fault_driver.cpp") && ContainsSubstring("broken invariant"));
      CHECK_THAT(one.capsule, ContainsSubstring("disk_rollback"));
      add_to_groups({.seed = one.seed, .kind = one.kind, .cause = one.cause}, report);
    }
    REQUIRE(report.groups.size() == 1);
    CHECK(report.groups.front().failures == 3);
    CHECK(report.groups.front().first_seed == 3);
  }
}

TEST_CASE("work that is stopped ends soon, and returns the seeds that were complete") {
  const SomeAbort maker;
  FuzzWork work(maker, {.first_seed = 1, .last_seed = UINT64_MAX, .jobs = 2});
  std::uint64_t last = 0, count = 0;
  while (!work.ended()) {
    if (const auto outcome = work.next(kSecond)) {
      CHECK(outcome->seed > last);
      last = outcome->seed;
      if (++count == 5) work.stop();
    }
    REQUIRE(count < 5000);
  }
  CHECK(count >= 5);
}

TEST_CASE("an outcome survives its way from the worker") {
  const SeedOutcome outcome{.seed = 7,
                            .pass = false,
                            .events = 1234,
                            .sim_ns = 5 * kSecond,
                            .hits = "0101",
                            .invariant = "I1",
                            .kind = "I1-lost",
                            .cause = "a merge drops it",
                            .what = "two\nlines and \"quotes\"",
                            .capsule = "capsule: 1\n"};
  const auto read = parse_outcome(outcome_line(outcome));
  REQUIRE(read);
  CHECK(outcome_line(*read) == outcome_line(outcome));
  CHECK(read->what == outcome.what);
  CHECK_FALSE(parse_outcome("{\"seed\": 7"));
}
