#include "sim/capsule/source.h"

#include <utility>

#include "engine/input/tree.h"
#include "sim/draw/fault_schedule.h"
#include "sim/draw/swarm.h"

namespace dkv::sim {

// Compares the key of the first entry, after comments and empty lines.
bool is_capsule(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (line.starts_with("capsule:")) return true;
    if (!line.empty() && !line.starts_with("#") && !line.starts_with("---") && line != "\r") return false;
    if (end == std::string_view::npos) return false;
    text.remove_prefix(end + 1);
  }
  return false;
}

Loaded<Source> load_source(const SourceRequest& request) {
  Complaints complaints(request.scenario_path);
  auto text = read_text_file(request.scenario_path, kYamlBytesMax, complaints);
  if (!text) return tl::unexpected(complaints.take());
  auto scenario = load_scenario_text(*text, request.scenario_path, request.overrides);
  if (!scenario) return tl::unexpected(std::move(scenario.error()));
  Source source{.seed = request.seed.value_or(scenario->seed),
                .schedule = {},
                .scenario_text = std::move(*text),
                .overrides = request.overrides,
                .swarm_seed = {}};
  if (request.schedule_path.empty()) {
    source.schedule = std::make_shared<const Schedule>(draw_schedule(*scenario, source.seed));
  } else {
    auto schedule = load_schedule_file(request.schedule_path, *scenario);
    if (!schedule) return tl::unexpected(std::move(schedule.error()));
    source.schedule = std::make_shared<const Schedule>(std::move(*schedule));
  }
  source.scenario = std::make_shared<const Scenario>(std::move(*scenario));
  return source;
}

Source source_of(Capsule capsule) {
  return {.scenario = std::make_shared<const Scenario>(std::move(capsule.scenario)),
          .seed = capsule.seed,
          .schedule = std::make_shared<const Schedule>(std::move(capsule.schedule)),
          .scenario_text = std::move(capsule.scenario_text),
          .overrides = std::move(capsule.overrides),
          .swarm_seed = capsule.swarm_seed};
}

Loaded<Source> load_any(const SourceRequest& request) {
  Complaints complaints(request.scenario_path);
  const auto text = read_text_file(request.scenario_path, kCapsuleBytesMax, complaints);
  if (!text) return tl::unexpected(complaints.take());
  if (!is_capsule(*text)) return load_source(request);
  auto capsule = load_capsule_text(*text, request.scenario_path, &draw_swarm);
  if (!capsule) return tl::unexpected(std::move(capsule.error()));
  return source_of(std::move(*capsule));
}

}  // namespace dkv::sim
