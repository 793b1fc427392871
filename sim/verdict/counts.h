#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/metric.h"
#include "engine/node/metrics.h"
#include "engine/ports/observation.h"

// The counts of a run. Each is declared with the metric that shows it. metrics.cpp has the metrics that are computed
// from several counts or from latencies.
namespace dkv::sim {

// Counted by the world.
struct WorldCounters {
  ObservedCounts observed;
  StoreSums stores;                 // over the lives of all nodes
  std::uint64_t messages_sent = 0;  // each once, even if a clog held it
  std::uint64_t messages_lost = 0;
  std::uint64_t restarts = 0;
  std::uint64_t appends_lost = 0;
  std::uint64_t records_forgotten = 0;  // with processes whose store keeps nothing
  std::uint64_t storage_failures = 0;
  std::uint64_t disk_damages = 0;
  std::uint64_t disk_reads = 0;
  std::uint64_t refused_full = 0;
  std::uint64_t disk_bytes = 0;
  std::uint64_t effects_per_turn_max = 0;
  std::vector<std::uint32_t> idle_faults;  // of the schedule, by index: they changed nothing
};

inline constexpr Metric<WorldCounters> kWorldMetrics[] = {
    {"appends_lost", MetricType::kCounter, MetricUnit::kNumber,
     "states that a power loss took before they were durable",
     [](const WorldCounters& counters) { return counters.appends_lost; }},
    {"damages_found", MetricType::kCounter, MetricUnit::kNumber,
     "times a node found damaged versions, hints or stretches of its disk",
     [](const WorldCounters& counters) {
       return counters.observed[Observed::kDamageFound] + counters.observed[Observed::kHintLost];
     }},
    {"disk_bytes", MetricType::kGauge, MetricUnit::kBytes, "bytes in all nodes' folders at the end",
     [](const WorldCounters& counters) { return counters.disk_bytes; }},
    {"disk_damages", MetricType::kCounter, MetricUnit::kNumber, "places of disks that rotted or were overwritten",
     [](const WorldCounters& counters) { return counters.disk_damages; }},
    {"disk_reads", MetricType::kCounter, MetricUnit::kNumber,
     "disk reads: for values, merges and whole segments at starts",
     [](const WorldCounters& counters) { return counters.disk_reads; }},
    {"effects_per_turn_max", MetricType::kGauge, MetricUnit::kNumber, "most effects of one turn of a node",
     [](const WorldCounters& counters) { return counters.effects_per_turn_max; }},
    {"messages_lost", MetricType::kCounter, MetricUnit::kNumber, "messages that never arrived",
     [](const WorldCounters& counters) { return counters.messages_lost; }},
    {"messages_sent", MetricType::kCounter, MetricUnit::kNumber, "messages sent between nodes and with clients",
     [](const WorldCounters& counters) { return counters.messages_sent; }},
    {"records_forgotten", MetricType::kCounter, MetricUnit::kNumber,
     "states and hints that were lost with their process, by a backend that keeps nothing",
     [](const WorldCounters& counters) { return counters.records_forgotten; }},
    {"refused_full", MetricType::kCounter, MetricUnit::kNumber, "answers that refused a write because a disk was full",
     [](const WorldCounters& counters) { return counters.refused_full; }},
    {"restarts", MetricType::kCounter, MetricUnit::kNumber, "times a node started again",
     [](const WorldCounters& counters) { return counters.restarts; }},
    {"storage_failures", MetricType::kCounter, MetricUnit::kNumber,
     "times a node stopped because its disk failed, to start again from the actual state of the disk",
     [](const WorldCounters& counters) { return counters.storage_failures; }},
};

// Counted by the oracle.
struct JudgeCounters {
  std::uint64_t reads_judged = 0;
  std::uint64_t stale_reads = 0;
  // The largest pr of a judged get and the largest pw of an acknowledged write. Sessions are promised when the sum is
  // more than n. No metric shows them.
  std::uint8_t primary_reads_max = 0, primary_writes_max = 0;
  std::uint64_t lost_acknowledged = 0;
  std::uint64_t discarded_by_lww = 0;
  std::uint64_t resurrected = 0;
  std::uint64_t siblings_final_max = 0;
  // made = delivered + superseded + expired + pending + lost. Every durable hint counts as made, also one that
  // supersedes an older one for the same key and node.
  std::uint64_t hints_made = 0, hints_delivered = 0, hints_superseded = 0, hints_expired = 0, hints_pending = 0,
                hints_lost = 0;
};

inline constexpr Metric<JudgeCounters> kJudgeMetrics[] = {
    {"discarded_by_lww", MetricType::kCounter, MetricUnit::kNumber,
     "acknowledged writes that last-write-wins discarded for a write that had not seen them",
     [](const JudgeCounters& counters) { return counters.discarded_by_lww; }},
    {"hints_delivered", MetricType::kCounter, MetricUnit::kNumber, "hints that reached their primary",
     [](const JudgeCounters& counters) { return counters.hints_delivered; }},
    {"hints_expired", MetricType::kCounter, MetricUnit::kNumber, "hints that expired",
     [](const JudgeCounters& counters) { return counters.hints_expired; }},
    {"hints_lost", MetricType::kCounter, MetricUnit::kNumber, "hints that were lost with a wiped or damaged disk",
     [](const JudgeCounters& counters) { return counters.hints_lost; }},
    {"hints_made", MetricType::kCounter, MetricUnit::kNumber, "hints stored by stand-ins",
     [](const JudgeCounters& counters) { return counters.hints_made; }},
    {"hints_pending", MetricType::kGauge, MetricUnit::kNumber, "hints still waiting at the end",
     [](const JudgeCounters& counters) { return counters.hints_pending; }},
    {"hints_superseded", MetricType::kCounter, MetricUnit::kNumber, "hints merged into a newer one for the same key",
     [](const JudgeCounters& counters) { return counters.hints_superseded; }},
    {"lost_acknowledged", MetricType::kCounter, MetricUnit::kNumber,
     "acknowledged writes that were lost without a replacement (invariant I1)",
     [](const JudgeCounters& counters) { return counters.lost_acknowledged; }},
    {"reads_judged", MetricType::kCounter, MetricUnit::kNumber, "gets that the oracle could judge",
     [](const JudgeCounters& counters) { return counters.reads_judged; }},
    {"resurrected", MetricType::kCounter, MetricUnit::kNumber, "deleted values that came back (invariant I4)",
     [](const JudgeCounters& counters) { return counters.resurrected; }},
    {"siblings_final_max", MetricType::kGauge, MetricUnit::kNumber, "most live siblings of one key at the end",
     [](const JudgeCounters& counters) { return counters.siblings_final_max; }},
    {"stale_reads", MetricType::kCounter, MetricUnit::kNumber,
     "gets that missed a write which was acknowledged before they began",
     [](const JudgeCounters& counters) { return counters.stale_reads; }},
};

}  // namespace dkv::sim
