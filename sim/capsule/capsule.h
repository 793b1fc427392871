#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/load.h"

namespace dkv::sim {

// Everything that one run needs to happen again: a failing seed writes one, `replay` plays it, `shrink` makes it
// smaller. A YAML file that a person can read and edit.
struct Capsule {
  std::string build;  // version and compiler that made it; another build may run differently
  std::uint64_t seed = 0;
  std::uint64_t fingerprint = 0;  // of the run; written in hex
  std::string violation;          // what failed, in one line; empty: nothing
  // Where the scenario comes from: the whole file, with its overrides, or the swarm's seed (scenario_text is then
  // empty).
  std::string scenario_text;
  std::vector<std::string> overrides;
  std::optional<std::uint64_t> swarm_seed;
  // The scenario itself, with the capsule's seed: made from the above by load_capsule_...(). For write_capsule() it
  // gives its name and the names of nodes.
  Scenario scenario;
  Schedule schedule;  // the full list; it stands in for the scenario's own faults and its palette
};

// Makes the scenario of a swarm's seed; draw_swarm() of sim/draw/swarm.h in production.
using DrawSwarm = Scenario (*)(std::uint64_t seed);

// draw_swarm null: capsules of a swarm are refused. Fails as load_scenario_text() does; a complaint about the scenario
// inside names the file "FILE (scenario_text)".
Loaded<Capsule> load_capsule_file(const std::string& path, DrawSwarm draw_swarm);
Loaded<Capsule> load_capsule_text(std::string_view text, const std::string& file_name, DrawSwarm draw_swarm);

// load_capsule_text() reads it back unchanged.
std::string write_capsule(const Capsule& capsule);

}  // namespace dkv::sim
