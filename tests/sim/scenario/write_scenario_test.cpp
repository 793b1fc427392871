// A scenario is written as a file, and the file plays the same run.
#include <algorithm>
#include <filesystem>
#include <vector>

#include "sim/draw/fault_schedule.h"
#include "sim/draw/swarm.h"
#include "sim/faults/catalogue.h"
#include "sim/scenario/load.h"
#include "sim/scenario/write.h"
#include "sim/world/runner.h"
#include "tests/catch.h"
#include "tests/paths.h"
#include "tests/sim/scenario/text.h"

using namespace dkv;
using namespace dkv::sim;

namespace {

// The scenario with its whole schedule timed: what shrinking writes.
Scenario timed(Scenario scenario) {
  scenario.faults = draw_schedule(scenario, scenario.seed);
  for (Fault& fault : scenario.faults) fault.random = false;
  scenario.palette.reset();
  return scenario;
}

Scenario read_back(const std::string& text) {
  auto read = load_scenario_text(text, "written.yaml");
  INFO(text);
  INFO((read ? std::string() : to_string(read.error())));
  REQUIRE(read);
  return std::move(*read);
}

std::uint64_t fingerprint(const Scenario& scenario) {
  return run(std::make_shared<const Scenario>(scenario), scenario.seed, nullptr, {.oracle = false}).fingerprint;
}

// Long runs say no more about what was written than short ones.
void shorten(Scenario& scenario) {
  scenario.run_ns = std::min<TimeNs>(scenario.run_ns, kSecond);
  std::erase_if(scenario.faults, [&](const Fault& fault) { return fault.at_ns >= scenario.run_ns; });
  std::erase_if(scenario.workload.steps, [&](const Step& step) { return step.at_ns >= scenario.run_ns; });
  std::erase_if(scenario.commands, [](const Command&) { return true; });
  scenario.workload.start_ns = std::min(scenario.workload.start_ns, scenario.run_ns - 1);
}

}  // namespace

TEST_CASE("each scenario of the project, written and read again, is the same text and the same run") {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(paths::kSources) + "/scenarios")) {
    if (entry.path().extension() != ".yaml") continue;
    ++files;
    CAPTURE(entry.path().string());
    Scenario scenario = *load_scenario_file(entry.path().string());
    const std::string text = write_scenario(scenario);
    CHECK(write_scenario(read_back(text)) == text);
    shorten(scenario);
    CHECK(fingerprint(read_back(write_scenario(scenario))) == fingerprint(scenario));
  }
  CHECK(files > 20);
}

TEST_CASE("each scenario that the swarm draws can be written with its whole schedule, and plays the same run") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    Scenario scenario = timed(draw_swarm(seed));
    const std::string text = write_scenario(scenario);
    CHECK(write_scenario(read_back(text)) == text);
    if (seed > 10) continue;
    shorten(scenario);
    CHECK(fingerprint(read_back(write_scenario(scenario))) == fingerprint(scenario));
  }
}

TEST_CASE("settings at their defaults are left out, and the first ones that a reader looks for are not") {
  const Scenario scenario = read_back("run: 5s\ncluster: {nodes: 3}\n");
  CHECK(write_scenario(scenario) ==
        "seed: 1\n"
        "run: 5s\n"
        "\n"
        "cluster:\n"
        "  nodes: 3\n"
        "  n: 3\n"
        "  r: 2\n"
        "  w: 2\n");
}

