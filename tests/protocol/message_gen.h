// RapidCheck generators of messages that keep all promises of messages.h and client.h.
#pragma once

#include <rapidcheck.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "engine/core/merkle.h"
#include "engine/protocol/messages.h"

namespace dkv::testing {

// Each length in bits is as likely as any other, so that every length of a varint is met.
inline std::uint64_t any_number(int bits_most = 64) {
  const int bits = *rc::gen::inRange(0, bits_most + 1);
  if (bits == 0) return 0;
  const auto raw = *rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>());
  return (raw | 1ull << 63) >> (64 - bits);
}
inline std::uint64_t any_counter() {
  return std::max<std::uint64_t>(1, any_number());
}
inline std::uint32_t any_u32() {
  return static_cast<std::uint32_t>(any_number(32));
}
inline bool any_bool() {
  return *rc::gen::arbitrary<bool>();
}
inline std::uint8_t any_u8(int least, int most) {
  return static_cast<std::uint8_t>(*rc::gen::inRange(least, most + 1));
}
inline std::size_t any_count(int most) {
  return static_cast<std::size_t>(*rc::gen::inRange(0, most + 1));
}
template <typename Enum>
Enum any_enum(Enum last) {
  return static_cast<Enum>(any_u8(0, static_cast<int>(last)));
}

inline std::string any_bytes(int least, int most) {
  const auto size = static_cast<std::size_t>(*rc::gen::inRange(least, most + 1));
  return *rc::gen::container<std::string>(size, rc::gen::arbitrary<char>());
}
inline Key any_key() {
  const bool longest = *rc::gen::inRange(0, 20) == 0;
  if (longest) return *Key::make(std::string(kBucketBytesMax, 'b'), std::string(kKeyBytesMax, 'k'));
  const std::string bucket = any_bytes(1, 12);
  return *Key::make(bucket, any_bytes(1, 24));
}

inline VersionVector any_clock(std::size_t least) {
  const std::size_t count = std::max(least, any_count(12));
  std::vector<Dot> entries;
  while (entries.size() < count) {
    Dot dot;
    dot.actor.id.high = any_number();
    dot.actor.id.low = any_number();
    dot.actor.epoch = any_u32();
    dot.counter = any_counter();
    entries.push_back(dot);
    std::ranges::sort(entries, {}, &Dot::actor);
    const auto twice = std::ranges::unique(entries, {}, &Dot::actor);
    entries.erase(twice.begin(), twice.end());
  }
  // Half of the clocks have dots beyond a gap; with() keeps the shortest form.
  VersionVector clock = VersionVector::from_sorted(entries);
  const std::size_t isolated = any_bool() ? any_count(3) : 0;
  for (std::size_t i = 0; i < isolated && !entries.empty(); ++i) {
    Dot dot = entries[any_count(static_cast<int>(entries.size()) - 1)];
    dot.actor.epoch += any_bool() ? 1 : 0;
    dot.counter = any_counter();
    clock = clock.with(dot);
  }
  return clock;
}

inline Context any_context() {
  VersionVector seen = any_clock(0);
  return {std::move(seen), {any_number()}};
}

inline Sibling any_sibling(Dot dot) {
  Sibling sibling;
  sibling.dot = dot;
  sibling.hlc = {any_number()};
  sibling.tag = any_number();
  sibling.expires_wall_ns = static_cast<TimeNs>(any_number());
  sibling.tombstone = any_bool();
  if (!sibling.tombstone) sibling.value = Blob(any_bytes(0, 300));
  return sibling;
}

inline ObjectPtr any_object() {
  const VersionVector seen = any_clock(1);
  const std::size_t count = 1 + any_count(10);
  std::set<Dot> dots;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t entries = seen.entries().size();
    const std::size_t place = any_count(static_cast<int>(entries + seen.isolated().size()) - 1);
    Dot dot = place < entries ? seen.entries()[place] : seen.isolated()[place - entries];
    const std::uint64_t back = any_number();
    if (place < entries) dot.counter -= std::min(dot.counter - 1, back);
    dots.insert(dot);
  }
  std::vector<Sibling> siblings;
  for (const Dot& dot : dots) siblings.push_back(any_sibling(dot));
  return Object::make(seen, siblings);
}
inline ObjectPtr any_object_or_none() {
  return any_bool() ? any_object() : ObjectPtr();
}

