#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/load.h"

namespace dkv::sim {

// All data that one run needs to happen again. A failing seed writes a capsule, `replay` plays it, and `shrink` makes
// it smaller. It is a YAML file that a person can read and edit.
struct Capsule {
  std::string build;  // version and compiler that made it; another build may run differently
  std::uint64_t seed = 0;
  std::uint64_t fingerprint = 0;  // of the run; written in hex
  std::string violation;          // the failure, in one line; empty: none
  // The source of the scenario: the whole file with its overrides, or the swarm's seed (then scenario_text is empty).
  std::string scenario_text;
  std::vector<std::string> overrides;
  std::optional<std::uint64_t> swarm_seed;
  // The scenario itself, with the capsule's seed. load_capsule_...() makes it from the source. write_capsule() takes
  // its name and the names of nodes from it.
  Scenario scenario;
  Schedule schedule;  // complete: it replaces the scenario's own faults and its palette
};

// Makes the scenario of a swarm's seed. In production it is draw_swarm() of sim/draw/swarm.h.
using DrawSwarm = Scenario (*)(std::uint64_t seed);

// With draw_swarm null, capsules of a swarm are refused. Fails as load_scenario_text() does. A complaint about the
// scenario in the capsule names the file "FILE (scenario_text)".
Loaded<Capsule> load_capsule_file(const std::string& path, DrawSwarm draw_swarm);
Loaded<Capsule> load_capsule_text(std::string_view text, const std::string& file_name, DrawSwarm draw_swarm);

// The text of a capsule. load_capsule_text() reads it back unchanged.
std::string write_capsule(const Capsule& capsule);

}  // namespace dkv::sim
