#include <algorithm>

#include "sim/faults/catalogue.h"
#include "sim/shrink/passes.h"
#include "sim/shrink/recording.h"

namespace dkv::sim {
namespace {

using Times = std::vector<TimeNs>;  // ascending, each once

// Every moment that the scenario names, but for the end of the run.
Times moments_of(const Scenario& scenario) {
  Times times;
  for (const Fault& fault : scenario.faults) {
    times.push_back(fault.at_ns);
    if (fault.for_ns != 0) times.push_back(fault.at_ns + fault.for_ns);
    if (fault.kind == FaultKind::kDiskRollback) times.push_back(fault.to_ns);
  }
  for (const Step& step : scenario.workload.steps) times.push_back(step.at_ns);
  if (scenario.workload.clients > 0) times.push_back(scenario.workload.start_ns);
  std::ranges::sort(times);
  times.erase(std::unique(times.begin(), times.end()), times.end());
  return times;
}

// The same scenario with its moments moved: before[i] becomes after[i]. The order stays.
Scenario retimed(const Scenario& scenario, const Times& before, const Times& after) {
  const auto at = [&](TimeNs time_ns) {
    return after[static_cast<std::size_t>(std::ranges::lower_bound(before, time_ns) - before.begin())];
  };
  Scenario edit = scenario;
  for (Fault& fault : edit.faults) {
    const TimeNs end_ns = fault.at_ns + fault.for_ns;
    fault.at_ns = at(fault.at_ns);
    if (fault.for_ns != 0) fault.for_ns = std::max(at(end_ns) - fault.at_ns, std::min(fault.for_ns, kMillisecond));
    if (fault.kind == FaultKind::kDiskRollback) fault.to_ns = at(fault.to_ns);
  }
  for (Step& step : edit.workload.steps) step.at_ns = at(step.at_ns);
  if (edit.workload.clients > 0) edit.workload.start_ns = at(edit.workload.start_ns);
  edit.run_ns = std::max(edit.run_ns, after.back() + kMillisecond);
  return edit;
}

TimeNs rounded_to(TimeNs time_ns, TimeNs to_ns) {
  return (time_ns + to_ns / 2) / to_ns * to_ns;
}
TimeNs rounded_up(TimeNs time_ns, TimeNs to_ns) {
  return (time_ns + to_ns - 1) / to_ns * to_ns;
}

constexpr TimeNs kTimeSteps[] = {kSecond, 500 * kMillisecond, 100 * kMillisecond, 10 * kMillisecond, kMillisecond};

// One after the other, at the same distance; and the run ends one distance after the last.
void add_grids(const Scenario& scenario, const Times& before, std::vector<Scenario>& edits) {
  for (const TimeNs step_ns : kTimeSteps) {
    Times after(before.size());
    for (std::size_t i = 0; i < after.size(); ++i) after[i] = static_cast<TimeNs>(i + 1) * step_ns;
    Scenario edit = retimed(scenario, before, after);
    edit.run_ns = std::max(after.back() + step_ns, kSecond);
    edits.push_back(std::move(edit));
  }
}

// What comes from the i-th moment on comes earlier.
void add_shorter_gaps(const Scenario& scenario, const Times& before, std::vector<Scenario>& edits) {
  for (std::size_t i = 0; i < before.size(); ++i) {
    const TimeNs last_ns = i == 0 ? 0 : before[i - 1];
    for (const TimeNs gap_ns : {kMillisecond, 10 * kMillisecond, 100 * kMillisecond, kSecond}) {
      if (before[i] - last_ns <= gap_ns) continue;
      Times after = before;
      for (std::size_t j = i; j < after.size(); ++j) after[j] -= before[i] - last_ns - gap_ns;
      edits.push_back(retimed(scenario, before, after));
    }
  }
}

void add_rounded(const Scenario& scenario, const Times& before, std::vector<Scenario>& edits) {
  for (const TimeNs step_ns : kTimeSteps) {
    Times all = before;
    for (TimeNs& time_ns : all) time_ns = rounded_to(time_ns, step_ns);
    edits.push_back(retimed(scenario, before, all));
  }
  for (std::size_t i = 0; i < before.size(); ++i) {
    for (const TimeNs step_ns : kTimeSteps) {
      Times after = before;
      after[i] = rounded_to(before[i], step_ns);
      if (std::ranges::is_sorted(after)) edits.push_back(retimed(scenario, before, after));
    }
  }
}

}  // namespace

Scenario ended_at(Scenario scenario, TimeNs run_ns) {
  scenario.run_ns = run_ns;
  std::erase_if(scenario.faults, [&](const Fault& fault) { return fault.at_ns >= run_ns; });
  std::erase_if(scenario.workload.steps, [&](const Step& step) { return step.at_ns >= run_ns; });
  for (Fault& fault : scenario.faults) {
    if (fault.for_ns != 0 && fault.at_ns + fault.for_ns >= run_ns) fault.for_ns = 0;
  }
  scenario.workload.start_ns = std::min(scenario.workload.start_ns, run_ns - 1);
  return scenario;
}

// Just behind the violation, if it comes before the heal. Else shares of the run, the shortest first: it costs least.
std::vector<Scenario> shorter_runs(const Scenario& scenario, const Target& target) {
  Times ends;
  const TimeNs failed_at_ns = record_run(scenario, target).failed_at_ns;
  if (failed_at_ns >= 0) ends.push_back(failed_at_ns + 1);
  for (const TimeNs eighths : {1, 2, 3, 4, 5, 6, 7}) ends.push_back(scenario.run_ns / 8 * eighths);
  const Times moments = moments_of(scenario);
  if (!moments.empty()) ends.push_back(moments.back() + kMillisecond);
  std::vector<Scenario> edits;
  for (const TimeNs end_ns : ends) {
    for (const TimeNs step_ns : {100 * kMillisecond, kSecond}) {
      const TimeNs run_ns = std::max(rounded_up(end_ns, step_ns), 100 * kMillisecond);
      if (run_ns < scenario.run_ns) edits.push_back(ended_at(scenario, run_ns));
    }
  }
  return edits;
}

std::vector<Scenario> times_in_grids(const Scenario& scenario, const Target&) {
  std::vector<Scenario> edits;
  const Times before = moments_of(scenario);
  if (!before.empty()) add_grids(scenario, before, edits);
  return edits;
}

std::vector<Scenario> simpler_times(const Scenario& scenario, const Target&) {
  std::vector<Scenario> edits;
  const Times before = moments_of(scenario);
  if (before.empty()) return edits;
  add_shorter_gaps(scenario, before, edits);
  add_rounded(scenario, before, edits);
  return edits;
}

}  // namespace dkv::sim
