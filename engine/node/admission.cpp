#include "engine/node/admission.h"

#include <algorithm>
#include <span>

#include "engine/core/assert.h"
#include "engine/core/quorum.h"
#include "engine/protocol/messages.h"

namespace dkv {
namespace {

// The room in a frame for clocks and everything else except values.
constexpr std::size_t kFrameReserveBytes = 1u << 20;
// An upper bound of a sibling's fields without its value.
constexpr std::size_t kSiblingBytes = 64;
// A coordinator may be this many entries behind the replicas that its client has read.
constexpr std::size_t kFewEntries = 16;

bool ttl_fits(const ClientRequest& request) {
  if (request.kind != RequestKind::kPut) return request.ttl_ns == 0;
  return request.ttl_ns == kTtlForever || (request.ttl_ns >= 0 && request.ttl_ns <= kTtlMaxNs);
}

bool counters_in_range(std::span<const Dot> dots) {
  return std::ranges::all_of(dots, [](const Dot& dot) { return dot.counter <= kContextCounterMax; });
}

// An upper bound of the entries in the union of the two clocks.
std::size_t entries_together(const VersionVector& a, const VersionVector& b) {
  if (a.covers(b)) return a.size();
  std::size_t entries = a.size() + b.isolated().size();
  auto mine = a.entries().begin();
  for (const Dot& entry : b.entries()) {
    while (mine != a.entries().end() && mine->actor < entry.actor) ++mine;
    entries += mine == a.entries().end() || mine->actor != entry.actor ? 1 : 0;
  }
  return entries;
}

// A client may bring any context. So most of the room of a clock is kept for writes that bring little. A write that
// leaves one version, and whose context the key has already seen, has even more room: it must be possible to delete the
// key, or to replace it.
bool clock_has_room(const ObjectPtr& object, const VersionVector& context, const NodeConfig& config) {
  const VersionVector none;
  const VersionVector& current = object ? object->seen() : none;
  const std::uint32_t replicas = config.placement->replicas();
  if (current.size() + context.size() < clock_entries_max(replicas)) return true;
  const std::size_t together = entries_together(current, context);
  if (together < clock_entries_max(replicas)) return true;
  const std::size_t top = kVersionVectorEntriesMax / (2 * replicas);
  if (together <= current.size() + kFewEntries && together < top / 4 * 3) return true;
  if (!object || together > current.size() || together >= top) return false;
  return std::ranges::all_of(object->siblings(), [&](const Sibling& s) { return context.covers(s.dot); });
}

}  // namespace

// Both limits are half of a replica's equal share: a replica that has lost its disk may use its share a second time.
std::size_t object_bytes_max(std::uint32_t replicas) noexcept {
  DKV_ASSERT(replicas >= 1 && replicas <= kReplicasMax);
  return (kFrameBytesMax - kFrameReserveBytes) / (2 * replicas);
}

std::size_t clock_entries_max(std::uint32_t replicas) noexcept {
  DKV_ASSERT(replicas >= 1 && replicas <= kReplicasMax);
  return kClientClocksMax / (2 * replicas);
}

// The timestamp of a context is not compared with a clock: a node of this cluster may have issued it, by a clock that
// was wrong.
Reason check_request(const ClientRequest& request, const NodeConfig& config) {
  const QuorumSpec spec{config.placement->replicas(), request.need, request.need_primary, request.mode};
  const std::size_t value_bytes_most =
      std::min(kValueBytesMax, object_bytes_max(config.placement->replicas()) - kSiblingBytes);
  const bool fine =
      !request.key.empty() && spec.check() && request.timeout_ms >= 1 && request.timeout_ms <= kTimeoutMsMax &&
      ttl_fits(request) && request.value.size() <= value_bytes_most && request.context.hlc <= kContextHlcMax &&
      counters_in_range(request.context.seen.entries()) && counters_in_range(request.context.seen.isolated());
  return fine ? Reason::kNone : Reason::kBadRequest;
}

Reason check_write(const ClientRequest& request, const ObjectPtr& current, const Actor& self, std::uint64_t last_minted,
                   const NodeConfig& config) {
  DKV_ASSERT(request.kind != RequestKind::kGet && self.epoch > 0);
  const VersionVector& context = request.context.seen;
  const std::uint64_t highest = std::max(current ? current->seen().highest(self) : 0, last_minted);
  // No node counts this far. A peer or a disk has brought a false number, and its successor could not be sent.
  if (highest >= kStateCounterMax) return Reason::kBadRequest;
  // The context is forged: it claims a dot of this epoch that this node has not issued. Accepting it would waste the
  // counter's range, or cover dots that are yet to be issued.
  if (!context.empty() && context.highest(self) > highest) return Reason::kBadRequest;
  if (!clock_has_room(current, context, config)) return Reason::kBadRequest;
  if (!current || config.policy_of(request.key) == ConflictPolicy::kLastWriteWins) return Reason::kNone;
  std::size_t siblings = 1;
  std::size_t bytes = kSiblingBytes + request.value.size();
  for (const Sibling& sibling : current->siblings()) {
    if (context.covers(sibling.dot)) continue;
    ++siblings;
    bytes += kSiblingBytes + sibling.value.size() + sibling.cold_bytes;
  }
  const bool fits = siblings <= config.siblings_max && bytes <= object_bytes_max(config.placement->replicas());
  return fits ? Reason::kNone : Reason::kTooManySiblings;
}

}  // namespace dkv
