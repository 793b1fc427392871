// A fixed set of messages: at least one of each kind, and its edge cases. The golden frames, the damage tests and the
// fuzzer's corpus use it.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/merkle.h"
#include "engine/protocol/messages.h"

namespace dkv::testing {

struct Sample {
  std::string name;  // also used as a file name
  Message message;
};

inline Key key_of(std::string_view key) {
  return *Key::make(kDefaultBucket, key);
}

inline Actor actor_of(std::uint64_t number) {
  return {{0x1111111111111111u * number, 0x0123456789abcdefu}, static_cast<std::uint32_t>(number)};
}

// A clock of the actors 1, 2, ... with these counters.
inline VersionVector clock_of(std::initializer_list<std::uint64_t> counters) {
  std::vector<Dot> entries;
  for (const std::uint64_t counter : counters) entries.push_back({actor_of(entries.size() + 1), counter});
  return VersionVector::from_sorted(entries);
}

inline Sibling sibling_of(Dot dot, std::string_view value) {
  Sibling sibling;
  sibling.dot = dot;
  sibling.hlc = {0x0190'0000'0000'0000u + dot.counter % 1'000'000};
  sibling.value = Blob(value);
  return sibling;
}

inline Sibling tombstone_of(Dot dot) {
  Sibling sibling = sibling_of(dot, {});
  sibling.tombstone = true;
  return sibling;
}

inline ObjectPtr object_of(VersionVector seen, std::vector<Sibling> siblings) {
  return Object::make(std::move(seen), siblings);
}

inline ObjectPtr plain_object() {
  return object_of(clock_of({3}), {sibling_of({actor_of(1), 3}, "value")});
}

inline ObjectPtr rich_object() {
  Sibling tagged = sibling_of({actor_of(1), 300}, "one");
  tagged.tag = 77'777;
  Sibling expiring = sibling_of({actor_of(3), 5}, "");
  expiring.expires_wall_ns = 1'700'000'000'000'000'000;
  return object_of(clock_of({300, 9, 6}), {tagged, tombstone_of({actor_of(2), 8}), expiring});
}

// An object with dots beyond a gap, one of them without an entry before it.
inline ObjectPtr gap_object() {
  const VersionVector seen = clock_of({4, 9}).with({actor_of(2), 11}).with({actor_of(3), 2});
  return object_of(seen, {sibling_of({actor_of(1), 4}, "old"), sibling_of({actor_of(2), 11}, "new"),
                          tombstone_of({actor_of(3), 2})});
}

// An object with more siblings and clock entries than the decoder keeps on its stack.
inline ObjectPtr wide_object() {
  const VersionVector seen = clock_of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15});
  std::vector<Sibling> siblings;
  for (const Dot& entry : seen.entries()) siblings.push_back(sibling_of(entry, std::string(entry.counter, 'w')));
  return object_of(seen, siblings);
}

