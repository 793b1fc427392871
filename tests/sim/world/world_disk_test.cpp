// Disks that fail under a running cluster: the reaction of the nodes, and oracles that follow the disks' contents.
#include <limits>

#include "sim/world/world.h"
#include "tests/sim/kit.h"

namespace dkv::sim {
namespace {

using kit::fault;
using kit::Play;

Scenario disk_bound(std::uint32_t nodes) {
  Scenario scenario = kit::cluster_of(nodes);
  scenario.run_ns = 10 * kSecond;
  kit::load(scenario, 16, 300);
  scenario.cluster.node.storage.cache_bytes = 0;
  scenario.cluster.node.storage.segment_bytes = 64u << 10;
  return scenario;
}

std::string first_violation(const RunResult& result) {
  return result.violations.empty() ? "" : result.violations[0].key + ": " + result.violations[0].detail;
}

}  // namespace

// A start may read bytes that are only in the page cache, because a failed sync has marked them clean.
TEST_CASE("a record that a start has read is not durable before it is synced again") {
  double failures = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    CAPTURE(seed);
    Scenario scenario = disk_bound(2);
    scenario.cluster.replicas = scenario.cluster.read_need = scenario.cluster.write_need = 2;
    scenario.disk.sync = Distribution::uniform(5 * kMillisecond, 25 * kMillisecond);
    Schedule schedule;
    for (TimeNs at_ns = kSecond; at_ns < 8 * kSecond; at_ns += 2 * kSecond) {
      schedule.push_back(fault(FaultKind::kFailSync, at_ns, 1'500 * kMillisecond, {1}));
      schedule.push_back(fault(FaultKind::kPowerLoss, at_ns + 1'200 * kMillisecond, 200 * kMillisecond, {1}));
    }
    const RunResult result = Play(scenario, schedule, seed).to_end();
    CAPTURE(first_violation(result));
    CHECK(result.violations.empty());
    failures += result.metrics.at("storage_failures");
  }
  CHECK(failures >= 12);
}

TEST_CASE("with the log a crash keeps bytes that the system took, a power loss may, and a wipe does not") {
  const FaultKind kind = GENERATE(FaultKind::kCrash, FaultKind::kPowerLoss, FaultKind::kWipe);
  int kept = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Scenario scenario = kit::cluster_of(3);
    scenario.disk.sync = Distribution::constant(100 * kMillisecond);
    scenario.workload.steps.push_back(kit::step(kSecond, "s", StepKind::kPut, "cart", "x"));
    scenario.workload.steps.back().via = 0;
    // n1 is isolated, and is stopped while it syncs.
    Play play(scenario,
              {kit::between(FaultKind::kPartition, 900 * kMillisecond, 0, {0}, {1, 2}),
               fault(kind, 1050 * kMillisecond, kSecond, {0})},
              seed);
    play.until(2500 * kMillisecond);
    REQUIRE(play.world.node(0) != nullptr);
    kept += play.world.node(0)->store().find(*Key::make(kDefaultBucket, "cart")) ? 1 : 0;
    CHECK(play.to_end().violations.empty());
  }
  CAPTURE(fault_name(kind));
  if (kind == FaultKind::kCrash) CHECK(kept == 20);
  if (kind == FaultKind::kPowerLoss) CHECK((kept > 2 && kept < 18));
  if (kind == FaultKind::kWipe) CHECK(kept == 0);
}

TEST_CASE("where nothing is synced a crash loses nothing that was acknowledged, and a power loss may") {
  const SyncPolicy policy = GENERATE(SyncPolicy::kInterval, SyncPolicy::kNever);
  const FaultKind kind = GENERATE(FaultKind::kCrash, FaultKind::kPowerLoss);
  CAPTURE(sync_policy_name(policy), fault_name(kind));
  std::size_t excused = 0;
  double merges = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    CAPTURE(seed);
    Scenario scenario = disk_bound(3);
    scenario.workload.value_bytes = 500;
    scenario.cluster.node.storage.sync = policy;
    scenario.cluster.node.storage.compress_over_bytes = std::numeric_limits<std::uint32_t>::max();
    const RunResult result =
        Play(scenario,
             {fault(kind, 3 * kSecond, 500 * kMillisecond, {0, 1, 2}),
              fault(kind, 6 * kSecond, 500 * kMillisecond, {0, 1, 2}), fault(kind, 8 * kSecond, kMillisecond, {1})},
             seed)
            .to_end();
    CAPTURE(first_violation(result));
    CHECK(result.violations.empty());
    excused += result.excused.size();
    merges += result.metrics.at("merges");
  }
  CHECK((excused > 0) == (kind == FaultKind::kPowerLoss));
  CHECK(merges > 0);
}

// Only n1 has it, so no replica could bring it back.
TEST_CASE("a write that was acknowledged longer ago than the interval outlives a power loss") {
  const SyncPolicy policy = GENERATE(SyncPolicy::kInterval, SyncPolicy::kNever);
  int kept = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Scenario scenario = kit::cluster_of(1);
    scenario.cluster.read_need = scenario.cluster.write_need = 1;
    scenario.cluster.node.storage.sync = policy;
    scenario.cluster.node.storage.sync_every_ns = 500 * kMillisecond;
    scenario.workload.steps.push_back(kit::step(kSecond, "s", StepKind::kPut, "cart", "x"));
    Play play(scenario, {fault(FaultKind::kPowerLoss, 2 * kSecond, kSecond, {0})}, seed);
    play.until(3'500 * kMillisecond);
    REQUIRE(play.world.node(0) != nullptr);
    const bool here = static_cast<bool>(play.world.node(0)->store().find(*Key::make(kDefaultBucket, "cart")));
    kept += here ? 1 : 0;
    const RunResult result = play.to_end();
    CHECK(result.violations.empty());
    CHECK(result.excused.size() == (here ? 0 : 1));
  }
  if (policy == SyncPolicy::kInterval) CHECK(kept == 20);
  if (policy == SyncPolicy::kNever) CHECK((kept > 2 && kept < 18));
}

TEST_CASE("reads that fail now and then cost time and nothing else") {
  Scenario scenario = disk_bound(3);
  Fault errors = fault(FaultKind::kReadErrors, kSecond, 6 * kSecond, {0, 1, 2});
  errors.rate_ppm = 100'000;
  const Schedule schedule{errors, fault(FaultKind::kPowerLoss, 3 * kSecond, kSecond, {1})};
  const RunResult result = Play(scenario, schedule).to_end();
  CAPTURE(first_violation(result));
  CHECK(result.pass);
  CHECK(result.metrics.at("cold_reads") > 100);
  CHECK(result.metrics.at("damages_found") == 0);
  CHECK(result.metrics.at("damaged_values") == 0);
}

TEST_CASE("bits that rot on one disk are found by reads and starts, and healed by the others") {
  Scenario scenario = disk_bound(3);
  scenario.workload.value_bytes = 500;
  Schedule schedule;
  for (TimeNs at_ns = kSecond; at_ns < 9 * kSecond; at_ns += 50 * kMillisecond) {
    schedule.push_back(fault(FaultKind::kBitRot, at_ns, 0, {0}));
  }
  const RunResult result = Play(scenario, schedule).to_end();
  CAPTURE(first_violation(result));
  CHECK(result.pass);
  CHECK(result.metrics.at("disk_damages") == 160);
  CHECK(result.metrics.at("damages_found") > 0);
  CHECK(result.excused.empty());
}

TEST_CASE("full disks refuse writes for certain, serve reads, and take writes again when they have room") {
  Scenario scenario = disk_bound(3);
  scenario.workload.value_bytes = 2'000;
  scenario.workload.keys = 500;  // merges must not free the room again
  scenario.cluster.node.storage.compress_over_bytes = std::numeric_limits<std::uint32_t>::max();
  Play play(scenario, {fault(FaultKind::kDiskFull, 2 * kSecond, 5 * kSecond, {0, 1, 2})});
  play.until(7 * kSecond);
  const std::uint64_t refused = play.world.counters().refused_full;
  CHECK(refused > 50);
  play.until(7'500 * kMillisecond);
  const std::uint64_t refused_after = play.world.counters().refused_full;
  const std::uint64_t done = play.world.clients().counts()[static_cast<std::size_t>(OperationKind::kPut)].ok;
  const RunResult result = play.to_end();
  CAPTURE(first_violation(result));
  CHECK(result.pass);
  CHECK(play.world.counters().refused_full <= refused_after + 200);
  CHECK(result.operations[static_cast<std::size_t>(OperationKind::kPut)].ok > done + 50);
}

TEST_CASE("requests behind a stalled disk end when the disk continues, and the node survives") {
  Play play(disk_bound(3), {fault(FaultKind::kStalledDisk, 2 * kSecond, 3 * kSecond, {1})});
  const RunResult result = play.to_end();
  CHECK(result.pass);
  CHECK(result.metrics.at("storage_failures") == 0);
  CHECK(result.metrics.at("restarts") == 0);
}

}  // namespace dkv::sim
