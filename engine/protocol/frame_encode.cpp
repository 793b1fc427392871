#include "engine/core/assert.h"
#include "engine/core/hash.h"
#include "engine/core/merkle.h"
#include "engine/protocol/codec.h"
#include "engine/protocol/wire_writer.h"

namespace dkv {
namespace {

using wire::kVarint32BytesMax;
using wire::kVarint64BytesMax;
using wire::Writer;

// Never less than what encode() writes for the same value.
std::size_t bound(const Key& key) {
  return kVarint32BytesMax + key.encoded().size();
}
std::size_t bound(const VersionVector& clock) {
  const std::size_t dots = clock.entries().size() + clock.isolated().size();
  return 2 * kVarint32BytesMax + dots * (16 + kVarint32BytesMax + kVarint64BytesMax);
}
std::size_t bound(const Context& context) {
  return bound(context.seen) + 8;
}
std::size_t bound(const Object& object) {
  constexpr std::size_t kSibling =
      kVarint32BytesMax + 1 + kVarint64BytesMax + 8 + kVarint64BytesMax + 8 + kVarint32BytesMax;
  return bound(object.seen()) + kVarint32BytesMax + object.siblings().size() * kSibling + object.value_bytes();
}
std::size_t bound(const ObjectPtr& object) {
  return object ? bound(*object) : 0;
}

// For the fixed fields of any message, with room to spare.
constexpr std::size_t kFixedFieldsMax = 64;
std::size_t bound(const ReplicaPut& m) {
  return bound(m.key) + bound(m.object);
}
std::size_t bound(const ReplicaPutAck&) {
  return 0;
}
std::size_t bound(const ReplicaGet& m) {
  return bound(m.key);
}
std::size_t bound(const ReplicaGetReply& m) {
  return bound(m.object);
}
std::size_t bound(const Forward& m) {
  return bound(m.request.key) + bound(m.request.context) + m.request.value.size();
}
std::size_t bound(const ForwardReply& m) {
  return bound(m.reply.object) + bound(m.reply.context);
}
std::size_t bound(const Heartbeat&) {
  return 0;
}
std::size_t bound(const AntiEntropyRoots& m) {
  return m.roots.size() * (kVarint32BytesMax + 8);
}
std::size_t bound(const AntiEntropyLeaves& m) {
  return m.partitions.size() * (kVarint32BytesMax + MerkleTree::kLeaves * sizeof(std::uint64_t));
}
std::size_t bound(const AntiEntropyKeys& m) {
  std::size_t bytes = 0;
  for (const AntiEntropyKeys::Entry& entry : m.entries) bytes += bound(entry.key) + 8;
  return bytes;
}
std::size_t bound(const AntiEntropyObjects& m) {
  std::size_t bytes = 0;
  for (const AntiEntropyObjects::Entry& entry : m.objects) bytes += bound(entry.key) + bound(entry.object);
  for (const Key& key : m.wanted) bytes += bound(key);
  return bytes;
}
std::size_t bound(const std::vector<TombstoneEntry>& entries) {
  std::size_t bytes = 0;
  for (const TombstoneEntry& entry : entries) bytes += bound(entry.key) + 8;
  return bytes;
}
std::size_t bound(const TombstonesAsk& m) {
  return bound(m.entries);
}
std::size_t bound(const TombstonesHeld& m) {
  return bound(m.entries);
}
std::size_t bound(const TombstonesReap& m) {
  return bound(m.entries);
}

void encode(Writer& out, const Key& key) {
  DKV_ASSERT(!key.empty());
  out.sized(key.encoded());
}

void encode(Writer& out, std::span<const Dot> dots) {
  out.varint(dots.size());
  for (const Dot& dot : dots) {
    out.u64(dot.actor.id.high);
    out.u64(dot.actor.id.low);
    out.varint(dot.actor.epoch);
    out.varint(dot.counter);
  }
}

void encode(Writer& out, const VersionVector& clock) {
  encode(out, clock.entries());
  encode(out, clock.isolated());
}

void encode(Writer& out, const Context& context) {
  encode(out, context.seen);
  out.u64(context.hlc.packed);
}

// Where a decoder finds the dot's actor: among the clock's entries, or behind them among its isolated dots. Object has
// made sure that it is there.
std::size_t place_of(const Dot& dot, const VersionVector& clock) {
  const std::span<const Dot> entries = clock.entries();
  std::size_t place = 0;
  while (place < entries.size() && entries[place].actor < dot.actor) ++place;
  const bool known = place < entries.size() && entries[place].actor == dot.actor;
  if (known && entries[place].counter >= dot.counter) return place;
  place = 0;
  while (clock.isolated()[place] != dot) ++place;
  return entries.size() + place;
}

void encode(Writer& out, const Sibling& sibling, std::size_t actor_index) {
  DKV_ASSERT(sibling.value.size() <= kValueBytesMax);
  out.varint(actor_index);
  out.u8(static_cast<std::uint8_t>((sibling.tombstone ? wire::kTombstoneFlag : 0) |
                                   (sibling.tag != 0 ? wire::kTagFlag : 0) |
                                   (sibling.expires_wall_ns != 0 ? wire::kExpiryFlag : 0)));
  out.varint(sibling.dot.counter);
  out.u64(sibling.hlc.packed);
  if (sibling.tag != 0) out.varint(sibling.tag);
  if (sibling.expires_wall_ns != 0) out.u64(static_cast<std::uint64_t>(sibling.expires_wall_ns));
  if (!sibling.tombstone) out.sized(sibling.value.view());
}

void encode(Writer& out, const ObjectPtr& object) {
  DKV_ASSERT(object);
  DKV_ASSERT(object->siblings().size() <= kSiblingsDecodedMax);
  DKV_ASSERT(object->resident());
  encode(out, object->seen());
  out.varint(object->siblings().size());
  for (const Sibling& sibling : object->siblings()) encode(out, sibling, place_of(sibling.dot, object->seen()));
}

void encode(Writer& out, const ClientRequest& request) {
  DKV_ASSERT(request.kind <= wire::kLastRequestKind && request.mode <= wire::kLastQuorumMode);
  DKV_ASSERT(request.need >= 1 && request.need <= kReplicasMax && request.need_primary <= kReplicasMax);
  DKV_ASSERT(request.timeout_ms >= 1 && request.timeout_ms <= wire::kTimeoutMsMax);
  DKV_ASSERT(request.value.size() <= kValueBytesMax);
  out.enumeration(request.kind);
  out.enumeration(request.mode);
  out.boolean(request.return_siblings);
  out.u8(request.need);
  out.u8(request.need_primary);
  out.varint(request.timeout_ms);
  out.varint(request.tag);
  out.u64(static_cast<std::uint64_t>(request.ttl_ns));
  encode(out, request.key);
  encode(out, request.context);
  out.sized(request.value.view());
}

void encode(Writer& out, const ClientReply& reply) {
  DKV_ASSERT(reply.outcome <= wire::kLastOutcome && reply.reason <= wire::kLastReason);
  DKV_ASSERT((reply.outcome == Outcome::kDone) == (reply.reason == Reason::kNone));
  DKV_ASSERT(reply.acks.total == reply.acks.primary + reply.acks.fallback);
  out.enumeration(reply.outcome);
  out.enumeration(reply.reason);
  out.u8(reply.acks.total);
  out.u8(reply.acks.primary);
  out.u8(reply.acks.fallback);
  out.u8(reply.acks.need);
  out.u32(reply.coordinator);
  out.boolean(static_cast<bool>(reply.object));
  if (reply.object) encode(out, reply.object);
  encode(out, reply.context);
}

void encode(Writer& out, const Stamp& stamp) {
  out.varint(stamp.to_incarnation);
  out.varint(stamp.era);
}

void encode(Writer& out, const std::vector<TombstoneEntry>& entries) {
  DKV_ASSERT(entries.size() <= kTombstonesMax);
  out.varint(entries.size());
  for (const TombstoneEntry& entry : entries) {
    encode(out, entry.key);
    out.u64(entry.digest);
  }
}

void encode(Writer& out, const ReplicaPut& m) {
  DKV_ASSERT(m.reason <= wire::kLastCopyReason);
  DKV_ASSERT((m.reason == CopyReason::kHint) == (m.hint_for != kNoNode));
  out.u64(m.op);
  out.enumeration(m.reason);
  if (m.reason == CopyReason::kHint) out.varint(m.hint_for);
  encode(out, m.key);
  encode(out, m.object);
  encode(out, m.stamp);
}

void encode(Writer& out, const ReplicaPutAck& m) {
  out.u64(m.op);
  out.boolean(m.stored);
}

void encode(Writer& out, const ReplicaGet& m) {
  out.u64(m.op);
  encode(out, m.key);
}

void encode(Writer& out, const ReplicaGetReply& m) {
  out.u64(m.op);
  out.boolean(static_cast<bool>(m.object));
  if (m.object) encode(out, m.object);
}

void encode(Writer& out, const Forward& m) {
  out.u64(m.op);
  out.varint(m.from_incarnation);
  out.varint(m.to_incarnation);
  encode(out, m.request);
}

void encode(Writer& out, const ForwardReply& m) {
  out.u64(m.op);
  encode(out, m.reply);
}

void encode(Writer& out, const Heartbeat& m) {
  out.varint(m.incarnation);
  out.boolean(m.hears_you);
  out.varint(m.era);
  out.varint(m.settled);
  out.varint(m.to_incarnation);
}

void encode(Writer& out, const AntiEntropyRoots& m) {
  DKV_ASSERT(m.roots.size() <= kAntiEntropyPartitionsMax);
  out.varint(m.roots.size());
  for (std::size_t i = 0; i < m.roots.size(); ++i) {
    DKV_ASSERT(m.roots[i].partition < kPartitionsMax);
    DKV_ASSERT(i == 0 || m.roots[i - 1].partition < m.roots[i].partition);
    out.varint(m.roots[i].partition);
    out.u64(m.roots[i].hash);
  }
}

void encode(Writer& out, const AntiEntropyLeaves& m) {
  DKV_ASSERT(m.partitions.size() <= kAntiEntropyPartitionsMax);
  out.varint(m.partitions.size());
  for (const AntiEntropyLeaves::Leaves& leaves : m.partitions) {
    DKV_ASSERT(leaves.partition < kPartitionsMax);
    DKV_ASSERT(leaves.hashes.size() == MerkleTree::kLeaves);
    out.varint(leaves.partition);
    for (const std::uint64_t hash : leaves.hashes) out.u64(hash);
  }
}

void encode(Writer& out, const AntiEntropyKeys& m) {
  DKV_ASSERT(m.partition < kPartitionsMax);
  DKV_ASSERT(m.entries.size() <= kAntiEntropyKeysMax);
  out.varint(m.partition);
  out.u64(m.leaf_mask);
  out.u64(m.first_hash);
  out.u64(m.last_hash);
  out.varint(m.entries.size());
  for (std::size_t i = 0; i < m.entries.size(); ++i) {
    DKV_ASSERT(i == 0 || m.entries[i - 1].key < m.entries[i].key);
    encode(out, m.entries[i].key);
    out.u64(m.entries[i].digest);
  }
}

void encode(Writer& out, const AntiEntropyObjects& m) {
  DKV_ASSERT(m.objects.size() <= kAntiEntropyObjectsMax && m.wanted.size() <= kAntiEntropyKeysMax);
  out.varint(m.objects.size());
  for (const AntiEntropyObjects::Entry& entry : m.objects) {
    encode(out, entry.key);
    encode(out, entry.object);
  }
  out.varint(m.wanted.size());
  for (const Key& key : m.wanted) encode(out, key);
  encode(out, m.stamp);
}

void encode(Writer& out, const TombstonesAsk& m) {
  out.varint(m.from_incarnation);
  encode(out, m.entries);
}

void encode(Writer& out, const TombstonesHeld& m) {
  out.varint(m.from_incarnation);
  out.varint(m.to_incarnation);
  encode(out, m.entries);
}

void encode(Writer& out, const TombstonesReap& m) {
  out.varint(m.to_incarnation);
  encode(out, m.entries);
}

}  // namespace

std::size_t frame_bytes_bound(const Message& message) {
  return kFrameHeaderBytes + kFixedFieldsMax + std::visit([](const auto& m) { return bound(m); }, message);
}

std::size_t copy_bytes_bound(const Key& key, const ObjectPtr& object) {
  return bound(key) + bound(object);
}

void encode_frame(const Message& message, std::string& out) {
  const std::size_t begin = out.size();
  const std::size_t bound_bytes = frame_bytes_bound(message);
  out.resize(begin + bound_bytes);
  char* const frame = out.data() + begin;
  Writer writer(frame + kFrameHeaderBytes);
  std::visit([&](const auto& m) { encode(writer, m); }, message);
  const auto bytes = static_cast<std::size_t>(writer.at() - frame);
  DKV_ASSERT(bytes <= bound_bytes && bytes <= kFrameBytesMax);
  wire::store(frame + wire::kLengthAt, static_cast<std::uint32_t>(bytes));
  wire::store(frame + wire::kVersionAt, kProtocolVersion);
  wire::store(frame + wire::kKindAt, static_cast<std::uint8_t>(message.index() + 1));
  wire::store(frame + wire::kReservedAt, std::uint16_t{0});
  const std::uint64_t hash = hash64({frame + wire::kVersionAt, bytes - wire::kVersionAt});
  wire::store(frame + wire::kChecksumAt, static_cast<std::uint32_t>(hash));
  out.resize(begin + bytes);
}

}  // namespace dkv
