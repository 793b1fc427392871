#include "sim/world/runner.h"

#include <algorithm>
#include <cstdio>

#include "engine/core/assert.h"
#include "sim/draw/fault_schedule.h"

namespace dkv::sim {
namespace {

using Metrics = std::map<std::string, double>;

double percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 100.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

double milliseconds(TimeNs duration_ns) {
  return static_cast<double>(duration_ns) / 1e6;
}

OperationCount sum(const std::array<OperationCount, kOperationKinds>& counts, bool reads, bool writes) {
  OperationCount total;
  for (std::size_t kind = 0; kind < kOperationKinds; ++kind) {
    const bool read = static_cast<OperationKind>(kind) == OperationKind::kGet;
    if (read ? !reads : !writes) continue;
    total.ok += counts[kind].ok;
    total.refused += counts[kind].refused;
    total.unknown += counts[kind].unknown;
  }
  return total;
}

double availability(const OperationCount& count) {
  return percent(count.ok, count.ok + count.refused + count.unknown);
}

void set(Metrics& metrics, const char* name, std::uint64_t number) {
  metrics[name] = static_cast<double>(number);
}

void client_metrics(const RunResult& result, Metrics& metrics) {
  static constexpr const char* kNames[kOperationKinds] = {"gets", "puts", "deletes"};
  for (std::size_t kind = 0; kind < kOperationKinds; ++kind) {
    const std::string name = kNames[kind];
    set(metrics, (name + "_ok").c_str(), result.operations[kind].ok);
    set(metrics, (name + "_refused").c_str(), result.operations[kind].refused);
    set(metrics, (name + "_unknown").c_str(), result.operations[kind].unknown);
  }
  const OperationCount all = sum(result.operations, true, true);
  const OperationCount writes = sum(result.operations, false, true);
  set(metrics, "ops_ok", all.ok);
  set(metrics, "ops_refused", all.refused);
  set(metrics, "ops_unknown", all.unknown);
  set(metrics, "refused_writes", writes.refused);
  set(metrics, "unknown_writes", writes.unknown);
  metrics["availability"] = availability(all);
  metrics["availability_reads"] = availability(sum(result.operations, true, false));
  metrics["availability_writes"] = availability(writes);
  for (const OperationKind kind : {OperationKind::kGet, OperationKind::kPut}) {
    const Histogram& latency = result.latency[static_cast<std::size_t>(kind)];
    const std::string name = operation_name(kind);
    metrics[name + "_p50_ms"] = milliseconds(latency.quantile(5000));
    metrics[name + "_p99_ms"] = milliseconds(latency.quantile(9900));
    metrics[name + "_p999_ms"] = milliseconds(latency.quantile(9990));
  }
}

void oracle_metrics(const Oracle& oracle, Metrics& metrics) {
  const Oracle::Counters& counters = oracle.counters();
  set(metrics, "reads_judged", counters.reads_judged);
  set(metrics, "stale_reads", counters.stale_reads);
  metrics["stale_read_percent"] = counters.reads_judged == 0 ? 0 : percent(counters.stale_reads, counters.reads_judged);
  set(metrics, "lost_acknowledged", counters.lost_acknowledged);
  set(metrics, "discarded_by_lww", counters.discarded_by_lww);
  set(metrics, "resurrected", counters.resurrected);
  set(metrics, "siblings_final_max", counters.siblings_final_max);
  set(metrics, "hints_made", counters.hints_made);
  set(metrics, "hints_delivered", counters.hints_delivered);
  set(metrics, "hints_superseded", counters.hints_superseded);
  set(metrics, "hints_expired", counters.hints_expired);
  set(metrics, "hints_pending", counters.hints_pending);
  set(metrics, "hints_lost", counters.hints_lost);
  set(metrics, "excused_losses", oracle.excused().size());
}

void world_metrics(const World& world, Metrics& metrics) {
  const auto& counters = world.counters();
  const auto observed = [&](Observed what) { return counters.observed[static_cast<std::size_t>(what)]; };
  set(metrics, "hints_refused", observed(Observed::kHintRefused));
  set(metrics, "read_repairs", observed(Observed::kReadRepaired));
  set(metrics, "sync_repairs", observed(Observed::kAntiEntropyRepaired));
  set(metrics, "fallbacks_used", observed(Observed::kFallbackUsed));
  set(metrics, "requests_forwarded", observed(Observed::kRequestForwarded));
  set(metrics, "peers_lost", observed(Observed::kPeerUnreachable));
  set(metrics, "tombstones_reaped", observed(Observed::kTombstoneReaped));
  set(metrics, "late_states", observed(Observed::kStaleDropped));
  set(metrics, "restarts", counters.restarts);
  set(metrics, "appends_lost", counters.appends_lost);
  set(metrics, "storage_failures", counters.storage_failures);
  set(metrics, "disk_damages", counters.disk_damages);
  set(metrics, "damages_found", observed(Observed::kDamageFound) + observed(Observed::kHintLost));
  set(metrics, "disk_reads", counters.disk_reads);
  set(metrics, "disk_bytes", counters.disk_bytes);
  set(metrics, "cold_reads", counters.cold_reads);
  set(metrics, "cache_hits", counters.cache_hits);
  set(metrics, "damaged_values", counters.damaged_values);
  set(metrics, "merges", counters.merges);
  set(metrics, "refused_full", counters.refused_full);
  set(metrics, "dictionary_saved_bytes", counters.dictionary_saved_bytes);
  metrics["compression_percent"] =
      counters.stored_bytes >= counters.values_bytes ? 0 : 100 - percent(counters.stored_bytes, counters.values_bytes);
  set(metrics, "messages_sent", counters.messages_sent);
  set(metrics, "messages_lost", counters.messages_lost);
  set(metrics, "siblings_read_max", world.clients().siblings_read_max());
  set(metrics, "steps_failed", world.clients().failed_steps().size());
  set(metrics, "events", world.events());
  metrics["converged_after_ms"] =
      milliseconds(world.converged() ? world.converged_after_ns() : world.scenario().heal_within_ns);
}

bool holds(double value, Compare compare, double bound) {
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

std::string number_text(double value) {
  char text[48];
  std::snprintf(text, sizeof(text), "%.10g", value);
  return text;
}

void check_expectations(const World& world, RunResult& result) {
  for (const Expectation& expect : world.scenario().expect) {
    const auto metric = result.metrics.find(expect.metric);
    DKV_ASSERT(metric != result.metrics.end());  // the loader knows the names
    if (holds(metric->second, expect.compare, expect.number)) continue;
    result.failed_expectations.push_back(expect.text + ": it is " + number_text(metric->second) + " (line " +
                                         std::to_string(expect.line) + ")");
  }
  for (const Clients::FailedStep& failed : world.clients().failed_steps()) {
    result.failed_expectations.push_back("step of " + failed.step->session + " on \"" + failed.step->key + "\": " +
                                         failed.why + " (line " + std::to_string(failed.step->expect.line) + ")");
  }
}

// A command that had no effect is a file that does not say what happens.
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

RunResult summarize(const World& world) {
  DKV_ASSERT(world.ended());
  RunResult result{.scenario = world.scenario().name,
                   .seed = world.seed(),
                   .fingerprint = world.fingerprint(),
                   .events = world.events(),
                   .sim_ns = world.now(),
                   .operations = world.clients().counts(),
                   .latency = world.clients().latency(),
                   .faults = world.schedule()};
  for (const MetricName& metric : metric_names()) result.metrics[metric.name] = 0;
  client_metrics(result, result.metrics);
  world_metrics(world, result.metrics);
  std::vector<Violation> found = world.clients().wrong_values();
  std::uint64_t found_in_all = world.clients().wrong_value_count();
  if (const Oracle* oracle = world.judge()) {
    oracle_metrics(*oracle, result.metrics);
    result.excused = oracle->excused();
    result.discarded = oracle->discarded();
    found_in_all += oracle->violation_count();
    found.insert(found.end(), oracle->violations().begin(), oracle->violations().end());
  }
  set(result.metrics, "violations", found_in_all);
  for (Violation& violation : found) {
    const bool expected = std::ranges::any_of(world.scenario().expected_violations, [&](const std::string& code) {
      return code == invariant_code(violation.invariant);
    });
    (expected ? result.expected_violations : result.violations).push_back(std::move(violation));
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
