#include "sim/world/runner.h"

#include <limits>
#include <set>

#include "tests/sim/kit.h"

using namespace dkv;
using namespace dkv::sim;
using kit::cluster_of;
using kit::Play;
using kit::step;

namespace {

Scenario under_load(std::uint32_t nodes = 5) {
  Scenario scenario = cluster_of(nodes);
  kit::load(scenario, 8, 400);
  return scenario;
}
std::shared_ptr<const Scenario> shared(Scenario scenario) {
  return std::make_shared<const Scenario>(std::move(scenario));
}
std::shared_ptr<const Schedule> no_faults() {
  return std::make_shared<const Schedule>();
}

Expectation expectation(const std::string& metric, Compare compare, double number, const std::string& text = "text") {
  Expectation made;
  made.metric = metric;
  made.compare = compare;
  made.number = number;
  made.text = text;
  made.line = 7;
  return made;
}

// Runs in which, taken together, every metric is above 0.
std::vector<Play*> telling_runs() {
  static std::vector<std::unique_ptr<Play>> runs;
  if (runs.empty()) {
    Scenario storm = under_load();
    storm.run_ns = 12 * kSecond;
    storm.workload.mix = {.get = 30, .put = 30, .blind_put = 20, .update = 10, .remove = 10};
    storm.cluster.node.hint_ttl_ns = 700 * kMillisecond;
    storm.network.loss_ppm = 20'000;
    storm.workload.steps = {step(kSecond, "ann", StepKind::kGet, "nothing")};
    storm.workload.steps[0].expect.found = true;
    Step refused = step(3 * kSecond, "bob", StepKind::kDelete, "cart");  // on the side with too few replicas
    refused.via = 0;
    refused.need = 3;
    refused.mode = QuorumMode::kStrict;
    storm.workload.steps.push_back(refused);
    storm.disk.sync = Distribution::constant(50 * kMillisecond);  // a power loss takes much
    Schedule faults = {kit::between(FaultKind::kPartition, kSecond, 3 * kSecond, {0, 1}, {2, 3, 4}),
                       kit::fault(FaultKind::kPowerLoss, 6 * kSecond, kSecond, {1}),
                       kit::fault(FaultKind::kPowerLoss, 6 * kSecond, kSecond, {2}),
                       kit::fault(FaultKind::kPowerLoss, 6 * kSecond, 4 * kSecond, {3}),
                       kit::fault(FaultKind::kWipe, 8 * kSecond, kSecond, {0, 1, 2})};
    runs.push_back(std::make_unique<Play>(storm, faults, 5));

    Scenario weak = under_load();  // one copy is enough, and the last write wins by its timestamp
    weak.run_ns = 8 * kSecond;
    weak.cluster.read_need = weak.cluster.write_need = 1;
    weak.cluster.node.policy = ConflictPolicy::kLastWriteWins;
    weak.workload.mix = {.get = 50, .put = 0, .blind_put = 50, .update = 0, .remove = 0};
    weak.cluster.node.anti_entropy_every_ns = 2 * kSecond;
    runs.push_back(std::make_unique<Play>(
        weak, Schedule{kit::between(FaultKind::kPartition, kSecond, 4 * kSecond, {0, 1}, {2, 3, 4})}));

    Scenario full = under_load();  // room for a single hint, which is never delivered
    full.cluster.node.hints_max = 1;
    full.cluster.node.hints_every_ns = 0;
    full.heal_within_ns = kSecond;
    runs.push_back(std::make_unique<Play>(full, Schedule{kit::fault(FaultKind::kCrash, kSecond, 2 * kSecond, {4})}));
    Scenario broken = under_load();  // disks that rot, fail and fill up, and are read all the time
    broken.run_ns = 8 * kSecond;
    broken.workload.value_bytes = 3'000;
    broken.cluster.node.storage.cache_bytes = 0;
    broken.cluster.node.storage.segment_bytes = 64u << 10;
    broken.cluster.node.storage.compress_over_bytes = std::numeric_limits<std::uint32_t>::max();
    Schedule breaks;
    for (TimeNs at_ns = kSecond; at_ns < 4 * kSecond; at_ns += 50 * kMillisecond) {
      breaks.push_back(kit::fault(FaultKind::kBitRot, at_ns, 0, {0}));
    }
    breaks.push_back(kit::fault(FaultKind::kFailSync, 4 * kSecond, kSecond, {1}));
    breaks.push_back(kit::fault(FaultKind::kDiskFull, 5 * kSecond, 0, {0, 1, 2, 3, 4}));
    runs.push_back(std::make_unique<Play>(broken, breaks));

    Scenario packed = under_load();
    packed.workload.value_bytes = 3'000;
    packed.cluster.node.storage.segment_bytes = 64u << 10;
    packed.cluster.node.storage.dictionaries = true;
    packed.workload.mix = {.get = 40, .put = 20, .blind_put = 0, .update = 20, .remove = 20, .forge = 5};
    packed.cluster.node.heartbeat_every_ns = 50 * kMillisecond;  // so that eras pass quickly
    packed.cluster.node.reap_every_ns = 100 * kMillisecond;
    packed.run_ns = 5 * kSecond;
    Fault jump = kit::fault(FaultKind::kClockJump, kSecond, kSecond, {1});
    jump.skew_ns = 3600 * kSecond;
    runs.push_back(std::make_unique<Play>(packed, Schedule{jump}));
    Schedule short_lives;  // copies arrive for a life that has just ended
    for (TimeNs at_ns = kSecond; at_ns < 4 * kSecond; at_ns += 300 * kMillisecond) {
      short_lives.push_back(kit::fault(FaultKind::kCrash, at_ns, 20 * kMillisecond, {2}));
    }
    runs.push_back(std::make_unique<Play>(packed, short_lives));
    for (auto& run : runs) run->to_end();
  }
  std::vector<Play*> all;
  for (auto& run : runs) all.push_back(run.get());
  return all;
}

}  // namespace

