#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/capsule/capsule.h"
#include "sim/scenario/load.h"
#include "sim/scenario/scenario.h"

namespace dkv::sim {

// All that one run needs, and where it came from: enough to write it down again.
struct Source {
  std::shared_ptr<const Scenario> scenario;
  std::uint64_t seed = 0;
  std::shared_ptr<const Schedule> schedule;  // complete
  std::string scenario_text;                 // empty: the swarm's
  std::vector<std::string> overrides;
  std::optional<std::uint64_t> swarm_seed;
};

struct SourceRequest {
  std::string scenario_path;
  std::optional<std::uint64_t> seed;  // unset: the scenario's own
  std::string schedule_path;          // empty: drawn
  std::vector<std::string> overrides;
};
Loaded<Source> load_source(const SourceRequest& request);

Source source_of(Capsule capsule);

// What a person names to look at: a capsule when the file begins its first entry with "capsule:", else a scenario.
// seed and overrides are for scenarios only.
Loaded<Source> load_any(const SourceRequest& request);

}  // namespace dkv::sim
