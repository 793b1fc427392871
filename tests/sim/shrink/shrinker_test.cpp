// The search itself, against a judge that is a function of the scenario.
#include "sim/shrink/shrinker.h"

#include <algorithm>
#include <deque>
#include <set>
#include <string>
#include <vector>

#include "sim/kernel/rng.h"
#include "sim/scenario/write.h"
#include "tests/sim/kit.h"

using namespace dkv;
using namespace dkv::sim;

namespace {

Scenario with_steps(std::size_t count) {
  Scenario scenario = kit::cluster_of(3);
  for (std::size_t i = 0; i < count; ++i) {
    scenario.workload.steps.push_back(
        kit::step(static_cast<TimeNs>(i + 1) * kMillisecond, "ann", StepKind::kPut, "k" + std::to_string(i), "v"));
  }
  return scenario;
}

std::vector<Scenario> shorter_values(const Scenario& scenario, const Target&) {
  std::vector<Scenario> edits;
  for (std::size_t i = 0; i < scenario.workload.steps.size(); ++i) {
    edits.push_back(scenario);
    std::string& value = edits.back().workload.steps[i].value;
    value = value.substr(0, value.size() / 2);
  }
  return edits;
}

constexpr Pass kStepsOnly[] = {{.about = "steps", .units = count_steps, .without = without_steps}};
constexpr Pass kStepsAndValues[] = {{.about = "values", .variants = shorter_values},
                                    {.about = "steps", .units = count_steps, .without = without_steps}};

// Fails when all these keys are written.
struct Needs {
  std::set<std::string> keys;
  std::size_t value_bytes = 0;  // each value must have as many

  bool operator()(const Scenario& scenario) const {
    std::set<std::string> found;
    for (const Step& step : scenario.workload.steps) {
      if (keys.contains(step.key) && step.value.size() >= value_bytes) found.insert(step.key);
    }
    return found.size() == keys.size();
  }
};

// Plays `at_once` candidates before it tells the first verdict, as threads would. Answers with the texts of those told.
template <class Judge>
std::vector<std::string> search(Shrinker& shrinker, const Judge& judge, std::size_t at_once) {
  std::vector<std::string> told;
  std::deque<bool> ahead;
  for (;;) {
    while (ahead.size() < at_once) {
      const Scenario* candidate = shrinker.candidate(ahead.size());
      if (!candidate) break;
      ahead.push_back(judge(*candidate));
    }
    if (ahead.empty()) return told;
    told.push_back(write_scenario(*shrinker.candidate(0)));
    const bool fails = ahead.front();
    ahead.pop_front();
    CHECK(shrinker.told({.fails = fails}) == fails);
    if (fails) ahead.clear();
  }
}

std::set<std::string> keys_of(const Scenario& scenario) {
  std::set<std::string> keys;
  for (const Step& step : scenario.workload.steps) keys.insert(step.key);
  return keys;
}

}  // namespace

TEST_CASE("what the failure needs is left, and nothing else") {
  Stream random(7, Purpose::kSwarm);
  for (int round = 0; round < 40; ++round) {
    const std::size_t count = 1 + random.below(40);
    Needs needs;
    for (std::uint64_t i = random.below(6); i > 0; --i) needs.keys.insert("k" + std::to_string(random.below(count)));
    Shrinker shrinker(with_steps(count), {}, kStepsOnly);
    search(shrinker, needs, 1);
    CHECK(keys_of(shrinker.best()) == needs.keys);
    CHECK(shrinker.best().workload.steps.size() == needs.keys.size());
  }
}

TEST_CASE("the verdicts that are told do not depend on how many candidates are played at once") {
  const Needs needs{.keys = {"k3", "k17", "k18"}, .value_bytes = 0};
  Shrinker one(with_steps(30), {}, kStepsAndValues);
  const std::vector<std::string> told = search(one, needs, 1);
  CHECK(one.tries() == told.size());
  for (const std::size_t at_once : {2, 3, 8, 100}) {
    Shrinker several(with_steps(30), {}, kStepsAndValues);
    CHECK(search(several, needs, at_once) == told);
    CHECK(write_scenario(several.best()) == write_scenario(one.best()));
    CHECK(several.accepted() == one.accepted());
  }
}

TEST_CASE("what was cut once cannot be cut again") {
  const Needs needs{.keys = {"k1", "k2", "k9"}, .value_bytes = 3};
  Scenario scenario = with_steps(12);
  for (Step& step : scenario.workload.steps) step.value = "a long value";
  Shrinker first(scenario, {}, kStepsAndValues);
  search(first, needs, 2);
  CHECK(first.best().workload.steps.size() == 3);
  for (const Step& step : first.best().workload.steps) CHECK(step.value.size() == 3);
  Shrinker again(first.best(), {}, kStepsAndValues);
  search(again, needs, 2);
  CHECK(again.accepted() == 0);
  CHECK(again.tries() > 0);
  CHECK(write_scenario(again.best()) == write_scenario(first.best()));
}

TEST_CASE("no candidate is tried twice, and each is simpler than the best one before it") {
  const Needs needs{.keys = {"k0", "k5"}, .value_bytes = 1};
  Shrinker shrinker(with_steps(9), {}, kStepsAndValues);
  std::set<std::string> seen{write_scenario(shrinker.best())};
  while (const Scenario* candidate = shrinker.candidate(0)) {
    CHECK(seen.insert(write_scenario(*candidate)).second);
    CHECK(cost_of(*candidate) < cost_of(shrinker.best()));
    shrinker.told({.fails = needs(*candidate)});
  }
  CHECK(keys_of(shrinker.best()) == needs.keys);
}

TEST_CASE("a search that ends early keeps the best so far, and a longer one goes on from there") {
  const Needs needs{.keys = {"k7"}, .value_bytes = 0};
  std::size_t left = 20;
  for (const std::uint64_t tries : {0, 3, 6, 100}) {
    Shrinker shrinker(with_steps(20), {}, kStepsOnly);
    while (shrinker.tries() < tries && shrinker.candidate(0)) {
      shrinker.told({.fails = needs(*shrinker.candidate(0))});
    }
    CHECK(shrinker.best().workload.steps.size() <= left);
    CHECK(needs(shrinker.best()));
    left = shrinker.best().workload.steps.size();
  }
  CHECK(left == 1);
}

TEST_CASE("another breach on the way is kept with its candidate, once, and a failed expectation is not") {
  const Failure lost{.target = {.kind = Target::Kind::kBreach, .breach = Breach::kLost}, .detail = "it is gone"};
  const Failure few{.target = {.kind = Target::Kind::kExpectation}, .detail = "ops_ok >= 1: it is 0"};
  Shrinker shrinker(with_steps(4), {.kind = Target::Kind::kBreach, .breach = Breach::kDropped}, kStepsOnly);
  const std::string first = write_scenario(*shrinker.candidate(0));
  while (shrinker.candidate(0)) shrinker.told({.fails = false, .others = {few, lost}});
  REQUIRE(shrinker.others().size() == 1);
  CHECK(shrinker.others()[0].failure.detail == "it is gone");
  CHECK(write_scenario(shrinker.others()[0].scenario) == first);
}
