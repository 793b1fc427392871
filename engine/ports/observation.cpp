#include "engine/ports/observation.h"

namespace dkv {
namespace {

constexpr ObservedInfo kObserved[] = {
    {Observed::kServing, "serving", nullptr, "times the node started to serve"},
    {Observed::kPeerReachable, "peer_reachable", nullptr, "times a node considered a peer reachable again"},
    {Observed::kPeerUnreachable, "peer_unreachable", "peers_lost", "times a node considered a peer unreachable"},
    {Observed::kHintStored, "hint_stored", nullptr, "hints stored by a stand-in"},
    {Observed::kHintRefused, "hint_refused", "hints_refused", "hints refused because the table was full"},
    {Observed::kHintSent, "hint_sent", nullptr, "hints sent to their primary"},
    {Observed::kHintDelivered, "hint_delivered", nullptr, "hints that their primary acknowledged"},
    {Observed::kHintSuperseded, "hint_superseded", nullptr, "hints merged into a newer one for the same key"},
    {Observed::kHintExpired, "hint_expired", nullptr, "hints that expired"},
    {Observed::kReadRepaired, "read_repaired", "read_repairs",
     "newer states that reads sent to replicas with an older one"},
    {Observed::kAntiEntropyStarted, "anti_entropy_started", nullptr, "rounds of anti-entropy begun"},
    {Observed::kAntiEntropyDiffered, "anti_entropy_differed", nullptr, "partitions that anti-entropy found different"},
    {Observed::kAntiEntropyRepaired, "anti_entropy_repaired", "anti_entropy_repairs",
     "states that anti-entropy sent to a replica"},
    {Observed::kFallbackUsed, "fallback_used", "fallbacks_used",
     "writes that a stand-in took for an unreachable primary"},
    {Observed::kRequestForwarded, "request_forwarded", "requests_forwarded",
     "requests forwarded to a replica of their key"},
    {Observed::kStorageFailed, "storage_failed", nullptr, "times the disk failed to write the node's records"},
    {Observed::kRecovered, "recovered", nullptr, "starts in which the node has read its disk"},
    {Observed::kDamageFound, "damage_found", nullptr, "times a node found damaged versions or stretches of its disk"},
    {Observed::kHintLost, "hint_lost", nullptr, "hints that could not be read back"},
    {Observed::kTombstoneReaped, "tombstone_reaped", "tombstones_reaped",
     "times a replica forgot a tombstone, because nothing older was left anywhere"},
    {Observed::kClockCollapsed, "clock_collapsed", "clocks_collapsed",
     "times a replica shortened the clock of a key by entries that nothing needs any more"},
    {Observed::kStaleDropped, "stale_dropped", "late_states",
     "states that were dropped because they were for an earlier life of the receiver or from a past era"},
    {Observed::kReplicaIncomplete, "replica_incomplete", "replicas_incomplete",
     "times a node could no longer say that a key does not exist, because its disk had lost states"},
    {Observed::kReplicaComplete, "replica_complete", nullptr, "times the other replicas had filled such a disk"},
    {Observed::kLaterLifeTold, "later_life_told", nullptr, "times a peer reported a later life of the node"},
    {Observed::kClockApart, "clock_apart", "clocks_apart",
     "times a node found its clock far from the median of the clocks that it hears"},
    {Observed::kClockAgrees, "clock_agrees", nullptr, "times a node found its clock near the median again"},
};
static_assert(covers_each(kObserved));

}  // namespace

std::span<const ObservedInfo> all_observed() noexcept {
  return kObserved;
}

const char* observed_name(Observed what) noexcept {
  return row_of(kObserved, what).name;
}

}  // namespace dkv
