#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "sim/shrink/passes.h"

namespace dkv::sim {
namespace {

// The distinct names that `name_of` gives the steps, in the order in which they come first.
template <class NameOf>
std::vector<std::string> names_in_order(const Scenario& scenario, NameOf&& name_of) {
  std::vector<std::string> names;
  std::map<std::string, bool> known;
  for (const Step& step : scenario.workload.steps) {
    std::string name = name_of(step);
    if (known.emplace(name, true).second) names.push_back(std::move(name));
  }
  return names;
}

template <class NameOf>
Scenario without_named(const Scenario& scenario, std::size_t begin, std::size_t end, NameOf&& name_of) {
  const std::vector<std::string> names = names_in_order(scenario, name_of);
  const auto first = names.begin() + static_cast<std::ptrdiff_t>(begin);
  const auto last = names.begin() + static_cast<std::ptrdiff_t>(end);
  Scenario cut = scenario;
  std::erase_if(cut.workload.steps, [&](const Step& step) { return std::find(first, last, name_of(step)) != last; });
  return cut;
}

std::string key_of(const Step& step) {
  return step.bucket + '/' + step.key;
}
std::string session_of(const Step& step) {
  return step.session;
}

}  // namespace

std::size_t count_keys(const Scenario& scenario) {
  return names_in_order(scenario, key_of).size();
}
Scenario without_keys(const Scenario& scenario, std::size_t begin, std::size_t end) {
  return without_named(scenario, begin, end, key_of);
}

std::size_t count_sessions(const Scenario& scenario) {
  return names_in_order(scenario, session_of).size();
}
Scenario without_sessions(const Scenario& scenario, std::size_t begin, std::size_t end) {
  return without_named(scenario, begin, end, session_of);
}

std::size_t count_steps(const Scenario& scenario) {
  return scenario.workload.steps.size();
}
Scenario without_steps(const Scenario& scenario, std::size_t begin, std::size_t end) {
  Scenario cut = scenario;
  auto& steps = cut.workload.steps;
  steps.erase(steps.begin() + static_cast<std::ptrdiff_t>(begin), steps.begin() + static_cast<std::ptrdiff_t>(end));
  return cut;
}

// All steps of one session, then each step of the session before it; short values.
std::vector<Scenario> simpler_steps(const Scenario& scenario, const Target&) {
  std::vector<Scenario> edits;
  const std::vector<Step>& steps = scenario.workload.steps;
  const auto join = [&](std::size_t index) {
    edits.push_back(scenario);
    edits.back().workload.steps[index].session = steps[0].session;
    std::ranges::stable_sort(edits.back().workload.steps, {}, &Step::at_ns);
  };
  if (count_sessions(scenario) > 1) {
    edits.push_back(scenario);
    for (Step& step : edits.back().workload.steps) step.session = steps[0].session;
    std::ranges::stable_sort(edits.back().workload.steps, {}, &Step::at_ns);
    for (std::size_t i = 1; i < steps.size(); ++i) {
      if (steps[i].session != steps[0].session) join(i);
    }
  }
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].kind != StepKind::kAdd) continue;
    edits.push_back(scenario);
    edits.back().workload.steps[i].kind = StepKind::kPut;
  }
  return edits;
}

}  // namespace dkv::sim
