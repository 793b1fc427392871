#include "sim/world/runner.h"

#include <algorithm>
#include <cstdio>

#include "engine/core/assert.h"
#include "sim/draw/fault_schedule.h"
#include "sim/world/populations.h"

namespace dkv::sim {
namespace {

bool within(double value, Compare compare, double bound) {
  switch (compare) {
    case Compare::kEqual: return !(value < bound) && !(value > bound);
    case Compare::kNotEqual: return value < bound || value > bound;
    case Compare::kLess: return value < bound;
    case Compare::kLessEqual: return value <= bound;
    case Compare::kGreater: return value > bound;
    case Compare::kGreaterEqual: return value >= bound;
  }
  return false;
}

void check_expectations(const World& world, RunResult& result) {
  for (const Expectation& expect : world.scenario().expect) {
    if (holds(expect, result)) continue;
    result.failed_expectations.push_back(why_failed(expect, result) + " (line " + std::to_string(expect.line) + ")");
  }
  for (const std::string& code : world.scenario().expected_violations) {
    const bool broke = std::ranges::any_of(result.expected_violations, [&](const Violation& violation) {
      return code == invariant_code(violation.invariant);
    });
    if (!broke) result.failed_expectations.push_back("violations: " + code + " was expected to break, and did not");
  }
  for (const Clients::FailedStep& failed : world.clients().failed_steps()) {
    result.failed_expectations.push_back("step of " + failed.step->session + " on \"" + failed.step->key + "\": " +
                                         failed.why + " (line " + std::to_string(failed.step->expect.line) + ")");
  }
}

// Reports commands without effect: the file would otherwise describe another run.
void check_commands(const World& world, RunResult& result) {
  const auto add = [&](std::uint64_t at_event, CommandKind kind, int line, const std::string& why) {
    result.failed_expectations.push_back(std::string("command ") + command_name(kind) + " before event " +
                                         std::to_string(at_event) + ": " + why +
                                         (line > 0 ? " (line " + std::to_string(line) + ")" : ""));
  };
  for (const RefusedCommand& refused : world.refused_commands()) {
    add(refused.at_event, refused.kind, refused.line, refused.why);
  }
  const Commands& commands = world.scenario().commands;
  for (std::size_t i = world.commands_applied(); i < commands.size(); ++i) {
    add(commands[i].at_event, commands[i].kind, commands[i].line,
        "the run ended with event " + std::to_string(world.events()));
  }
}

}  // namespace

std::string number_text(double value) {
  char text[48];
  std::snprintf(text, sizeof(text), "%.10g", value);
  return text;
}

bool holds(const Expectation& expect, const RunResult& result) {
  const auto metric = result.metrics.find(expect.metric);
  DKV_ASSERT(metric != result.metrics.end());  // the loader checked the name
  if (nothing_behind(expect.metric, result) != nullptr) return false;
  return within(metric->second, expect.compare, expect.number);
}

std::string why_failed(const Expectation& expect, const RunResult& result) {
  const char* nothing = nothing_behind(expect.metric, result);
  if (nothing != nullptr) return expect.text + ": nothing to judge, " + nothing;
  return expect.text + ": it is " + number_text(result.metrics.at(expect.metric));
}

RunResult summarize(const World& world) {
  DKV_ASSERT(world.ended());
  RunResult result{
      .scenario = world.scenario().name,
      .seed = world.seed(),
      .fingerprint = world.fingerprint(),
      .events = world.events(),
      .sim_ns = world.now(),
      .operations = world.clients().counts(),
      .latency = world.clients().latency(),
      .service = world.clients().service(),
      .waiting = world.clients().waiting(),
      .world = world.counters(),
      .converged_after_ns = world.converged() ? world.converged_after_ns() : world.scenario().heal_within_ns,
      .siblings_read_max = world.clients().siblings_read_max(),
      .contexts_refused = world.clients().contexts_refused(),
      .steps_failed = world.clients().failed_steps().size(),
      .violations_in_all = world.clients().wrong_value_count(),
      .faults = world.schedule()};
  std::vector<Violation> found = world.clients().wrong_values();
  if (const Oracle* oracle = world.judge()) {
    result.judge = oracle->counters();
    result.not_judged = oracle->not_judged();
    result.excused = oracle->excused();
    result.discarded = oracle->discarded();
    result.stale_reads = oracle->stale_reads();
    result.violations_in_all += oracle->violation_count();
    found.insert(found.end(), oracle->violations().begin(), oracle->violations().end());
  }
  result.metrics = metrics_of(result);
  for (Violation& violation : found) {
    const bool expected = std::ranges::any_of(world.scenario().expected_violations, [&](const std::string& code) {
      return code == invariant_code(violation.invariant);
    });
    (expected ? result.expected_violations : result.violations).push_back(std::move(violation));
  }
  if (world.judge() != nullptr) {
    for (NotJudged& idle : nothing_to_judge(result, world.scenario())) {
      result.not_judged.push_back(std::move(idle));
    }
  }
  check_expectations(world, result);
  check_commands(world, result);
  result.pass = result.violations.empty() && result.failed_expectations.empty();
  return result;
}

RunResult run(std::shared_ptr<const Scenario> scenario, std::uint64_t seed, std::shared_ptr<const Schedule> schedule,
              const WorldOptions& options, Observer* observer) {
  if (!schedule) schedule = std::make_shared<const Schedule>(draw_schedule(*scenario, seed));
  World world(std::move(scenario), seed, std::move(schedule), options);
  while (world.step(observer)) {
  }
  return summarize(world);
}

}  // namespace dkv::sim
