#include <algorithm>
#include <iterator>

#include "engine/input/units.h"
#include "sim/capsule/capsule.h"
#include "sim/draw/fault_schedule.h"
#include "sim/draw/swarm.h"
#include "sim/faults/catalogue.h"
#include "sim/kernel/rng.h"
#include "tests/sim/scenario/text.h"

namespace dkv::sim {

namespace {

const std::string kStory =
    "cluster: {nodes: [a, b, c, {name: d, datacenter: east}, 5, e-6]}\n"
    "network: {topology: {places: [\"hub 1\"], links: [{between: [\"hub 1\", a], latency: 1ms},\n"
    "  {between: [\"hub 1\", b], latency: 1ms}, {between: [b, c], latency: 1ms}, {between: [c, d], latency: 1ms},\n"
    "  {between: [d, \"5\"], latency: 1ms}, {between: [e-6, d], latency: 1ms}]}}\n";

const char* const kDelays[] = {"3ms", "{uniform: [1ms, 20ms]}", "{exponential: {mean: 2ms}}",
                               "{mixture: [{weight: 99, latency: 1ms}, {weight: 1, latency: {uniform: [5ms, 90ms]}}]}",
                               "{table: [[0%, 1ms], [99.99%, 2ms], [100%, 9ms]]}"};

Distribution distribution_of(const std::string& text) {
  return load_good("network: {latency: " + text + "}").network.latency;
}

// Draws `count` disjoint sets of nodes.
std::vector<std::vector<NodeId>> draw_groups(Stream& random, std::size_t nodes, std::size_t count) {
  std::vector<NodeId> order;
  for (NodeId node = 0; node < nodes; ++node) order.push_back(node);
  for (std::size_t i = nodes - 1; i > 0; --i) {
    const auto other = static_cast<std::size_t>(random.below(i + 1));
    std::swap(order[i], order[other]);
  }
  std::vector<std::vector<NodeId>> groups(count);
  const std::size_t used = count + static_cast<std::size_t>(random.below(nodes - count + 1));
  for (std::size_t i = 0; i < used; ++i) groups[i % count].push_back(order[i]);
  return groups;
}

TimeNs draw_duration(Stream& random) {
  constexpr TimeNs kGrains[] = {1, kMicrosecond, kMillisecond, kSecond};
  const TimeNs grain = kGrains[random.below(4)];
  return grain * random.between(1, 5000);
}

Fault draw_fault(Stream& random, const Scenario& scenario) {
  Fault fault;
  fault.kind = static_cast<FaultKind>(random.below(kFaultKinds));
  fault.at_ns = draw_duration(random);
  fault.for_ns = random.below(4) == 0 ? 0 : draw_duration(random);
  fault.random = random.below(2) == 0;
  const std::size_t nodes = scenario.cluster.members.size();
  const auto delay = [&] {
    fault.delay_text = kDelays[random.below(std::size(kDelays))];
    fault.delay = distribution_of(fault.delay_text);
  };
  const FaultTraits& traits = traits_of(fault.kind);
  if (traits.strikes_once) fault.for_ns = 0;
  switch (traits.place) {
    case FaultPlace::kSets:
      fault.groups = draw_groups(random, nodes, 2 + static_cast<std::size_t>(random.below(3)));
      break;
    case FaultPlace::kDirection:
      fault.groups = draw_groups(random, nodes, 1 + static_cast<std::size_t>(random.below(2)));
      break;
    case FaultPlace::kLinks: {
      const auto sets = static_cast<std::size_t>(random.below(4));
      if (sets > 0) fault.groups = draw_groups(random, nodes, sets);
      break;
    }
    case FaultPlace::kEnds: {
      const auto& link = scenario.network.topology.links[random.below(scenario.network.topology.links.size())];
      fault.from = link.a;
      fault.to = link.b;
      break;
    }
    case FaultPlace::kNodes: fault.groups = draw_groups(random, nodes, 1); break;
    case FaultPlace::kCopy:
      fault.groups = draw_groups(random, nodes, 2);
      fault.groups[1].resize(1);
      break;
  }
  for (const FaultStrength strength : traits.strengths) {
    switch (strength) {
      case FaultStrength::kRate: fault.rate_ppm = static_cast<std::uint32_t>(random.below(1'000'001)); break;
      case FaultStrength::kDelay:
      case FaultStrength::kDelayIfStated: delay(); break;
      case FaultStrength::kMoment:
        fault.to_ns = static_cast<TimeNs>(random.below(static_cast<std::uint64_t>(fault.at_ns) + 1));
        break;
      case FaultStrength::kSkew: fault.skew_ns = draw_duration(random) * (random.below(2) == 0 ? -1 : 1); break;
    }
  }
  return fault;
}

Schedule draw(Stream& random, const Scenario& scenario) {
  Schedule schedule;
  const std::uint64_t count = random.below(30);
  for (std::uint64_t i = 0; i < count; ++i) schedule.push_back(draw_fault(random, scenario));
  std::stable_sort(schedule.begin(), schedule.end(), [](const Fault& a, const Fault& b) { return a.at_ns < b.at_ns; });
  return schedule;
}

void require_same(const Schedule& read, const Schedule& written) {
  REQUIRE(read.size() == written.size());
  for (std::size_t i = 0; i < read.size(); ++i) {
    CAPTURE(i, fault_name(written[i].kind));
    REQUIRE(read[i].kind == written[i].kind);
    REQUIRE(read[i].at_ns == written[i].at_ns);
    REQUIRE(read[i].for_ns == written[i].for_ns);
    REQUIRE(read[i].groups == written[i].groups);
    REQUIRE(read[i].from == written[i].from);
    REQUIRE(read[i].to == written[i].to);
    REQUIRE(read[i].rate_ppm == written[i].rate_ppm);
    REQUIRE(read[i].skew_ns == written[i].skew_ns);
    REQUIRE(read[i].to_ns == written[i].to_ns);
    REQUIRE(read[i].delay_text == written[i].delay_text);
    REQUIRE(read[i].random == written[i].random);
    for (std::uint64_t quantile = 0; quantile < 64; ++quantile) {
      REQUIRE(read[i].delay.at(quantile << 58) == written[i].delay.at(quantile << 58));
    }
  }
}

Scenario no_swarm(std::uint64_t seed) {
  Scenario scenario = load_good("cluster: {nodes: 4}\n");
  scenario.name = "swarm-" + std::to_string(seed);
  return scenario;
}

}  // namespace

TEST_CASE("every schedule survives being written and read") {
  const Scenario scenario = load_good(kStory);
  Stream random(11, Purpose::kFaults);
  for (int i = 0; i < 400; ++i) {
    const Schedule schedule = draw(random, scenario);
    const std::string text = write_schedule(schedule, scenario);
    CAPTURE(text);
    const auto read = load_schedule_text(text, "schedule.yaml", scenario);
    if (!read) FAIL(to_string(read.error()));
    require_same(*read, schedule);
    REQUIRE(write_schedule(*read, scenario) == text);
  }
}

TEST_CASE("the draws of the swarm survive in a capsule") {
  std::size_t faults = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Capsule capsule;
    capsule.seed = seed;
    capsule.swarm_seed = seed;
    capsule.scenario = draw_swarm(seed);
    capsule.schedule = draw_schedule(capsule.scenario, seed);
    faults += capsule.schedule.size();
    const std::string written = write_capsule(capsule);
    CAPTURE(written);
    const auto read = load_capsule_text(written, "capsule.yaml", draw_swarm);
    if (!read) FAIL(to_string(read.error()));
    require_same(read->schedule, capsule.schedule);
  }
  CHECK(faults > 400);
}