TEST_CASE("a run has exactly the metrics in the list of names, judged or not") {
  std::set<std::string> names;
  for (const MetricName& metric : metric_names()) names.insert(metric.name);
  REQUIRE(names.size() == metric_names().size());
  for (const bool oracle : {true, false}) {
    const RunResult result = run(shared(under_load()), 1, no_faults(), {.oracle = oracle});
    std::set<std::string> found;
    for (const auto& [name, number] : result.metrics) found.insert(name);
    CHECK(found == names);
  }
}

TEST_CASE("every metric gets a value in some run") {
  // The first two are 0 with a correct store; the oracles' own tests cover them. Runs with the memory backend cover
  // the last one (world_disk_test.cpp).
  const std::set<std::string> silent = {"lost_acknowledged", "resurrected", "records_forgotten"};
  for (const MetricName& metric : metric_names()) {
    CAPTURE(metric.name);
    bool told = silent.count(metric.name) > 0;
    for (const Play* run : telling_runs()) told = told || summarize(run->world).metrics.at(metric.name) != 0;
    CHECK(told);
  }
}

TEST_CASE("the sums of operations are the sums of their kinds") {
  for (const Play* play : telling_runs()) {
    const RunResult result = summarize(play->world);
    const auto of = [&](const char* name) { return result.metrics.at(name); };
    CHECK(of("ops_ok") == of("gets_ok") + of("puts_ok") + of("deletes_ok"));
    CHECK(of("ops_refused") == of("gets_refused") + of("puts_refused") + of("deletes_refused"));
    CHECK(of("ops_unknown") == of("gets_unknown") + of("puts_unknown") + of("deletes_unknown"));
    CHECK(of("refused_writes") == of("puts_refused") + of("deletes_refused"));
    CHECK(of("unknown_writes") == of("puts_unknown") + of("deletes_unknown"));
    const double all = of("ops_ok") + of("ops_refused") + of("ops_unknown");
    CHECK(of("availability") == Approx(100 * of("ops_ok") / all));
    CHECK(of("availability_reads") <= 100);
    CHECK(of("get_p50_ms") <= of("get_p99_ms"));
    CHECK(of("get_p99_ms") <= of("get_p999_ms"));
    CHECK(play->operations.size() == static_cast<std::size_t>(all));
    CHECK(of("violations") == static_cast<double>(result.violations.size() + result.expected_violations.size()));
  }
}