TEST_CASE("every field of a scenario is written") {
  const std::string text =
      "about: \"A story: with everything\"\n"
      "seed: 9\n"
      "run: 4s\n"
      "heal_within: 30s\n"
      "\n"
      "cluster:\n"
      "  nodes: [a, {name: b, host: h1, rack: r1, datacenter: east, weight: 50}, c, d]\n"
      "  n: 3\n"
      "  r: 1\n"
      "  w: 3\n"
      "  pr: 1\n"
      "  pw: 2\n"
      "  quorum: strict\n"
      "  partitions: 16\n"
      "  conflicts: lww\n"
      "  siblings_max: 4\n"
      "  timeout: 250ms\n"
      "  heartbeat: {every: 100ms, unreachable_after: 300ms}\n"
      "  fallback_after: never\n"
      "  read_repair: false\n"
      "  hints: {ttl: forever, deliver_every: never, max: 5, in_flight: 1}\n"
      "  anti_entropy: off\n"
      "  reap_every: never\n"
      "  operations_max: 7\n"
      "  clock_apart_max: 2s\n"
      "  buckets: {carts: {ttl: 30s, conflicts: siblings}}\n"
      "  storage: {segment: 64KiB, cache: 0B, cache_policy: lru, sync: interval, sync_every: 20ms, compress_over: "
      "never, "
      "dictionaries: on, merge_dead: never}\n"
      "\n"
      "network:\n"
      "  latency: {mixture: [{weight: 3, latency: {lognormal: {median: 1ms, p99: 9ms}}}, {weight: 1, latency: {pareto: "
      "{least: 1ms, alpha: 1.5, cap: 2s}}}]}\n"
      "  loss: 0.5%\n"
      "  duplicate: 1%\n"
      "  reorder: 2%\n"
      "  reorder_by: {exponential: {mean: 3ms}}\n"
      "  rules:\n"
      "    - {from: [a], to: [b, c], both_ways: false, legs: [write, anti_entropy], latency: 5ms, loss: 3%}\n"
      "  topology:\n"
      "    places: [switch]\n"
      "    links:\n"
      "      - {between: [switch, a], latency: 1ms}\n"
      "      - {between: [switch, b], latency: 1ms}\n"
      "      - {between: [switch, c], latency: 1ms}\n"
      "      - {between: [switch, d], latency: 1ms}\n"
      "\n"
      "disk:\n"
      "  sync: {table: [[0%, 1ms], [50%, 2ms], [100%, 9ms]]}\n"
      "  read: {uniform: [1ms, 2ms]}\n"
      "\n"
      "workload:\n"
      "  clients: 2\n"
      "  load: {rate: 20/s}\n"
      "  mix: {get: 1, blind_put: 2, update: 3, delete: 4, forge: 5}\n"
      "  keys: {count: 7, pick: latest, skew: 0.75}\n"
      "  value: 1KiB\n"
      "  ttl: forever\n"
      "  connect: home\n"
      "  start: 500ms\n"
      "  steps:\n"
      "    - {at: 1s, as: ann, via: b, put: cart, value: \"a, b\", size: 2KiB, bucket: carts, ttl: 2s, blind: true, w: "
      "2, quorum: "
      "sloppy, expect: {outcome: done}}\n"
      "    - {at: 2s, as: ann, get: cart, r: 2, expect: {value: \"\", siblings: 1, found: true}}\n"
      "    - {at: 2s, as: bob, add: cart, value: c, ttl: forever}\n"
      "    - {at: 3s, as: bob, delete: cart, blind: true}\n"
      "\n"
      "faults:\n"
      "  - {at: 1s, for: 1s, crash: [a]}\n"
      "  - {random: {every: 1s, for: [100ms, 200ms], at_once: 1, kinds: {partition: 2, crash: 1}}}\n"
      "\n"
      "commands:\n"
      "  - {at_event: 9, pause: [b]}\n"
      "\n"
      "expect:\n"
      "  - stale_reads == 0\n"
      "  - availability >= 99%\n"
      "  - violations: [I1, I3]\n";
  CHECK(write_scenario(read_back(text)) == text);
}

TEST_CASE("a closed load, a memory backend and plain keys are written") {
  const std::string text =
      "seed: 1\n"
      "run: 4s\n"
      "\n"
      "cluster:\n"
      "  nodes: 3\n"
      "  n: 2\n"
      "  r: 2\n"
      "  w: 1\n"
      "  anti_entropy: {every: 1s, partitions_at_once: 8}\n"
      "  storage: {backend: memory}\n"
      "\n"
      "workload:\n"
      "  clients: 2\n"
      "  load: {think: 5ms}\n"
      "  keys: 3\n"
      "\n"
      "faults:\n"
      "  - {at: 1s, pause: [n1]}\n";
  CHECK(write_scenario(read_back(text)) == text);
}