TEST_CASE("a written fault reads like one in a scenario") {
  const Scenario scenario =
      load_good("faults: [{at: 5s, for: 1500ms, partition: [[n1, n2], rest]}, {at: 6s, crash: n3}]");
  CHECK(write_schedule(scenario.faults, scenario) ==
        "schedule:\n  - {at: 5s, for: 1500ms, partition: [[n1, n2], [n3, n4, n5]]}\n  - {at: 6s, crash: [n3]}\n");
  CHECK(write_schedule({}, scenario) == "schedule: []\n");
}

TEST_CASE("a schedule's mistakes are named, but draws of a palette may break the order rules of a story") {
  const Scenario scenario = load_good("run: 5s\n");
  const auto of = [&](const std::string& text) {
    const auto loaded = load_schedule_text(text, "schedule.yaml", scenario);
    return loaded ? std::string() : to_string(loaded.error());
  };
  CHECK_THAT(of("schedule: [{random: {kinds: {crash: 1}}}]\n"), ContainsSubstring("1:13: 'random' in a schedule"));
  CHECK_THAT(of("schedule: [{at: 1s, crash: n9}]\n"), ContainsSubstring("unknown node 'n9'"));
  CHECK_THAT(of("faults: []\n"), ContainsSubstring("unknown key 'faults' in 'schedule'"));
  CHECK_THAT(of("faults: []\n"), ContainsSubstring("the field 'schedule' is missing"));
  CHECK(of("schedule: [{at: 1s, crash: n1}, {at: 2s, crash: n1}, {at: 9s, crash: n2}]\n").empty());
  CHECK_FALSE(load_schedule_file("/nowhere/schedule.yaml", scenario));
}

