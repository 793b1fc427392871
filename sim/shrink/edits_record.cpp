#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string>

#include "engine/core/assert.h"
#include "sim/shrink/passes.h"
#include "sim/shrink/recording.h"

namespace dkv::sim {
namespace {

constexpr std::uint32_t kLargeValue = 20u << 10;
constexpr std::size_t kRecordedStepsMax = 4000;  // a file has room for more, but hardly a reader

// A packed value would not fill a segment.
Scenario with_values_of(std::uint32_t bytes, Scenario scenario) {
  for (Step& step : scenario.workload.steps) {
    if (step.kind == StepKind::kPut) step.value_bytes = bytes;
  }
  StorageOptions& storage = scenario.cluster.node.storage;
  const bool packs = bytes >= storage.compress_over_bytes || storage.dictionaries;
  if (packs) storage.compress_over_bytes = std::numeric_limits<std::uint32_t>::max();
  storage.dictionaries = false;
  return scenario;
}

// "k3", "bucket/k3": as violations name a key.
bool is_key(const Step& step, const std::string& name) {
  return step.bucket == kDefaultBucket ? step.key == name : step.bucket + '/' + step.key == name;
}

// Steps in place of the load; only operations that `wanted` lets through. Their values have this size; 0: they are
// short.
template <class Wanted>
Scenario scripted(const Scenario& scenario, const Recording& recording, std::uint32_t value_bytes, Wanted&& wanted) {
  Scenario edit = scenario;
  WorkloadSpec& workload = edit.workload;
  std::map<std::uint64_t, std::string> sessions;
  std::set<std::pair<std::uint64_t, std::string>> touched;  // a session and a key that it has asked for before
  std::size_t values = 0;
  for (const Recording::Operation& operation : recording.operations) {
    if (!wanted(operation.step) || operation.step.at_ns >= scenario.run_ns) continue;
    Step step = operation.step;
    const auto [name, added] = sessions.try_emplace(operation.session, "c" + std::to_string(sessions.size() + 1));
    step.session = name->second;
    const bool again = !touched.insert({operation.session, step.bucket + '/' + step.key}).second;
    step.blind = again && operation.blind && step.kind != StepKind::kGet;
    if (step.kind == StepKind::kPut) {
      step.value = "v" + std::to_string(++values);
      step.ttl_ns = workload.ttl_ns;
    }
    workload.steps.push_back(std::move(step));
  }
  std::ranges::stable_sort(workload.steps, {}, &Step::at_ns);
  const WorkloadSpec none;
  const std::vector<Step> steps = std::move(workload.steps);
  workload = none;
  workload.steps = steps;
  return value_bytes == 0 ? edit : with_values_of(value_bytes, std::move(edit));
}

}  // namespace

// Fewer steps with larger values: those on the key that failed, and each second, fourth, ... of all.
std::vector<Scenario> larger_values(const Scenario& scenario, const Target& target) {
  constexpr std::size_t kManySteps = 20;
  std::vector<Scenario> edits;
  const std::vector<Step>& steps = scenario.workload.steps;
  if (scenario.workload.clients > 0 || steps.size() < kManySteps) return edits;
  const auto add = [&](auto&& wanted) {
    Scenario edit = scenario;
    edit.workload.steps.clear();
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (wanted(i)) edit.workload.steps.push_back(steps[i]);
    }
    edits.push_back(with_values_of(kLargeValue, std::move(edit)));
  };
  for (const Failure& failure : record_run(scenario, target).failures) {
    if (!same(failure.target, target)) continue;
    add([&](std::size_t i) { return is_key(steps[i], failure.key); });
  }
  for (const std::size_t one_of : {32, 16, 8, 4, 2}) {
    for (std::size_t first = 0; first < std::min<std::size_t>(one_of, 4); ++first) {
      add([&](std::size_t i) { return i % one_of == first; });
    }
  }
  return edits;
}

// The load's operations as steps: those on the key that failed, and then all of them.
std::vector<Scenario> steps_of_load(const Scenario& scenario, const Target& target) {
  std::vector<Scenario> edits;
  if (scenario.workload.clients == 0) return edits;
  const Recording recording = record_run(scenario, target);
  std::set<std::string> keys;
  for (const Failure& failure : recording.failures) {
    if (same(failure.target, target) && !failure.key.empty()) keys.insert(failure.key);
  }
  const auto on_them = [&](const Step& step) {
    return std::ranges::any_of(keys, [&](const std::string& key) { return is_key(step, key); });
  };
  // Some failures need full segments. Few large values fill them as well as many small ones.
  for (const std::uint32_t bytes : {0u, kLargeValue}) {
    if (!keys.empty()) edits.push_back(scripted(scenario, recording, bytes, on_them));
  }
  for (const std::uint32_t bytes : {0u, kLargeValue, scenario.workload.value_bytes}) {
    edits.push_back(scripted(scenario, recording, bytes, [](const Step&) { return true; }));
  }
  std::erase_if(edits, [](const Scenario& edit) { return edit.workload.steps.size() > kRecordedStepsMax; });
  // The random numbers of the network fall on other messages now: more than one seed is tried.
  std::vector<Scenario> seeded;
  for (const Scenario& edit : edits) {
    seeded.push_back(edit);
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      seeded.push_back(edit);
      seeded.back().seed = seed;
    }
  }
  return seeded;
}

}  // namespace dkv::sim
