// Equality of messages field by field: the codec's own bytes cannot show that two fields were swapped on both ways.
#pragma once

#include <algorithm>

#include "engine/protocol/messages.h"

namespace dkv::testing {

inline bool same(const Sibling& a, const Sibling& b) {
  return a.dot == b.dot && a.hlc == b.hlc && a.tag == b.tag && a.expires_wall_ns == b.expires_wall_ns &&
         a.value == b.value && a.tombstone == b.tombstone;
}

inline bool same(const ObjectPtr& a, const ObjectPtr& b) {
  if (!a || !b) return !a && !b;
  return a->seen() == b->seen() && a->digest() == b->digest() &&
         std::ranges::equal(a->siblings(), b->siblings(),
                            [](const Sibling& x, const Sibling& y) { return same(x, y); });
}

inline bool same(const ClientRequest& a, const ClientRequest& b) {
  return a.kind == b.kind && a.mode == b.mode && a.return_siblings == b.return_siblings && a.need == b.need &&
         a.need_primary == b.need_primary && a.timeout_ms == b.timeout_ms && a.tag == b.tag && a.ttl_ns == b.ttl_ns &&
         a.key == b.key && a.context == b.context && a.value == b.value;
}

inline bool same(const ClientReply& a, const ClientReply& b) {
  return a.outcome == b.outcome && a.reason == b.reason && a.acks.total == b.acks.total &&
         a.acks.primary == b.acks.primary && a.acks.fallback == b.acks.fallback && a.acks.need == b.acks.need &&
         a.coordinator == b.coordinator && same(a.object, b.object) && a.context == b.context;
}

inline bool same(const Stamp& a, const Stamp& b) {
  return a.to_incarnation == b.to_incarnation && a.era == b.era;
}
inline bool same(const std::vector<TombstoneEntry>& a, const std::vector<TombstoneEntry>& b) {
  return std::ranges::equal(
      a, b, [](const TombstoneEntry& x, const TombstoneEntry& y) { return x.key == y.key && x.digest == y.digest; });
}

inline bool same(const ReplicaPut& a, const ReplicaPut& b) {
  return a.op == b.op && a.reason == b.reason && a.hint_for == b.hint_for && a.key == b.key &&
         same(a.object, b.object) && same(a.stamp, b.stamp);
}
inline bool same(const ReplicaPutAck& a, const ReplicaPutAck& b) {
  return a.op == b.op && a.stored == b.stored;
}
inline bool same(const ReplicaGet& a, const ReplicaGet& b) {
  return a.op == b.op && a.key == b.key;
}
inline bool same(const ReplicaGetReply& a, const ReplicaGetReply& b) {
  return a.op == b.op && same(a.object, b.object);
}
inline bool same(const Forward& a, const Forward& b) {
  return a.op == b.op && a.from_incarnation == b.from_incarnation && a.to_incarnation == b.to_incarnation &&
         same(a.request, b.request);
}
inline bool same(const ForwardReply& a, const ForwardReply& b) {
  return a.op == b.op && same(a.reply, b.reply);
}
inline bool same(const Heartbeat& a, const Heartbeat& b) {
  return a.incarnation == b.incarnation && a.hears_you == b.hears_you && a.era == b.era && a.settled == b.settled &&
         a.to_incarnation == b.to_incarnation;
}
inline bool same(const AntiEntropyRoots& a, const AntiEntropyRoots& b) {
  return std::ranges::equal(a.roots, b.roots, [](const AntiEntropyRoots::Root& x, const AntiEntropyRoots::Root& y) {
    return x.partition == y.partition && x.hash == y.hash;
  });
}
inline bool same(const AntiEntropyLeaves& a, const AntiEntropyLeaves& b) {
  return std::ranges::equal(a.partitions, b.partitions,
                            [](const AntiEntropyLeaves::Leaves& x, const AntiEntropyLeaves::Leaves& y) {
                              return x.partition == y.partition && x.hashes == y.hashes;
                            });
}
inline bool same(const AntiEntropyKeys& a, const AntiEntropyKeys& b) {
  return a.partition == b.partition && a.leaf_mask == b.leaf_mask && a.first_hash == b.first_hash &&
         a.last_hash == b.last_hash &&
         std::ranges::equal(a.entries, b.entries, [](const AntiEntropyKeys::Entry& x, const AntiEntropyKeys::Entry& y) {
           return x.key == y.key && x.digest == y.digest;
         });
}
inline bool same(const AntiEntropyObjects& a, const AntiEntropyObjects& b) {
  return a.wanted == b.wanted && same(a.stamp, b.stamp) &&
         std::ranges::equal(a.objects, b.objects,
                            [](const AntiEntropyObjects::Entry& x, const AntiEntropyObjects::Entry& y) {
                              return x.key == y.key && same(x.object, y.object);
                            });
}

inline bool same(const TombstonesAsk& a, const TombstonesAsk& b) {
  return a.from_incarnation == b.from_incarnation && same(a.entries, b.entries);
}
inline bool same(const TombstonesHeld& a, const TombstonesHeld& b) {
  return a.from_incarnation == b.from_incarnation && a.to_incarnation == b.to_incarnation && same(a.entries, b.entries);
}
inline bool same(const TombstonesReap& a, const TombstonesReap& b) {
  return a.to_incarnation == b.to_incarnation && same(a.entries, b.entries);
}

inline bool same(const Message& a, const Message& b) {
  if (a.index() != b.index()) return false;
  return std::visit([&](const auto& mine) { return same(mine, std::get<std::decay_t<decltype(mine)>>(b)); }, a);
}

}  // namespace dkv::testing