TEST_CASE("a capsule survives being written and read, with any scenario") {
  const std::string texts[] = {kStory,
                               "seed: 4",
                               "  {seed: 4}\n\n\n",
                               "# caf\xc3\xa9: \"x\"\n---\nseed: 4\n",
                               "\n\nseed: 4\n",
                               "about: |2\n    deep\n   less\nseed: 4\n",
                               "{}  \n"};
  Stream random(12, Purpose::kFaults);
  for (const std::string& text : texts) {
    CAPTURE(text);
    Capsule capsule;
    capsule.build = "0.1.0 GNU 12.2: \"Release\"";
    capsule.seed = random.next();
    capsule.fingerprint = random.next();
    capsule.violation = "I1 no lost write, key 'a': gone\nat 5s # really";
    capsule.scenario_text = text;
    capsule.overrides = {"network.latency={uniform: [1ms, 9ms]}", "cluster.w=1"};
    capsule.scenario = load_good(text, capsule.overrides);
    capsule.scenario.name = "partition: heals";
    Stream own = random;
    if (!capsule.scenario.network.topology.links.empty()) capsule.schedule = draw(own, capsule.scenario);
    const std::string written = write_capsule(capsule);
    CAPTURE(written);
    const auto read = load_capsule_text(written, "capsule.yaml", nullptr);
    if (!read) FAIL(to_string(read.error()));
    CHECK(read->build == capsule.build);
    CHECK(read->seed == capsule.seed);
    CHECK(read->fingerprint == capsule.fingerprint);
    CHECK(read->violation == capsule.violation);
    CHECK(read->scenario_text == text);
    CHECK(read->overrides == capsule.overrides);
    CHECK_FALSE(read->swarm_seed);
    CHECK(read->scenario.name == "partition: heals");
    CHECK(read->scenario.seed == capsule.seed);
    CHECK(read->scenario.cluster.write_need == 1);
    require_same(read->schedule, capsule.schedule);
    CHECK(write_capsule(*read) == written);
  }
}

TEST_CASE("a capsule of the swarm draws its scenario again") {
  Capsule capsule;
  capsule.seed = 77;
  capsule.swarm_seed = 78;
  capsule.scenario = no_swarm(78);
  capsule.schedule = load_good("faults: [{at: 1s, crash: n4}]").faults;
  const auto read = load_capsule_text(write_capsule(capsule), "capsule.yaml", no_swarm);
  if (!read) FAIL(to_string(read.error()));
  CHECK(read->swarm_seed == 78u);
  CHECK(read->scenario.name == "swarm-78");
  CHECK(read->scenario.seed == 77);
  CHECK(read->scenario_text.empty());
  require_same(read->schedule, capsule.schedule);
  const auto refused = load_capsule_text(write_capsule(capsule), "capsule.yaml", nullptr);
  REQUIRE_FALSE(refused);
  CHECK_THAT(to_string(refused.error()), ContainsSubstring("a scenario of the swarm"));
}

TEST_CASE("a capsule's mistakes are named, those of the scenario inside under its own name") {
  const auto of = [&](const std::string& text) {
    const auto loaded = load_capsule_text(text, "capsule.yaml", no_swarm);
    return loaded ? std::string() : to_string(loaded.error());
  };
  const std::string head = "capsule: 1\nseed: 7\nfingerprint: \"00000000000000ff\"\n";
  CHECK(of(head + "swarm_seed: 1\nschedule: []\n").empty());
  CHECK_THAT(of(head + "schedule: []\n"), ContainsSubstring("neither 'scenario_text' nor 'swarm_seed'"));
  CHECK_THAT(of(head + "swarm_seed: 1\nscenario_text: \"seed: 1\"\nschedule: []\n"), ContainsSubstring("both"));
  CHECK_THAT(of(head + "swarm_seed: 1\n"), ContainsSubstring("the field 'schedule' is missing in 'capsule'"));
  CHECK_THAT(of("capsule: 2\nseed: 7\nfingerprint: \"00000000000000ff\"\nswarm_seed: 1\nschedule: []\n"),
             ContainsSubstring("capsule.yaml:1:10: a capsule of version 2; this build reads version 1"));
  CHECK_THAT(of("capsule: 1\nseed: 7\nfingerprint: ff\nswarm_seed: 1\nschedule: []\n"),
             ContainsSubstring("capsule.yaml:3:14: 'ff' is not a fingerprint"));
  CHECK_THAT(of(head + "scenario_text: |\n  seed: 1\n  rnu: 5s\nschedule: []\n"),
             ContainsSubstring("capsule.yaml (scenario_text):2:1: unknown key 'rnu'"));
  CHECK_THAT(of(head + "swarm_seed: 1\nset: [\"seed=1\"]\nschedule: []\n"),
             ContainsSubstring("'set' with 'swarm_seed'"));
  CHECK_FALSE(load_capsule_file("/nowhere/capsule.yaml", no_swarm));
}

}  // namespace dkv::sim
