#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/capsule/capsule.h"
#include "sim/scenario/load.h"
#include "sim/scenario/scenario.h"

namespace dkv::sim {

// The inputs of one run, and their origin: enough to write the run to a file.
struct Source {
  std::shared_ptr<const Scenario> scenario;
  std::uint64_t seed = 0;
  std::shared_ptr<const Schedule> schedule;  // complete
  std::string scenario_text;                 // empty: from the swarm
  std::vector<std::string> overrides;
  std::optional<std::uint64_t> swarm_seed;
};

struct SourceRequest {
  std::string scenario_path;
  std::optional<std::uint64_t> seed;  // not set: that of the scenario
  std::string schedule_path;          // empty: the schedule is drawn
  std::vector<std::string> overrides;
};
Loaded<Source> load_source(const SourceRequest& request);

Source source_of(Capsule capsule);

// Whether the file's first entry is "capsule:".
bool is_capsule(std::string_view text);

// Loads a file that a person names: a capsule when its first entry is "capsule:", otherwise a scenario. seed and
// overrides are for scenarios only.
Loaded<Source> load_any(const SourceRequest& request);

}  // namespace dkv::sim
