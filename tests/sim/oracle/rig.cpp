#include "tests/sim/oracle/rig.h"

#include <algorithm>

namespace dkv::sim {

NodeId OracleRig::fallback(std::uint32_t place, std::uint32_t k) const {
  return list(k)[placement_->replicas() + place];
}

WriteTag OracleRig::put(const Seen& seen, Oracle::WriteStart start) {
  start.seen = seen;
  const WriteTag tag = oracle.write_started(start, key(start.key_index), tick());
  dots[tag] = Dot{Actor{ActorId{7, 7}, 1}, tag};
  times[tag] = tag;
  if (start.remove) tombstones[tag] = true;
  return tag;
}

Seen OracleRig::done(WriteTag tag, std::uint8_t total, std::uint8_t primaries) {
  return finish(tag, Outcome::kDone, total, primaries);
}

Seen OracleRig::finish(WriteTag tag, Outcome outcome, std::uint8_t total, std::uint8_t primaries) {
  const ClientReply reply{.outcome = outcome, .acks = {.total = total, .primary = primaries, .need = 2}};
  return oracle.write_finished(tag, &reply, tick());
}

WriteTag OracleRig::put_everywhere(const Seen& seen, Seen* after, Oracle::WriteStart start) {
  const WriteTag tag = put(seen, start);
  store_all({tag}, start.key_index);
  const auto copies = static_cast<std::uint8_t>(placement_->replicas());
  const Seen now_seen = done(tag, copies, copies);
  if (after) *after = now_seen;
  return tag;
}

Oracle::ReadId OracleRig::begin_read(std::uint8_t primary_need, std::uint32_t session, std::uint32_t k) {
  return oracle.read_started({.session = session, .key_index = k, .primary_need = primary_need}, key(k), tick());
}

Seen OracleRig::end_read(Oracle::ReadId id, std::initializer_list<WriteTag> shown) {
  const ClientReply reply{.outcome = Outcome::kDone, .object = state(shown)};
  return oracle.read_finished(id, &reply, tick());
}

Seen OracleRig::read(std::initializer_list<WriteTag> shown, std::uint8_t primary_need, std::uint32_t session) {
  return end_read(begin_read(primary_need, session), shown);
}

ObjectPtr OracleRig::state(std::initializer_list<WriteTag> tags) {
  if (tags.size() == 0) return {};
  std::vector<Sibling> siblings;
  VersionVector seen;
  for (const WriteTag tag : tags) {
    siblings.push_back({.dot = dots[tag], .hlc = {times[tag]}, .tag = tag, .tombstone = tombstones[tag]});
    seen = seen.with(dots[tag]);
  }
  return Object::make(seen, siblings);
}

Record OracleRig::record(std::initializer_list<WriteTag> tags, std::uint32_t k) {
  return {.space = KeySpace::kObjects, .key = key(k), .object = state(tags)};
}

Record OracleRig::hint_record(NodeId owner, std::initializer_list<WriteTag> tags) {
  return {.space = KeySpace::kHints, .owner = owner, .key = key(), .object = state(tags)};
}

void OracleRig::sync(NodeId node, const Record& what) {
  oracle.durable(node, what, tick());
  images_[node].apply(what);
}

void OracleRig::store(NodeId node, const Record& what) {
  append(node, what);
  sync(node, what);
}

void OracleRig::store_all(std::initializer_list<WriteTag> tags, std::uint32_t k) {
  for (const NodeId node : primaries(k)) store(node, record(tags, k));
}

void OracleRig::lose_all() {
  for (const NodeId node : primaries(0)) sync(node, record({}));
}

void OracleRig::observe(NodeId node, Observed what, NodeId peer) {
  oracle.observed(node, {.what = what, .peer = peer, .key = key()}, tick());
}

void OracleRig::wipe(NodeId node) {
  oracle.stopped(node, true);
  oracle.wiping(node, tick());
  images_[node].clear();
}

void OracleRig::replace(NodeId node, const std::vector<Record>& there, const std::vector<Record>& unsynced) {
  oracle.stopped(node, true);
  oracle.disk_replaced(node, there, unsynced, tick());
  images_[node].clear();
  for (const Record& record : there) images_[node].apply(record);
}

void OracleRig::fall_back(NodeId node, const Record& now) {
  oracle.not_synced(node, now, tick());
  images_[node].apply(now);
}

std::vector<const Image*> OracleRig::views() const {
  std::vector<const Image*> all;
  for (const Image& image : images_) all.push_back(&image);
  return all;
}

std::string OracleRig::verdict() const {
  std::string text;
  for (const Violation& violation : oracle.violations()) {
    text += (text.empty() ? "" : " ") + std::string(invariant_code(violation.invariant));
  }
  return text;
}

std::string OracleRig::detail(std::size_t i) const {
  return i < oracle.violations().size() ? oracle.violations()[i].detail : "no violation";
}

Scenario OracleRig::make_scenario(ConflictPolicy policy, std::uint32_t nodes, std::uint32_t replicas,
                                  std::optional<ConflictPolicy> of_bucket) {
  Scenario scenario;
  scenario.cluster.replicas = replicas;
  scenario.cluster.node.policy = policy;
  if (of_bucket) scenario.cluster.node.buckets[std::string(kDefaultBucket)].conflicts = of_bucket;
  for (NodeId id = 0; id < nodes; ++id) {
    scenario.cluster.members.push_back(
        {.id = id, .name = "n" + std::to_string(id), .host = {}, .rack = {}, .datacenter = {}});
  }
  return scenario;
}

std::vector<NodeId> OracleRig::list(std::uint32_t k) const {
  const auto all = placement_->preference_list(placement_->partition(key(k).hash()));
  return {all.begin(), all.end()};
}

std::vector<NodeId> OracleRig::primaries(std::uint32_t k) const {
  auto all = list(k);
  all.resize(placement_->replicas());
  return all;
}

}  // namespace dkv::sim