inline ClientRequest any_request() {
  ClientRequest request;
  request.kind = any_enum(RequestKind::kDelete);
  request.mode = any_enum(QuorumMode::kStrict);
  request.return_siblings = any_bool();
  request.need = any_u8(1, kReplicasMax);
  request.need_primary = any_u8(0, kReplicasMax);
  request.timeout_ms = static_cast<std::uint32_t>(*rc::gen::inRange(1, 600'001));
  request.tag = any_number();
  request.ttl_ns = static_cast<TimeNs>(any_number());
  request.key = any_key();
  request.context = any_context();
  request.value = Blob(any_bytes(0, 300));
  return request;
}

inline ClientReply any_reply() {
  ClientReply reply;
  reply.outcome = any_enum(Outcome::kUnknown);
  if (reply.outcome != Outcome::kDone) {
    reply.reason = static_cast<Reason>(any_u8(1, static_cast<int>(Reason::kStorageFull)));
  }
  reply.acks.primary = any_u8(0, 127);
  reply.acks.fallback = any_u8(0, 127);
  reply.acks.total = static_cast<std::uint8_t>(reply.acks.primary + reply.acks.fallback);
  reply.acks.need = any_u8(0, 255);
  reply.coordinator = any_bool() ? kNoNode : any_u32();
  reply.object = any_object_or_none();
  reply.context = any_context();
  return reply;
}

inline Stamp any_stamp() {
  const Incarnation to = any_u32();
  return {to, any_number()};
}

inline std::vector<TombstoneEntry> any_tombstones() {
  std::vector<TombstoneEntry> entries;
  for (std::size_t i = any_count(12); i > 0; --i) {
    Key key = any_key();
    entries.push_back({std::move(key), any_number()});
  }
  return entries;
}

inline ReplicaPut any_replica_put() {
  ReplicaPut message;
  message.op = any_number();
  message.reason = any_enum(CopyReason::kAntiEntropy);
  if (message.reason == CopyReason::kHint) message.hint_for = any_u32() % kNoNode;
  message.key = any_key();
  message.object = any_object();
  message.stamp = any_stamp();
  return message;
}

inline AntiEntropyRoots any_roots() {
  AntiEntropyRoots message;
  std::set<PartitionId> partitions;
  for (std::size_t i = any_count(20); i > 0; --i) partitions.insert(static_cast<PartitionId>(any_number(16)));
  for (const PartitionId partition : partitions) message.roots.push_back({partition, any_number()});
  return message;
}

inline AntiEntropyLeaves any_leaves() {
  AntiEntropyLeaves message;
  for (std::size_t i = any_count(3); i > 0; --i) {
    AntiEntropyLeaves::Leaves leaves{static_cast<PartitionId>(any_number(16)), {}};
    const std::uint64_t seed = any_number();
    for (std::uint64_t leaf = 0; leaf < MerkleTree::kLeaves; ++leaf) leaves.hashes.push_back(mix64(seed + leaf));
    message.partitions.push_back(std::move(leaves));
  }
  return message;
}

inline AntiEntropyKeys any_keys() {
  AntiEntropyKeys message;
  message.partition = static_cast<PartitionId>(any_number(16));
  message.leaf_mask = any_number();
  message.first_hash = any_number();
  message.last_hash = any_number();
  std::set<Key> keys;
  for (std::size_t i = any_count(12); i > 0; --i) keys.insert(any_key());
  for (const Key& key : keys) message.entries.push_back({key, any_number()});
  return message;
}

inline AntiEntropyObjects any_objects() {
  AntiEntropyObjects message;
  for (std::size_t i = any_count(4); i > 0; --i) {
    Key key = any_key();
    message.objects.push_back({std::move(key), any_object()});
  }
  for (std::size_t i = any_count(6); i > 0; --i) message.wanted.push_back(any_key());
  message.stamp = any_stamp();
  return message;
}

// The kind-th alternative of Message; one draw a statement, so that every compiler makes the same messages.
inline Message any_message_of(std::size_t kind) {
  if (kind == 0) return any_replica_put();
  if (kind == 7) return any_roots();
  if (kind == 8) return any_leaves();
  if (kind == 9) return any_keys();
  if (kind == 10) return any_objects();
  if (kind == 6) {
    const Incarnation incarnation = any_u32();
    const bool hears_you = any_bool();
    const Era era = any_number();
    const Era settled = any_number();
    return Heartbeat{incarnation, hears_you, era, settled, any_u32()};
  }
  if (kind >= 11) {
    const Incarnation incarnation = any_u32();
    if (kind == 11) return TombstonesAsk{incarnation, any_tombstones()};
    if (kind == 12) {
      const Incarnation to = any_u32();
      return TombstonesHeld{incarnation, to, any_tombstones()};
    }
    return TombstonesReap{incarnation, any_tombstones()};
  }
  const OpId op = any_number();
  if (kind == 1) return ReplicaPutAck{op, any_bool()};
  if (kind == 2) return ReplicaGet{op, any_key()};
  if (kind == 3) return ReplicaGetReply{op, any_object_or_none()};
  if (kind == 4) {
    const auto from = static_cast<Incarnation>(any_number(32));
    const auto to = static_cast<Incarnation>(any_number(32));
    return Forward{op, from, to, any_request()};
  }
  return ForwardReply{op, any_reply()};
}

}  // namespace dkv::testing
