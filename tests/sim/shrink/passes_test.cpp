// What the passes make of scenarios: each change is one that a file can say, or one that the file's reader refuses.
#include "sim/shrink/passes.h"

#include <algorithm>
#include <set>
#include <string>

#include "sim/draw/fault_schedule.h"
#include "sim/draw/swarm.h"
#include "sim/scenario/load.h"
#include "sim/scenario/write.h"
#include "tests/sim/kit.h"
#include "tests/sim/scenario/text.h"

using namespace dkv;
using namespace dkv::sim;
using Catch::Matchers::Contains;

namespace {

Scenario drawn(std::uint64_t seed) {
  Scenario scenario = draw_swarm(seed);
  scenario.faults = draw_schedule(scenario, seed);
  for (Fault& fault : scenario.faults) fault.random = false;
  scenario.palette.reset();
  return scenario;
}

const Pass& pass_with(std::size_t (*units)(const Scenario&)) {
  return *std::ranges::find(passes(), units, &Pass::units);
}

}  // namespace

TEST_CASE("each piece that a pass cuts leaves a scenario that can be written") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const Scenario scenario = drawn(seed);
    for (const Pass& pass : passes()) {
      if (!pass.units) continue;
      CAPTURE(seed, pass.about);
      const std::size_t units = pass.units(scenario);
      for (std::size_t begin = 0; begin < units; begin += std::max<std::size_t>(units / 3, 1)) {
        const Scenario cut = pass.without(scenario, begin, std::min(units, begin + 1 + seed % 3));
        CHECK(load_scenario_text(write_scenario(cut), "cut.yaml").has_value());
      }
    }
  }
}

TEST_CASE("a cut of everything leaves no fault and no step") {
  Scenario scenario = drawn(3);
  scenario.workload.steps.push_back(kit::step(kSecond, "ann", StepKind::kGet, "k1"));
  CHECK(pass_with(count_faults).without(scenario, 0, scenario.faults.size()).faults.empty());
  CHECK(pass_with(count_steps).without(scenario, 0, 1).workload.steps.empty());
}

TEST_CASE("settings go back to their defaults, whatever they are called") {
  const Scenario scenario = load_good(
      "cluster: {nodes: 3, r: 1, timeout: 3s, hints: {ttl: 1s, max: 5}}\n"
      "network: {latency: 9ms, loss: 1%}\n"
      "disk: {sync: 2ms}\n"
      "workload: {clients: 3, keys: 7}\n"
      "expect: [stale_reads == 0, ops_ok >= 1]\n");
  const Scenario bare = without_settings(scenario, 0, count_settings(scenario));
  CHECK(write_scenario(bare) == write_scenario(load_good("cluster: {nodes: 5}\nworkload: {clients: 3}\n")));
  // One at a time: only the fields that it names change.
  std::set<std::string> texts;
  for (std::size_t i = 0; i < count_settings(scenario); ++i) {
    texts.insert(write_scenario(without_settings(scenario, i, i + 1)));
  }
  const auto any = [&](const std::string& with, const std::string& without) {
    return std::ranges::any_of(texts, [&](const std::string& text) {
      return text.find(with) != std::string::npos && text.find(without) == std::string::npos;
    });
  };
  CHECK(any("hints: {ttl: 1s}", "max"));
  CHECK(any("timeout: 3s", "latency"));
  CHECK(any("ops_ok", "stale_reads"));
}

