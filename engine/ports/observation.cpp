#include "engine/ports/observation.h"

namespace dkv {
namespace {

constexpr ObservedInfo kObserved[] = {
    {Observed::kServing, "serving", nullptr, "times the node began to serve"},
    {Observed::kPeerReachable, "peer_reachable", nullptr, "times a node found a peer reachable"},
    {Observed::kPeerUnreachable, "peer_unreachable", "peers_lost", "times a node found a peer unreachable"},
    {Observed::kHintStored, "hint_stored", nullptr, "hints taken by a stand-in"},
    {Observed::kHintRefused, "hint_refused", "hints_refused", "hints refused because the table was full"},
    {Observed::kHintSent, "hint_sent", nullptr, "hints sent to the replica they were kept for"},
    {Observed::kHintDelivered, "hint_delivered", nullptr, "hints that their replica acknowledged"},
    {Observed::kHintSuperseded, "hint_superseded", nullptr, "hints merged into a newer one for the same key"},
    {Observed::kHintExpired, "hint_expired", nullptr, "hints that outlived their time"},
    {Observed::kReadRepaired, "read_repaired", "read_repairs",
     "states that a read sent to a replica which had answered with an older one"},
    {Observed::kAntiEntropyStarted, "anti_entropy_started", nullptr, "rounds of anti-entropy begun"},
    {Observed::kAntiEntropyDiffered, "anti_entropy_differed", nullptr, "partitions that anti-entropy found different"},
    {Observed::kAntiEntropyRepaired, "anti_entropy_repaired", "anti_entropy_repairs",
     "states that anti-entropy sent to a replica"},
    {Observed::kFallbackUsed, "fallback_used", "fallbacks_used",
     "times a stand-in took a write for a primary that was out of reach"},
    {Observed::kRequestForwarded, "request_forwarded", "requests_forwarded",
     "requests handed on to a replica of their key"},
    {Observed::kStorageFailed, "storage_failed", nullptr, "times the disk refused the node's records"},
    {Observed::kRecovered, "recovered", nullptr, "starts that have read the disk"},
    {Observed::kDamageFound, "damage_found", nullptr, "times a node found versions or stretches of its disk damaged"},
    {Observed::kHintLost, "hint_lost", nullptr, "hints that could not be read back"},
    {Observed::kTombstoneReaped, "tombstone_reaped", "tombstones_reaped",
     "times a replica forgot a tombstone, since nothing older was left anywhere"},
    {Observed::kStaleDropped, "stale_dropped", "late_states",
     "states that came too late to be taken: for an earlier life of their receiver, or of an era gone by"},
    {Observed::kLaterLifeTold, "later_life_told", nullptr,
     "times a peer told a node that it has heard a later life of it"},
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
