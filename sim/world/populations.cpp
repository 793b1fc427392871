#include "sim/world/populations.h"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/protocol/client.h"
#include "sim/scenario/scenario.h"

namespace dkv::sim {
namespace {

const OperationCount& of(const RunResult& result, OperationKind kind) {
  return result.operations[static_cast<std::size_t>(kind)];
}

std::uint64_t asked(const OperationCount& count) {
  return count.ok + count.refused + count.unknown;
}

std::uint64_t writes_asked(const RunResult& result) {
  return asked(of(result, OperationKind::kPut)) + asked(of(result, OperationKind::kDelete));
}

struct Population {
  std::string_view metrics;  // the name of a metric, or the beginning of several names with a star behind it
  const char* nothing;
  std::uint64_t (*count)(const RunResult&);
};

constexpr Population kPopulations[] = {
    {"availability", "nothing was asked",
     [](const RunResult& result) { return asked(of(result, OperationKind::kGet)) + writes_asked(result); }},
    {"availability_reads", "no get was asked",
     [](const RunResult& result) { return asked(of(result, OperationKind::kGet)); }},
    {"availability_writes", "no put or delete was asked", writes_asked},
    {"compression_percent", "no value was stored",
     [](const RunResult& result) { return result.world.stores.of("store_values_bytes"); }},
    {"get_p*", "no get was done", [](const RunResult& result) { return of(result, OperationKind::kGet).ok; }},
    {"lost_acknowledged", "no put or delete was done",
     [](const RunResult& result) {
       return of(result, OperationKind::kPut).ok + of(result, OperationKind::kDelete).ok;
     }},
    {"put_p*", "no put was done", [](const RunResult& result) { return of(result, OperationKind::kPut).ok; }},
    {"stale_read_percent", "no get was judged", [](const RunResult& result) { return result.judge.reads_judged; }},
    {"stale_reads", "no get was judged", [](const RunResult& result) { return result.judge.reads_judged; }},
};

bool names(const Population& population, std::string_view metric) {
  const std::string_view all = population.metrics;
  return all.back() == '*' ? metric.starts_with(all.substr(0, all.size() - 1)) : metric == all;
}

bool values_expire(const Scenario& scenario) {
  const auto has_end = [](const auto& holder) { return holder.ttl_ns > 0 && holder.ttl_ns != kTtlForever; };
  return has_end(scenario.workload) || std::ranges::any_of(scenario.workload.steps, has_end) ||
         std::ranges::any_of(scenario.cluster.node.buckets, [&](const auto& bucket) { return has_end(bucket.second); });
}

// A get is sure to show an acknowledged write only if primaries of both overlap.
std::string why_no_session(const RunResult& result, std::size_t replicas) {
  const JudgeCounters& judge = result.judge;
  if (judge.reads_judged == 0) return "no get was judged";
  const std::size_t overlap = std::size_t{judge.primary_reads_max} + judge.primary_writes_max;
  if (overlap > replicas) return {};
  return "not promised here, because pr + pw is " + std::to_string(overlap) + " and n is " + std::to_string(replicas);
}

// The reason why the invariant had nothing to judge; empty when it had something.
std::string idle(Invariant invariant, const RunResult& result, const Scenario& scenario) {
  switch (invariant) {
    case Invariant::kNoLostWrite:
    case Invariant::kUniqueDots:
    case Invariant::kConvergence:
    case Invariant::kNoResurrection:
    case Invariant::kHonestAck: return writes_asked(result) == 0 ? "nothing was written" : "";
    case Invariant::kProgress: return writes_asked(result) == 0 ? "nothing was written" : "";
    case Invariant::kSessions: return why_no_session(result, scenario.cluster.replicas);
    case Invariant::kHintLedger: return result.judge.hints_made == 0 ? "no hint was made" : "";
    case Invariant::kExpiry: return values_expire(scenario) ? "" : "no value has a time to live";
    case Invariant::kBounds: return writes_asked(result) == 0 ? "nothing was written" : "";
    // They judge a cluster that does nothing, too.
    case Invariant::kQuiet:
    case Invariant::kRecovery: return {};
  }
  return {};
}

}  // namespace

const char* nothing_behind(std::string_view metric, const RunResult& result) noexcept {
  for (const Population& population : kPopulations) {
    if (names(population, metric) && population.count(result) == 0) return population.nothing;
  }
  return nullptr;
}

std::vector<NotJudged> nothing_to_judge(const RunResult& result, const Scenario& scenario) {
  std::vector<NotJudged> idle_ones;
  for (const InvariantInfo& info : kInvariantList) {
    const auto about_it = [&](const auto& finding) { return finding.invariant == info.value; };
    if (std::ranges::any_of(result.not_judged, about_it) || std::ranges::any_of(result.violations, about_it) ||
        std::ranges::any_of(result.expected_violations, about_it)) {
      continue;
    }
    if (std::string why = idle(info.value, result, scenario); !why.empty()) {
      idle_ones.push_back({info.value, std::move(why)});
    }
  }
  return idle_ones;
}

}  // namespace dkv::sim