TEST_CASE("a node that is cut leaves every fault, rule and step that named it") {
  const Scenario scenario = load_good(
      "run: 9s\n"
      "cluster: {nodes: [a, b, c, d], n: 3, r: 3, w: 3}\n"
      "network: {rules: [{from: b, to: [c, d], latency: 5ms}, {from: a, to: c, latency: 5ms}]}\n"
      "workload: {steps: [{at: 1s, as: ann, via: b, put: k, value: v, w: 3}, {at: 2s, as: ann, via: d, get: k}]}\n"
      "faults:\n"
      "  - {at: 1s, for: 1s, crash: [b]}\n"
      "  - {at: 3s, for: 1s, crash: [a, b]}\n"
      "  - {at: 5s, for: 1s, partition: [[b], [a, c]]}\n"
      "  - {at: 6s, for: 1s, partition: [[b, c], [a]]}\n"
      "  - {at: 7s, for: 1s, one_way: {from: d, to: b}}\n");
  CHECK(write_scenario(without_nodes(scenario, 1, 2)) ==
        "seed: 1\n"
        "run: 9s\n"
        "\n"
        "cluster:\n"
        "  nodes: [a, c, d]\n"
        "  n: 3\n"
        "  r: 3\n"
        "  w: 3\n"
        "\n"
        "network:\n"
        "  rules:\n"
        "    - {from: [a], to: [c], latency: 5ms}\n"
        "\n"
        "workload:\n"
        "  steps:\n"
        "    - {at: 1s, as: ann, put: k, value: v, w: 3}\n"
        "    - {at: 2s, as: ann, via: d, get: k}\n"
        "\n"
        "faults:\n"
        "  - {at: 3s, for: 1s, crash: [a]}\n"
        "  - {at: 6s, for: 1s, partition: [[c], [a]]}\n");
  CHECK(without_nodes(scenario, 0, 2).cluster.replicas == 2);
  CHECK(without_nodes(scenario, 0, 4).cluster.members.size() == 4);  // at least one must stay
}

TEST_CASE("a run that ends earlier has no fault and no step behind its end") {
  const Scenario scenario = load_good(
      "run: 9s\n"
      "cluster: {nodes: 3}\n"
      "workload: {steps: [{at: 1s, as: ann, get: k}, {at: 5s, as: ann, get: k}]}\n"
      "faults: [{at: 2s, for: 4s, crash: n1}, {at: 7s, crash: n2}]\n");
  const Scenario ended = ended_at(scenario, 4 * kSecond);
  CHECK(ended.workload.steps.size() == 1);
  REQUIRE(ended.faults.size() == 1);
  CHECK(ended.faults[0].for_ns == 0);  // the heal ends it
}

TEST_CASE("moments keep their order and their distances where they only move") {
  const Scenario scenario = load_good(
      "run: 9s\n"
      "cluster: {nodes: 3}\n"
      "workload: {steps: [{at: 1234567us, as: ann, get: k}, {at: 1300ms, as: ann, get: k}]}\n"
      "faults: [{at: 3777ms, for: 1111ms, crash: n1}]\n");
  const std::vector<Scenario> grids = times_in_grids(scenario, {});
  REQUIRE_FALSE(grids.empty());
  CHECK_THAT(write_scenario(grids.front()),
             Contains("at: 1s") && Contains("at: 2s") && Contains("{at: 3s, for: 1s, crash"));
  for (const Scenario& edit : simpler_times(scenario, {})) {
    CAPTURE(write_scenario(edit));
    CHECK(edit.workload.steps[0].at_ns <= edit.workload.steps[1].at_ns);
    CHECK(edit.workload.steps[1].at_ns <= edit.faults[0].at_ns);
    CHECK(edit.faults[0].for_ns > 0);
    CHECK(edit.faults[0].at_ns < edit.run_ns);
  }
}

TEST_CASE("names that people gave stay, and numbered ones begin at 1") {
  const Scenario scenario = load_good(
      "cluster: {nodes: [n2, n7, east1]}\n"
      "workload:\n"
      "  steps:\n"
      "    - {at: 1s, as: c9, put: cart, value: v40}\n"
      "    - {at: 2s, as: ann, put: cart, value: milk}\n");
  const std::vector<Scenario> edits = simpler_names(scenario, {});
  REQUIRE(edits.size() >= 2);
  CHECK_THAT(write_scenario(edits[0]),
             Contains("as: c1, put: cart, value: v1") && Contains("as: ann, put: cart, value: milk"));
  CHECK_THAT(write_scenario(edits[1]), Contains("nodes: [n1, n2, east1]"));
}
