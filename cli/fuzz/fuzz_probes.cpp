#include "cli/fuzz/fuzz_probes.h"

#include <algorithm>
#include <array>
#include <vector>

#include "sim/faults/catalogue.h"

namespace dkv::cli {
namespace {

struct MetricProbe {
  const char* name;
  const char* metric;
  double above;
  const char* meaning;
};
constexpr std::array<MetricProbe, 38> kMetricProbes = {{
    {"stand_ins", "fallbacks_used", 0, "a stand-in took a write"},
    {"hints_delivered", "hints_delivered", 0, "a hint reached its target"},
    {"hints_superseded", "hints_superseded", 0, "a hint was merged into a newer one"},
    {"hints_expired", "hints_expired", 0, "a hint expired"},
    {"hints_refused", "hints_refused", 0, "a hint table was full"},
    {"hints_lost", "hints_lost", 0, "a hint was lost with a wiped or damaged disk"},
    {"restarts", "restarts", 0, "a node came back"},
    {"appends_lost", "appends_lost", 0, "a power loss took states that were not durable yet"},
    {"peers_lost", "peers_lost", 0, "a node considered a peer unreachable"},
    {"messages_lost", "messages_lost", 0, "a message never arrived"},
    {"requests_forwarded", "requests_forwarded", 0, "a request was forwarded to a replica"},
    {"refused_writes", "refused_writes", 0, "a write was refused"},
    {"unknown_writes", "unknown_writes", 0, "the outcome of a write was unknown"},
    {"unknown_reads", "gets_unknown", 0, "a get had no answer in time"},
    {"stale_reads", "stale_reads", 0, "a get missed an acknowledged write"},
    {"siblings_read", "siblings_read_max", 1, "a get answered with siblings"},
    {"siblings_at_end", "siblings_final_max", 1, "siblings existed at the end"},
    {"lww_discards", "discarded_by_lww", 0, "last-write-wins discarded an acknowledged write"},
    {"deletes", "deletes_ok", 0, "a key was deleted"},
    {"tombstones_reaped", "tombstones_reaped", 0, "a tombstone was forgotten, by proof"},
    {"clocks_collapsed", "clocks_collapsed", 0, "a clock was shortened, by proof"},
    {"late_states", "late_states", 0, "a state came too late and was dropped"},
    {"read_repairs", "read_repairs", 0, "a read repaired a replica"},
    {"anti_entropy_repairs", "anti_entropy_repairs", 0, "anti-entropy repaired a replica"},
    {"excused_losses", "excused_losses", 0, "the faults destroyed every copy of a write"},
    {"storage_failures", "storage_failures", 0, "a node stopped because its disk failed"},
    {"disk_damaged", "disk_damages", 0, "a place of a disk rotted or was overwritten"},
    {"damage_found", "damages_found", 0, "a node found damage on its disk"},
    {"damaged_values", "damaged_values", 0, "a read or a merge found a damaged value"},
    {"merges", "merges", 0, "an old segment was merged"},
    {"many_merges", "merges", 20, "more than 20 segments were merged"},
    {"cold_reads", "cold_reads", 0, "a value had to come from the disk"},
    {"cache_hits", "cache_hits", 0, "a get found its value in a cache"},
    {"compressed", "compression_percent", 0, "compression saved bytes"},
    {"dictionaries", "dictionary_saved_bytes", 0, "a value was packed with a dictionary"},
    {"full_disk_refusals", "refused_full", 0, "a write was refused because a disk was full"},
    {"large_folders", "disk_bytes", 4e6, "the folders exceeded 4 MB"},
    {"slow_convergence", "converged_after_ms", 10'000, "convergence took more than 10 s after the heal"},
}};

// A kind that the swarm never draws needs no probe.
std::vector<const sim::FaultTraits*> drawn_kinds() {
  std::vector<const sim::FaultTraits*> kinds;
  for (const sim::FaultTraits& traits : sim::fault_catalogue()) {
    if (traits.swarm.set != sim::SwarmShare::Set::kNever) kinds.push_back(&traits);
  }
  return kinds;
}

}  // namespace

Probes::Probes() {
  for (const MetricProbe& probe : kMetricProbes) probes_.push_back({probe.name, probe.meaning});
  for (const sim::FaultTraits* traits : drawn_kinds()) {
    probes_.push_back({"fault_" + std::string(traits->word), "the schedule had this fault"});
  }
}

std::string Probes::hits_of(const sim::RunResult& result) {
  std::string hits;
  for (const MetricProbe& probe : kMetricProbes) hits += result.metrics.at(probe.metric) > probe.above ? '1' : '0';
  for (const sim::FaultTraits* traits : drawn_kinds()) {
    const bool seen = std::ranges::find(result.faults, traits->kind, &sim::Fault::kind) != result.faults.end();
    hits += seen ? '1' : '0';
  }
  return hits;
}

void Probes::count(const std::string& hits) {
  for (std::size_t i = 0; i < std::min(hits.size(), probes_.size()); ++i) probes_[i].hits += hits[i] == '1' ? 1 : 0;
}

}  // namespace dkv::cli
