#include "engine/ports/observation.h"

namespace dkv {

const char* observed_name(Observed what) noexcept {
  switch (what) {
    case Observed::kServing: return "serving";
    case Observed::kPeerReachable: return "peer_reachable";
    case Observed::kPeerUnreachable: return "peer_unreachable";
    case Observed::kHintStored: return "hint_stored";
    case Observed::kHintRefused: return "hint_refused";
    case Observed::kHintSent: return "hint_sent";
    case Observed::kHintDelivered: return "hint_delivered";
    case Observed::kHintSuperseded: return "hint_superseded";
    case Observed::kHintExpired: return "hint_expired";
    case Observed::kReadRepaired: return "read_repaired";
    case Observed::kAntiEntropyStarted: return "anti_entropy_started";
    case Observed::kAntiEntropyDiffered: return "anti_entropy_differed";
    case Observed::kAntiEntropyRepaired: return "anti_entropy_repaired";
    case Observed::kFallbackUsed: return "fallback_used";
    case Observed::kRequestForwarded: return "request_forwarded";
    case Observed::kStorageFailed: return "storage_failed";
    case Observed::kRecovered: return "recovered";
    case Observed::kDamageFound: return "damage_found";
    case Observed::kHintLost: return "hint_lost";
    case Observed::kTombstoneReaped: return "tombstone_reaped";
    case Observed::kStaleDropped: return "stale_dropped";
    case Observed::kLaterLifeTold: return "later_life_told";
  }
  return "unknown";
}

}  // namespace dkv