TEST_CASE("each comparison holds on its own side of the bound") {
  Scenario scenario = cluster_of(3);
  scenario.workload.steps = {step(kSecond, "ann", StepKind::kPut, "a", "1"),
                             step(2 * kSecond, "ann", StepKind::kPut, "a", "2")};
  const auto holds = [&](Compare compare, double bound) {
    scenario.expect = {expectation("puts_ok", compare, bound)};  // it is 2
    return run(shared(scenario), 1, no_faults()).pass;
  };
  const struct {
    Compare compare;
    bool below, at, above;  // bounds 1, 2 and 3
  } kCases[] = {{Compare::kEqual, false, true, false},   {Compare::kNotEqual, true, false, true},
                {Compare::kLess, false, false, true},    {Compare::kLessEqual, false, true, true},
                {Compare::kGreater, true, false, false}, {Compare::kGreaterEqual, true, true, false}};
  for (const auto& one : kCases) {
    CAPTURE(static_cast<int>(one.compare));
    CHECK(holds(one.compare, 1) == one.below);
    CHECK(holds(one.compare, 2) == one.at);
    CHECK(holds(one.compare, 3) == one.above);
  }
}

TEST_CASE("a failed expectation is quoted with its value and its place") {
  Scenario scenario = cluster_of(3);
  scenario.workload.steps = {step(kSecond, "ann", StepKind::kPut, "cart", "milk")};
  scenario.workload.steps[0].expect.outcome = Outcome::kRefused;
  scenario.workload.steps[0].expect.line = 30;
  scenario.expect = {expectation("puts_ok", Compare::kEqual, 3, "puts_ok == 3"),
                     expectation("availability", Compare::kGreaterEqual, 99.5, "availability >= 99.5")};
  const RunResult result = run(shared(scenario), 1, no_faults());
  CHECK_FALSE(result.pass);
  REQUIRE(result.failed_expectations.size() == 2);
  CHECK(result.failed_expectations[0] == "puts_ok == 3: it is 1 (line 7)");
  CHECK(result.failed_expectations[1] == "step of ann on \"cart\": the outcome is done, not refused (line 30)");
  CHECK(result.metrics.at("steps_failed") == 1);
}

TEST_CASE("a violation that the scenario announces fails nothing, any other one does") {
  Scenario scenario = cluster_of(3);
  scenario.cluster.node.anti_entropy_every_ns = 0;
  scenario.cluster.node.hints_every_ns = 0;
  scenario.cluster.node.read_repair = false;
  scenario.heal_within_ns = kSecond;
  scenario.workload.steps = {step(2 * kSecond, "ann", StepKind::kPut, "cart", "milk")};
  const auto cut =
      std::make_shared<const Schedule>(Schedule{kit::between(FaultKind::kPartition, kSecond, 0, {0, 1}, {2})});
  const RunResult surprised = run(shared(scenario), 1, cut);
  CHECK_FALSE(surprised.pass);
  REQUIRE_FALSE(surprised.violations.empty());
  scenario.expected_violations = {"I3"};
  const RunResult announced = run(shared(scenario), 1, cut);
  CHECK(announced.pass);
  CHECK(announced.violations.empty());
  CHECK(announced.expected_violations.size() == surprised.violations.size());
  CHECK(announced.metrics.at("violations") == surprised.metrics.at("violations"));
  scenario.expected_violations = {"I1"};
  CHECK_FALSE(run(shared(scenario), 1, cut).pass);
}

TEST_CASE("a run without a schedule draws it, and the result says which one") {
  Scenario scenario = under_load();
  Palette palette;
  palette.every_ns = kSecond;
  palette.for_least_ns = palette.for_most_ns = 300 * kMillisecond;
  palette.kinds = {{FaultKind::kCrash, 1}};
  scenario.palette = palette;
  const RunResult drawn = run(shared(scenario), 3, nullptr);
  CHECK(drawn.faults.size() >= 2);
  const RunResult given = run(shared(scenario), 3, std::make_shared<const Schedule>(drawn.faults));
  CHECK(given.fingerprint == drawn.fingerprint);
  CHECK(given.metrics == drawn.metrics);
}

TEST_CASE("the result carries the run's name, seed, length and counts") {
  Scenario scenario = under_load();
  scenario.name = "a story";
  const RunResult result = run(shared(scenario), 77, no_faults());
  CHECK(result.scenario == "a story");
  CHECK(result.seed == 77);
  CHECK(result.sim_ns >= scenario.run_ns);
  CHECK(result.wall_seconds == 0);
  CHECK(result.metrics.at("events") == static_cast<double>(result.events));
  CHECK(result.operations[0].ok > 100);
  CHECK(result.latency[0].count() == result.operations[0].ok);
}
