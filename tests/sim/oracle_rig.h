#pragma once

#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/placement.h"
#include "sim/oracle/oracle.h"
#include "tests/catch.h"

namespace dkv::sim {

// A cluster on paper: tells an oracle, step by step, what a store might have done. Node ids are 0..nodes-1, named n0..;
// key number k is called "key k". Each write gets a dot of its own unless a story says otherwise.
class OracleRig {
 public:
  explicit OracleRig(ConflictPolicy policy = ConflictPolicy::kSiblings, std::uint32_t nodes = 5,
                     std::uint32_t replicas = 3)
      : scenario_(make_scenario(policy, nodes, replicas)),
        placement_(*Placement::make(scenario_.cluster.members, 16, replicas)),
        oracle(scenario_, placement_),
        images_(nodes) {}

  TimeNs now_ns = kSecond;

  Key key(std::uint32_t k = 0) const { return *Key::make(kDefaultBucket, "key " + std::to_string(k)); }
  NodeId primary(std::uint32_t place, std::uint32_t k = 0) const { return list(k)[place]; }
  NodeId fallback(std::uint32_t place = 0, std::uint32_t k = 0) const {
    return list(k)[placement_->replicas() + place];
  }

  // --- Clients.
  WriteTag put(const Seen& seen = {}, Oracle::WriteStart start = {.need = 2}) {
    start.seen = seen;
    const WriteTag tag = oracle.write_started(start, key(start.key_index), tick());
    dots[tag] = Dot{Actor{ActorId{7, 7}, 1}, tag};
    times[tag] = tag;
    if (start.remove) tombstones[tag] = true;
    return tag;
  }
  Seen done(WriteTag tag, std::uint8_t total = 2, std::uint8_t primaries = 2) {
    return finish(tag, Outcome::kDone, total, primaries);
  }
  Seen finish(WriteTag tag, Outcome outcome, std::uint8_t total = 0, std::uint8_t primaries = 0) {
    const ClientReply reply{.outcome = outcome, .acks = {.total = total, .primary = primaries, .need = 2}};
    return oracle.write_finished(tag, &reply, views(), tick());
  }
  void give_up(WriteTag tag) { oracle.write_finished(tag, nullptr, views(), tick()); }
  // Written, stored on all primaries, acknowledged.
  WriteTag put_everywhere(const Seen& seen, Seen* after = nullptr, Oracle::WriteStart start = {.need = 2}) {
    const WriteTag tag = put(seen, start);
    store_all({tag}, start.key_index);
    const auto copies = static_cast<std::uint8_t>(placement_->replicas());
    const Seen now_seen = done(tag, copies, copies);
    if (after) *after = now_seen;
    return tag;
  }
  Oracle::ReadId begin_read(std::uint8_t primary_need = 0, std::uint32_t session = 0, std::uint32_t k = 0) {
    return oracle.read_started({.session = session, .key_index = k, .primary_need = primary_need}, key(k), tick());
  }
  Seen end_read(Oracle::ReadId id, std::initializer_list<WriteTag> shown) {
    const ClientReply reply{.outcome = Outcome::kDone, .object = state(shown)};
    return oracle.read_finished(id, &reply, tick());
  }
  Seen read(std::initializer_list<WriteTag> shown, std::uint8_t primary_need = 0, std::uint32_t session = 0) {
    return end_read(begin_read(primary_need, session), shown);
  }

