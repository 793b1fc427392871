#include "cli/run/source.h"

#include <fmt/format.h>

#include <utility>

#include "cli/terminal/build_info.h"
#include "cli/terminal/text.h"
#include "cli/trace/trace_reader.h"
#include "sim/draw/swarm.h"

namespace dkv::cli {
namespace {

// Complaints end with a newline; messages for standard error do not.
std::string lines_of(const std::vector<Complaint>& complaints) {
  std::string text = to_string(complaints);
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

Found<Recorded> recorded_of_trace(const std::string& path) {
  auto trace = read_trace(path);
  if (!trace) return tl::unexpected(std::move(trace.error()));
  Recorded recorded{.build = trace->build, .fingerprint = trace->fingerprint};
  Source& source = recorded.source;
  source.seed = trace->seed;
  source.overrides = trace->overrides;
  sim::Scenario scenario;
  if (trace->swarm_seed) {
    source.swarm_seed = trace->swarm_seed;
    scenario = sim::draw_swarm(*trace->swarm_seed);
  } else {
    source.scenario_text = std::move(trace->scenario_text);
    auto loaded = sim::load_scenario_text(source.scenario_text, path + " (scenario)", source.overrides);
    if (!loaded) return tl::unexpected(lines_of(loaded.error()));
    scenario = std::move(*loaded);
  }
  if (!trace->scenario_name.empty()) scenario.name = trace->scenario_name;
  scenario.seed = source.seed;
  auto schedule = sim::load_schedule_text(trace->schedule_text, path + " (schedule)", scenario);
  if (!schedule) return tl::unexpected(lines_of(schedule.error()));
  source.schedule = std::make_shared<const sim::Schedule>(std::move(*schedule));
  source.scenario = std::make_shared<const sim::Scenario>(std::move(scenario));
  return recorded;
}

Found<Recorded> recorded_of_capsule(const std::string& path) {
  auto capsule = sim::load_capsule_file(path, &sim::draw_swarm);
  if (!capsule) return tl::unexpected(lines_of(capsule.error()));
  Recorded recorded{.build = capsule->build, .fingerprint = capsule->fingerprint};
  recorded.source = sim::source_of(std::move(*capsule));
  return recorded;
}

}  // namespace

Found<Source> load_source(const SourceRequest& request) {
  auto source = sim::load_source(request);
  if (!source) return tl::unexpected(lines_of(source.error()));
  return std::move(*source);
}

Found<Recorded> load_recorded(const std::string& path) {
  return is_trace(path) ? recorded_of_trace(path) : recorded_of_capsule(path);
}

Found<Recorded> load_run(const SourceRequest& request) {
  const std::string& path = request.scenario_path;
  Complaints complaints(path);
  const bool trace = is_trace(path);
  const auto text = trace ? std::nullopt : read_text_file(path, sim::kCapsuleBytesMax, complaints);
  if (!trace && !text) return tl::unexpected(lines_of(complaints.take()));
  if (!trace && !sim::is_capsule(*text)) {
    auto source = cli::load_source(request);
    if (!source) return tl::unexpected(std::move(source.error()));
    return Recorded{.source = std::move(*source), .build = {}, .fingerprint = {}};
  }
  if (request.seed || !request.schedule_path.empty() || !request.overrides.empty()) {
    return tl::unexpected("--seed and --set are for scenarios: " + path + " says all about its run");
  }
  return load_recorded(path);
}

sim::Capsule make_capsule(const Source& source, const sim::RunResult& result) {
  return {.build = build_text(),
          .seed = source.seed,
          .fingerprint = result.fingerprint,
          .violation = first_failure(result),
          .scenario_text = source.scenario_text,
          .overrides = source.overrides,
          .swarm_seed = source.swarm_seed,
          .scenario = *source.scenario,
          .schedule = *source.schedule};
}

std::string first_failure(const sim::RunResult& result) {
  if (!result.violations.empty()) {
    const sim::Violation& first = result.violations.front();
    return fmt::format("{} {} at {}{}: {}", sim::invariant_code(first.invariant), sim::invariant_name(first.invariant),
                       clock_time(first.at_ns), first.key.empty() ? "" : fmt::format(", key {}", shown(first.key)),
                       first.detail);
  }
  return result.failed_expectations.empty() ? std::string() : "expected " + result.failed_expectations.front();
}

}  // namespace dkv::cli
