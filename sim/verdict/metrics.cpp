// Every number that an expectation may name: the counts in the tables of counts.h and of the engine, and the numbers
// that are computed here.
#include <algorithm>
#include <map>
#include <string>

#include "sim/verdict/result.h"

namespace dkv::sim {
namespace {

double percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 100.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

double milliseconds(TimeNs duration_ns) {
  return static_cast<double>(duration_ns) / 1e6;
}

const OperationCount& of(const RunResult& result, OperationKind kind) {
  return result.operations[static_cast<std::size_t>(kind)];
}

OperationCount writes_of(const RunResult& result) {
  const OperationCount &puts = of(result, OperationKind::kPut), &deletes = of(result, OperationKind::kDelete);
  return {puts.ok + deletes.ok, puts.refused + deletes.refused, puts.unknown + deletes.unknown};
}

OperationCount all_of(const RunResult& result) {
  const OperationCount &gets = of(result, OperationKind::kGet), writes = writes_of(result);
  return {gets.ok + writes.ok, gets.refused + writes.refused, gets.unknown + writes.unknown};
}

double availability(const OperationCount& count) {
  return percent(count.ok, count.ok + count.refused + count.unknown);
}

// part: in parts of 10,000. Only operations with the outcome done have a latency.
double latency_ms(const RunResult& result, OperationKind kind, std::uint32_t part) {
  return milliseconds(result.latency[static_cast<std::size_t>(kind)].quantile(part));
}

double number(std::uint64_t count) {
  return static_cast<double>(count);
}

struct Computed {
  const char* name;
  const char* help;
  double (*read)(const RunResult&);
};

constexpr Computed kComputed[] = {
    {"availability", "percent of all operations that were done",
     [](const RunResult& result) { return availability(all_of(result)); }},
    {"availability_reads", "percent of gets that were done",
     [](const RunResult& result) { return availability(of(result, OperationKind::kGet)); }},
    {"availability_writes", "percent of puts and deletes that were done",
     [](const RunResult& result) { return availability(writes_of(result)); }},
    {"compression_percent", "percent that compression saved of the bytes of all values stored",
     [](const RunResult& result) {
       const auto before = result.world.stores.of("store_values_bytes");
       const auto after = result.world.stores.of("store_stored_bytes");
       return after >= before ? 0 : 100 - percent(after, before);
     }},
    {"contexts_refused", "forged contexts that were refused",
     [](const RunResult& result) { return number(result.contexts_refused); }},
    {"converged_after_ms", "time from the heal until all replicas agreed and no hint was pending, in milliseconds",
     [](const RunResult& result) { return milliseconds(result.converged_after_ns); }},
    {"deletes_ok", "deletes done",
     [](const RunResult& result) { return number(of(result, OperationKind::kDelete).ok); }},
    {"deletes_refused", "deletes certainly not done",
     [](const RunResult& result) { return number(of(result, OperationKind::kDelete).refused); }},
    {"deletes_unknown", "deletes with an unknown outcome",
     [](const RunResult& result) { return number(of(result, OperationKind::kDelete).unknown); }},
    {"events", "events that the simulator handled", [](const RunResult& result) { return number(result.events); }},
    {"excused_losses",
     "acknowledged writes whose durable copies were all destroyed by faults, so that no store could have kept them",
     [](const RunResult& result) { return number(result.excused.size()); }},
    {"get_p50_ms", "median latency of gets, in milliseconds",
     [](const RunResult& result) { return latency_ms(result, OperationKind::kGet, 5000); }},
    {"get_p999_ms", "99.9th percentile of the latency of gets, in milliseconds",
     [](const RunResult& result) { return latency_ms(result, OperationKind::kGet, 9990); }},
    {"get_p99_ms", "99th percentile of the latency of gets, in milliseconds",
     [](const RunResult& result) { return latency_ms(result, OperationKind::kGet, 9900); }},
    {"gets_ok", "gets done, including gets that found nothing",
     [](const RunResult& result) { return number(of(result, OperationKind::kGet).ok); }},
    {"gets_refused", "gets refused: too few replicas reachable",
     [](const RunResult& result) { return number(of(result, OperationKind::kGet).refused); }},
    {"gets_unknown", "gets without an answer in time",
     [](const RunResult& result) { return number(of(result, OperationKind::kGet).unknown); }},
    {"ops_ok", "operations done", [](const RunResult& result) { return number(all_of(result).ok); }},
    {"ops_refused", "operations certainly not done",
     [](const RunResult& result) { return number(all_of(result).refused); }},
    {"ops_unknown", "operations with an unknown outcome",
     [](const RunResult& result) { return number(all_of(result).unknown); }},
    {"put_p50_ms", "median latency of puts, in milliseconds",
     [](const RunResult& result) { return latency_ms(result, OperationKind::kPut, 5000); }},
    {"put_p999_ms", "99.9th percentile of the latency of puts, in milliseconds",
     [](const RunResult& result) { return latency_ms(result, OperationKind::kPut, 9990); }},
    {"put_p99_ms", "99th percentile of the latency of puts, in milliseconds",
     [](const RunResult& result) { return latency_ms(result, OperationKind::kPut, 9900); }},
    {"puts_ok", "puts done", [](const RunResult& result) { return number(of(result, OperationKind::kPut).ok); }},
    {"puts_refused", "puts certainly not done",
     [](const RunResult& result) { return number(of(result, OperationKind::kPut).refused); }},
    {"puts_unknown", "puts with an unknown outcome",
     [](const RunResult& result) { return number(of(result, OperationKind::kPut).unknown); }},
    {"refused_writes", "puts and deletes certainly not done",
     [](const RunResult& result) { return number(writes_of(result).refused); }},
    {"siblings_read_max", "most live siblings that one get answered with",
     [](const RunResult& result) { return number(result.siblings_read_max); }},
    {"stale_read_percent", "percent of judged gets that were stale",
     [](const RunResult& result) {
       const JudgeCounters& judge = result.judge;
       return judge.reads_judged == 0 ? 0 : percent(judge.stale_reads, judge.reads_judged);
     }},
    {"steps_failed", "scripted steps whose expectation failed",
     [](const RunResult& result) { return number(result.steps_failed); }},
    {"unknown_writes", "puts and deletes with an unknown outcome",
     [](const RunResult& result) { return number(writes_of(result).unknown); }},
    {"violations", "all broken invariants, expected or not",
     [](const RunResult& result) { return number(result.violations_in_all); }},
};

// Calls with the name, the help text and the value of each metric.
template <class Visit>
void each_metric(const RunResult& result, Visit&& visit) {
  for (const Computed& metric : kComputed) visit(metric.name, metric.help, metric.read(result));
  for (const Metric<WorldCounters>& metric : kWorldMetrics) {
    visit(metric.name, metric.help, number(metric.read(result.world)));
  }
  for (const Metric<JudgeCounters>& metric : kJudgeMetrics) {
    visit(metric.name, metric.help, number(metric.read(result.judge)));
  }
  for (const ObservedInfo& info : all_observed()) {
    if (info.run_metric != nullptr) visit(info.run_metric, info.help, number(result.world.observed[info.value]));
  }
  for (std::size_t i = 0; i < kStoreMetricCount; ++i) {
    const Metric<StoreStats>& metric = kStoreMetrics[i];
    if (metric.run_metric != nullptr) visit(metric.run_metric, metric.help, number(result.world.stores[i]));
  }
}

}  // namespace

const std::vector<MetricName>& metric_names() {
  static const std::vector<MetricName> kNames = [] {
    std::vector<MetricName> names;
    each_metric(RunResult(), [&](const char* name, const char* help, double) { names.push_back({name, help}); });
    std::ranges::sort(names, {}, [](const MetricName& metric) { return std::string_view(metric.name); });
    return names;
  }();
  return kNames;
}

std::map<std::string, double> metrics_of(const RunResult& result) {
  std::map<std::string, double> metrics;
  each_metric(result, [&](const char* name, const char*, double value) { metrics.emplace(name, value); });
  return metrics;
}

}  // namespace dkv::sim
