#include "sim/result.h"

namespace dkv::sim {

const std::vector<MetricName>& metric_names() {
  // Latencies are of operations that were done. Availability is 100 when nothing was asked.
  static const std::vector<MetricName> kNames = {
      {"availability", "percent of all operations that were done"},
      {"availability_reads", "percent of gets that were done"},
      {"availability_writes", "percent of puts and deletes that were done"},
      {"converged_after_ms", "from the heal until all replicas agreed and no hint was pending, in milliseconds"},
      {"deletes_ok", "deletes done"},
      {"deletes_refused", "deletes certainly not done"},
      {"deletes_unknown", "deletes of which the client can't know"},
      {"discarded_by_lww", "acknowledged writes that last-write-wins discarded for a concurrent later one"},
      {"events", "events that the simulator handled"},
      {"excused_losses",
       "acknowledged writes whose every durable copy a fault destroyed: no store could have kept them"},
      {"fallbacks_used", "times a stand-in took a write for a primary that was out of reach"},
      {"get_p50_ms", "median latency of gets, in milliseconds"},
      {"get_p999_ms", "latency that 99.9 % of gets stayed within, in milliseconds"},
      {"get_p99_ms", "latency that 99 % of gets stayed within, in milliseconds"},
      {"gets_ok", "gets done (finding nothing is done, too)"},
      {"gets_refused", "gets refused: too few replicas in reach"},
      {"gets_unknown", "gets without an answer in time"},
      {"hints_delivered", "hints that reached the replica they were kept for"},
      {"hints_expired", "hints that outlived their time"},
      {"hints_lost", "hints that went with a wiped disk"},
      {"hints_made", "hints stored by stand-ins"},
      {"hints_pending", "hints still waiting at the end"},
      {"hints_refused", "hints refused because the table was full"},
      {"hints_superseded", "hints merged into a newer one for the same key"},
      {"lost_acknowledged", "acknowledged writes that nobody replaced and that are gone all the same (invariant I1)"},
      {"messages_lost", "messages that never arrived"},
      {"messages_sent", "messages sent between nodes and with clients"},
      {"ops_ok", "operations done"},
      {"ops_refused", "operations certainly not done"},
      {"ops_unknown", "operations of which the client can't know"},
      {"peers_lost", "times a node found a peer unreachable"},
      {"put_p50_ms", "median latency of puts, in milliseconds"},
      {"put_p999_ms", "latency that 99.9 % of puts stayed within, in milliseconds"},
      {"put_p99_ms", "latency that 99 % of puts stayed within, in milliseconds"},
      {"puts_ok", "puts done"},
      {"puts_refused", "puts certainly not done"},
      {"puts_unknown", "puts of which the client can't know"},
      {"read_repairs", "states that a read sent to a replica which had answered with an older one"},
      {"reads_judged", "gets that the oracle could hold against what was written before"},
      {"refused_writes", "puts and deletes certainly not done"},
      {"requests_forwarded", "requests handed on to a replica of their key"},
      {"restarts", "times a node started again"},
      {"resurrected", "deleted values that came back (invariant I4)"},
      {"siblings_final_max", "most live siblings of one key at the end"},
      {"siblings_read_max", "most live siblings that one get answered with"},
      {"stale_read_percent", "percent of judged gets that were stale"},
      {"stale_reads", "gets that missed a write which was acknowledged before they began"},
      {"steps_failed", "scripted steps that did not come to what they expect"},
      {"sync_repairs", "states that anti-entropy sent to a replica"},
      {"unknown_writes", "puts and deletes of which the client can't know"},
      {"violations", "broken invariants in all, announced or not"},
  };
  return kNames;
}

}  // namespace dkv::sim
