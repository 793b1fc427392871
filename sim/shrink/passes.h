#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/scenario/scenario.h"
#include "sim/shrink/target.h"

// The ways to make a scenario smaller, in the order in which they are tried. Each is a function of the scenario alone,
// so that shrinking a small one again tries what was tried before, and finds nothing.
namespace dkv::sim {

// A pass cuts (units and without are set) or tries one change after another (variants is set).
struct Pass {
  const char* about;  // for the progress: "faults"
  // How many pieces there are to cut, and the scenario without those from begin to end.
  std::size_t (*units)(const Scenario&) = nullptr;
  Scenario (*without)(const Scenario&, std::size_t begin, std::size_t end) = nullptr;
  // Changes, the boldest ones first.
  std::vector<Scenario> (*variants)(const Scenario&, const Target&) = nullptr;
  // Seeds 1 to this are tried besides the scenario's own, where runs are short: without a random load, and with few
  // steps.
  std::uint64_t seeds = 0;
};
std::span<const Pass> passes();

// How much there is of a scenario, the most important first; the smaller one is simpler. A candidate must be simpler
// than the best one so far, so shrinking ends.
std::vector<std::uint64_t> cost_of(const Scenario& scenario);

// What a person counts.
struct Size {
  std::size_t faults = 0;
  std::size_t commands = 0;      // of the debugger
  std::uint64_t operations = 0;  // scripted steps; those of a random load are counted by its run
  std::uint32_t clients = 0;
  std::size_t nodes = 0;
  TimeNs run_ns = 0;

  friend bool operator==(const Size&, const Size&) = default;
};
Size size_of(const Scenario& scenario);

// --- The passes. edits_*.cpp, one subject each.
// Ends the run at run_ns: faults and steps that come later go.
Scenario ended_at(Scenario scenario, TimeNs run_ns);
std::vector<Scenario> shorter_runs(const Scenario& scenario, const Target& target);

std::size_t count_faults(const Scenario& scenario);
Scenario without_faults(const Scenario& scenario, std::size_t begin, std::size_t end);
std::vector<Scenario> simpler_faults(const Scenario& scenario, const Target& target);

std::size_t count_commands(const Scenario& scenario);
Scenario without_commands(const Scenario& scenario, std::size_t begin, std::size_t end);
std::vector<Scenario> commands_as_faults(const Scenario& scenario, const Target& target);

std::vector<Scenario> smaller_loads(const Scenario& scenario, const Target& target);
std::vector<Scenario> steps_of_load(const Scenario& scenario, const Target& target);
std::vector<Scenario> larger_values(const Scenario& scenario, const Target& target);

std::size_t count_keys(const Scenario& scenario);
Scenario without_keys(const Scenario& scenario, std::size_t begin, std::size_t end);
std::size_t count_sessions(const Scenario& scenario);
Scenario without_sessions(const Scenario& scenario, std::size_t begin, std::size_t end);
std::size_t count_steps(const Scenario& scenario);
Scenario without_steps(const Scenario& scenario, std::size_t begin, std::size_t end);
std::vector<Scenario> simpler_steps(const Scenario& scenario, const Target& target);

std::size_t count_settings(const Scenario& scenario);
Scenario without_settings(const Scenario& scenario, std::size_t begin, std::size_t end);
std::vector<Scenario> simpler_numbers(const Scenario& scenario, const Target& target);
std::size_t count_details(const Scenario& scenario);
Scenario without_details(const Scenario& scenario, std::size_t begin, std::size_t end);

std::size_t count_nodes(const Scenario& scenario);
Scenario without_nodes(const Scenario& scenario, std::size_t begin, std::size_t end);
std::vector<Scenario> fewer_replicas(const Scenario& scenario, const Target& target);

std::vector<Scenario> times_in_grids(const Scenario& scenario, const Target& target);
std::vector<Scenario> simpler_times(const Scenario& scenario, const Target& target);
std::vector<Scenario> simpler_latencies(const Scenario& scenario, const Target& target);
std::vector<Scenario> simpler_names(const Scenario& scenario, const Target& target);
// Sessions of the load are called by people's names. This changes no run.
Scenario with_people(Scenario scenario);
std::vector<Scenario> lower_seeds(const Scenario& scenario, const Target& target);

}  // namespace dkv::sim