inline ClientRequest put_request() {
  ClientRequest request;
  request.kind = RequestKind::kPut;
  request.mode = QuorumMode::kStrict;
  request.return_siblings = true;
  request.need = 3;
  request.need_primary = 1;
  request.timeout_ms = 600'000;
  request.tag = 42;
  request.ttl_ns = 1'800'000'000'000'000'000;
  request.key = key_of("cart");
  request.context = {clock_of({4, 9}).with({actor_of(1), 7}), {0x0190'0000'0000'0001u}};
  request.value = Blob("milk,eggs");
  return request;
}

inline ClientReply done_reply() {
  ClientReply reply;
  reply.outcome = Outcome::kDone;
  reply.acks = {.total = 3, .primary = 2, .fallback = 1, .need = 2};
  reply.coordinator = 4;
  reply.object = rich_object();
  reply.context = reply.object->context();
  return reply;
}

inline AntiEntropyLeaves leaves_of(std::initializer_list<PartitionId> partitions) {
  AntiEntropyLeaves message;
  for (const PartitionId partition : partitions) {
    AntiEntropyLeaves::Leaves leaves{partition, {}};
    for (std::uint64_t i = 0; i < MerkleTree::kLeaves; ++i) leaves.hashes.push_back(mix64(partition * 64 + i));
    message.partitions.push_back(std::move(leaves));
  }
  return message;
}

inline AntiEntropyKeys keys_of(std::initializer_list<std::string_view> names) {
  AntiEntropyKeys message{.partition = 17, .leaf_mask = 0x8000'0000'0000'0001u, .last_hash = 0x1234, .entries = {}};
  for (const std::string_view name : names) message.entries.push_back({key_of(name), 0xd1'6e'57 + name.size()});
  std::ranges::sort(message.entries, {}, &KeyDigest::key);
  return message;
}

inline std::vector<Sample> sample_messages() {
  ClientRequest get;
  get.key = *Key::make("b", std::string(40, 'k'));
  get.timeout_ms = 1;
  get.need = 1;
  ClientRequest remove = put_request();
  remove.kind = RequestKind::kDelete;
  remove.value = {};
  remove.context = {};
  ClientReply refused;
  refused.outcome = Outcome::kRefused;
  refused.reason = Reason::kTooManySiblings;
  ClientReply unknown = done_reply();
  unknown.outcome = Outcome::kUnknown;
  unknown.reason = Reason::kTimedOut;
  unknown.object = {};
  return {
      {"replica-put-write", ReplicaPut{7, CopyReason::kWrite, kNoNode, key_of("a"), plain_object(), {3, 300}}},
      {"replica-put-hint", ReplicaPut{1ull << 40, CopyReason::kHint, 200, key_of("cart"), rich_object()}},
      {"replica-put-repair", ReplicaPut{kNoOp, CopyReason::kReadRepair, kNoNode, key_of("wide"), wide_object()}},
      {"replica-put-ack-stored", ReplicaPutAck{7, true}},
      {"replica-put-ack-refused", ReplicaPutAck{~0ull, false}},
      {"replica-get", ReplicaGet{9, key_of("cart")}},
      {"replica-get-reply-found", ReplicaGetReply{9, rich_object()}},
      {"replica-get-reply-gap", ReplicaGetReply{10, gap_object()}},
      {"replica-get-reply-nothing", ReplicaGetReply{9, {}}},
      {"forward-get", Forward{11, 1, 0, get}},
      {"forward-put", Forward{12, 300, 5, put_request()}},
      {"forward-delete", Forward{13, 2, ~0u, remove}},
      {"forward-reply-done", ForwardReply{12, done_reply()}},
      {"forward-reply-refused", ForwardReply{13, refused}},
      {"forward-reply-unknown", ForwardReply{14, unknown}},
      {"heartbeat", Heartbeat{3, true, 300, 299, 7, 1'700'000'000'123'456'789}},
      {"heartbeat-first", Heartbeat{~0u, false}},
      {"anti-entropy-roots", AntiEntropyRoots{{{0, 0xfeed}, {5, 0xbeef}, {65535, 1}}}},
      {"anti-entropy-roots-none", AntiEntropyRoots{}},
      {"anti-entropy-leaves", leaves_of({5})},
      {"anti-entropy-leaves-two", leaves_of({5, 200})},
      {"anti-entropy-keys", keys_of({"a", "bb", "cart"})},
      {"anti-entropy-keys-none", keys_of({})},
      {"anti-entropy-objects",
       AntiEntropyObjects{{{key_of("a"), plain_object()}, {key_of("cart"), rich_object()}}, {key_of("z")}}},
      {"anti-entropy-objects-wanted", AntiEntropyObjects{{}, {key_of("y"), key_of("z")}, {~0u, ~0ull}}},
      {"reap-ask", ReapAsk{5, {{key_of("a"), 0xfeed, {}, {}}, {key_of("b"), 0xbeef, clock_of({3, 9}), clock_of({1})}}}},
      {"reap-ask-none", ReapAsk{}},
      {"reap-held", ReapHeld{300, 5, 2, {1, 2, 3}, {{key_of("a"), 0xfeed}}}},
      {"reap-forget", ReapForget{7, {{key_of("a"), 0xfeed, {}}, {key_of("b"), 0xbeef, clock_of({2})}}}},
      {"later-life", LaterLife{5, 300}},
  };
}

}  // namespace dkv::testing
