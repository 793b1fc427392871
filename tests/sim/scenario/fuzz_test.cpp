// Random damage to good files gives a scenario, or complaints with a place, and never a crash.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "sim/capsule/capsule.h"
#include "sim/kernel/rng.h"
#include "tests/sim/scenario/text.h"

namespace dkv::sim {

namespace {

const std::string kEverything = R"(about: every field once
seed: 9
run: 30s
cluster:
  nodes: [{name: a, datacenter: east}, {name: b, rack: r}, c, d]
  n: 3
  quorum: sloppy
  heartbeat: {every: 100ms, unreachable_after: 900ms}
  hints: {ttl: forever, deliver_every: never}
  anti_entropy: off
network:
  latency: {mixture: [{weight: 9, latency: 1ms}, {latency: {lognormal: {median: 1ms, p99: 9ms}}}]}
  rules: [{from: a, to: [b, c], legs: [write], loss: 1%}, {from: d, to: all, legs: [hint], latency: 5ms}]
  topology:
    places: [hub]
    links: [{between: [hub, a], latency: 1ms}, {between: [hub, b], latency: 0}, {between: [b, c], latency: 1ms}, {between: [d, a], latency: 1ms}]
disk: {sync: {table: [[0%, 1ms], [50%, 2ms], [100%, 9ms]]}}
workload:
  clients: 4
  load: {think: {pareto: {least: 1ms, alpha: 1.5, cap: 2s}}}
  mix: {get: 5, delete: 1}
  keys: {count: 5, pick: latest, skew: 1.1}
  value: 1KiB
  steps:
    - {at: 1s, as: x, put: k, value: "v", blind: true, w: 2}
    - {at: 2s, as: x, get: k, r: 1, expect: {siblings: 2, found: true}}
faults:
  - {at: 1s, for: 1s, partition: [east, rest]}
  - {at: 3s, one_way: {from: a}}
  - {at: 4s, loss: {between: [a, [b, c]], rate: 5%}}
  - {at: 4s, reorder: {of: a, rate: 5%, by: {exponential: {mean: 1ms}}}}
  - {at: 5s, for: 1s, link_down: [hub, a]}
  - {at: 6s, flap: {nodes: b, times: 3, down: 100ms, up: 100ms}}
  - {at: 8s, rolling: {nodes: all, down: 100ms, up: 100ms, how: power_loss}}
  - {at: 12s, clock_skew: {nodes: [a, d], by: -2s}}
  - {random: {every: 1s, for: [10ms, 1s], kinds: {crash: 2, clog: 1}}}
expect: [stale_reads == 0, availability >= 99.5%, violations: [I1]]
)";

const char* const kBits[] = {"\n",
                             "  ",
                             "- ",
                             ": ",
                             "{",
                             "}",
                             "[",
                             "]",
                             ", ",
                             "\"",
                             "'",
                             "#",
                             "&a ",
                             "*a",
                             "<<: ",
                             "!!str ",
                             "|",
                             ">",
                             "?",
                             "~",
                             "0",
                             "-1",
                             "18446744073709551616",
                             "999999999h",
                             "5ms",
                             "1e9",
                             "010",
                             "%",
                             "all",
                             "rest",
                             "n1",
                             "a",
                             "hub",
                             "at",
                             "for",
                             "crash",
                             "nodes",
                             "\t",
                             "\r\n",
                             "---\n",
                             "...\n",
                             "\xff",
                             "\xc3\xa9",
                             "\xEF\xBB\xBF"};

std::string damaged(const std::string& text, Stream& random) {
  std::string result = text;
  const std::uint64_t edits = 1 + random.below(6);
  for (std::uint64_t i = 0; i < edits && !result.empty(); ++i) {
    const auto at = static_cast<std::size_t>(random.below(result.size()));
    const auto length = static_cast<std::size_t>(random.below(20));
    switch (random.below(5)) {
      case 0: result.erase(at, length); break;
      case 1: result.insert(at, kBits[random.below(std::size(kBits))]); break;
      case 2: result[at] = static_cast<char>(random.below(256)); break;
      case 3: {
        const std::string piece = result.substr(at, length);
        const auto to = static_cast<std::size_t>(random.below(result.size()));
        result.insert(to, piece);
        break;
      }
      default: result.replace(at, length, kBits[random.below(std::size(kBits))]); break;
    }
  }
  return result;
}

void require_sound(const std::vector<Complaint>& complaints) {
  REQUIRE_FALSE(complaints.empty());
  REQUIRE(complaints.size() <= kComplaintsMax);
  for (const Complaint& complaint : complaints) {
    REQUIRE(complaint.line >= 1);
    REQUIRE(complaint.column >= 1);
    REQUIRE_FALSE(complaint.what.empty());
    REQUIRE_FALSE(complaint.meant.empty());
    REQUIRE(to_string(complaint).find('\n') == std::string::npos);
  }
}

}  // namespace

TEST_CASE("a damaged scenario is a scenario or complaints, never a crash") {
  REQUIRE(complaints_of(kEverything).empty());
  Stream random(21, Purpose::kSwarm);
  int refused = 0;
  for (int i = 0; i < 6'000; ++i) {
    const std::string text = damaged(kEverything, random);
    CAPTURE(text);
    const auto loaded = load_scenario_text(text, "story.yaml");
    if (loaded) {
      REQUIRE_FALSE(loaded->cluster.members.empty());
      REQUIRE(loaded->cluster.members.size() <= kNodesMax);
      REQUIRE(loaded->cluster.replicas <= loaded->cluster.members.size());
      REQUIRE(loaded->cluster.write_need <= loaded->cluster.replicas);
      REQUIRE(load_schedule_text(write_schedule(loaded->faults, *loaded), "s.yaml", *loaded));
      continue;
    }
    ++refused;
    require_sound(loaded.error());
  }
  CHECK(refused > 3'000);
  CHECK(refused < 5'990);
}

TEST_CASE("a damaged override is taken or complained about, never a crash") {
  Stream random(22, Purpose::kSwarm);
  const std::string overrides[] = {"network.latency={uniform: [1ms, 9ms]}", "faults.3.loss.rate=5%",
                                   "cluster.nodes=[a, b, c]"};
  for (int i = 0; i < 2'000; ++i) {
    const std::string assignment = damaged(overrides[random.below(std::size(overrides))], random);
    CAPTURE(assignment);
    const auto loaded = load_scenario_text(kEverything, "story.yaml", {assignment});
    if (!loaded) require_sound(loaded.error());
  }
}

TEST_CASE("a damaged capsule is a capsule or complaints, never a crash") {
  Capsule capsule;
  capsule.scenario_text = kEverything;
  capsule.scenario = load_good(kEverything);
  capsule.schedule = capsule.scenario.faults;
  const std::string text = write_capsule(capsule);
  Stream random(23, Purpose::kSwarm);
  for (int i = 0; i < 1'000; ++i) {
    const std::string broken = damaged(text, random);
    CAPTURE(broken);
    const auto loaded = load_capsule_text(broken, "capsule.yaml", nullptr);
    if (!loaded) require_sound(loaded.error());
  }
}

}  // namespace dkv::sim