  // --- Disks.
  ObjectPtr state(std::initializer_list<WriteTag> tags) {
    if (tags.size() == 0) return {};
    std::vector<Sibling> siblings;
    VersionVector seen;
    for (const WriteTag tag : tags) {
      siblings.push_back({.dot = dots[tag], .hlc = {times[tag]}, .tag = tag, .tombstone = tombstones[tag]});
      seen = seen.with(dots[tag]);
    }
    return Object::make(seen, siblings);
  }
  Record record(std::initializer_list<WriteTag> tags, std::uint32_t k = 0) {
    return {.space = KeySpace::kObjects, .key = key(k), .object = state(tags)};
  }
  Record hint_record(NodeId owner, std::initializer_list<WriteTag> tags) {
    return {.space = KeySpace::kHints, .owner = owner, .key = key(), .object = state(tags)};
  }
  void append(NodeId node, const Record& what) { oracle.appended(node, what, tick()); }
  void sync(NodeId node, const Record& what) {
    oracle.durable(node, what, images_[node], tick());
    images_[node].apply(what);
  }
  void store(NodeId node, const Record& what) {
    append(node, what);
    sync(node, what);
  }
  void store(NodeId node, std::initializer_list<WriteTag> tags) { store(node, record(tags)); }
  void store_all(std::initializer_list<WriteTag> tags, std::uint32_t k = 0) {
    for (const NodeId node : primaries(k)) store(node, record(tags, k));
  }
  void hint(NodeId node, NodeId owner, std::initializer_list<WriteTag> tags) { store(node, hint_record(owner, tags)); }
  void observe(NodeId node, Observed what, NodeId peer) {
    oracle.observed(node, {.what = what, .peer = peer, .key = key()}, views(), tick());
  }
  void wipe(NodeId node) {
    oracle.stopped(node, true, tick());
    oracle.wiping(node, views(), tick());
    images_[node].clear();
  }
  // Time passes.
  void wait(TimeNs for_ns) { now_ns += for_ns; }
  // What the tag's version is shown as from now on.
  void expire(WriteTag tag) { tombstones[tag] = true; }
  void power_loss(NodeId node) { oracle.stopped(node, true, tick()); }
  bool converged() const { return oracle.converged(views()); }
  void judge(bool timed_out = false) { oracle.judge(views(), timed_out, tick()); }

  std::vector<const Image*> views() const {
    std::vector<const Image*> all;
    for (const Image& image : images_) all.push_back(&image);
    return all;
  }
  // "I1 I4": what was violated, in the order of the findings.
  std::string verdict() const {
    static constexpr const char* kCodes[] = {"I1", "I2", "I3", "I4", "I5", "I6", "I8", "I10", "I11"};
    std::string text;
    for (const Violation& violation : oracle.violations()) {
      text += (text.empty() ? "" : " ") + std::string(kCodes[static_cast<std::size_t>(violation.invariant)]);
    }
    return text;
  }
  std::string detail(std::size_t i = 0) const {
    return i < oracle.violations().size() ? oracle.violations()[i].detail : "no violation";
  }
  std::string name(NodeId node) const { return "n" + std::to_string(node); }

 private:
  static Scenario make_scenario(ConflictPolicy policy, std::uint32_t nodes, std::uint32_t replicas) {
    Scenario scenario;
    scenario.cluster.replicas = replicas;
    scenario.cluster.node.policy = policy;
    for (NodeId id = 0; id < nodes; ++id) {
      scenario.cluster.members.push_back(
          {.id = id, .name = "n" + std::to_string(id), .host = {}, .rack = {}, .datacenter = {}});
    }
    return scenario;
  }
  std::vector<NodeId> list(std::uint32_t k) const {
    const auto all = placement_->preference_list(placement_->partition(key(k).hash()));
    return {all.begin(), all.end()};
  }
  std::vector<NodeId> primaries(std::uint32_t k) const {
    auto all = list(k);
    all.resize(placement_->replicas());
    return all;
  }
  TimeNs tick() { return now_ns += kMillisecond; }

  Scenario scenario_;
  std::shared_ptr<const Placement> placement_;

 public:
  Oracle oracle;
  std::map<WriteTag, Dot> dots;
  std::map<WriteTag, std::uint64_t> times;  // timestamps, for last-write-wins
  std::map<WriteTag, bool> tombstones;

 private:
  std::vector<Image> images_;
};

}  // namespace dkv::sim
