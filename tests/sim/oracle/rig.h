#pragma once

#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/placement.h"
#include "sim/oracle/oracle.h"
#include "tests/catch.h"

namespace dkv::sim {

// A cluster on paper: it tells an oracle, step by step, what a store might have done. Node ids are 0..nodes-1, with
// the names n0 and so on. Key number k is "key k". Each write gets a new dot unless a test says otherwise.
class OracleRig {
 public:
  explicit OracleRig(ConflictPolicy policy = ConflictPolicy::kSiblings, std::uint32_t nodes = 5,
                     std::uint32_t replicas = 3, std::optional<ConflictPolicy> of_bucket = std::nullopt)
      : scenario_(make_scenario(policy, nodes, replicas, of_bucket)),
        placement_(*Placement::make(scenario_.cluster.members, 16, replicas)),
        oracle(scenario_, placement_),
        images_(nodes) {}

  TimeNs now_ns = kSecond;

  Key key(std::uint32_t k = 0) const { return *Key::make(kDefaultBucket, "key " + std::to_string(k)); }
  NodeId primary(std::uint32_t place, std::uint32_t k = 0) const { return list(k)[place]; }
  NodeId fallback(std::uint32_t place = 0, std::uint32_t k = 0) const;

  // --- Clients.
  WriteTag put(const Seen& seen = {}, Oracle::WriteStart start = {.need = 2});
  Seen done(WriteTag tag, std::uint8_t total = 2, std::uint8_t primaries = 2);
  Seen finish(WriteTag tag, Outcome outcome, std::uint8_t total = 0, std::uint8_t primaries = 0);
  void give_up(WriteTag tag) { oracle.write_finished(tag, nullptr, tick()); }
  // A write that is stored on all primaries and acknowledged.
  WriteTag put_everywhere(const Seen& seen, Seen* after = nullptr, Oracle::WriteStart start = {.need = 2});
  Oracle::ReadId begin_read(std::uint8_t primary_need = 0, std::uint32_t session = 0, std::uint32_t k = 0);
  Seen end_read(Oracle::ReadId id, std::initializer_list<WriteTag> shown);
  Seen read(std::initializer_list<WriteTag> shown, std::uint8_t primary_need = 0, std::uint32_t session = 0);

  // --- Disks.
  ObjectPtr state(std::initializer_list<WriteTag> tags);
  Record record(std::initializer_list<WriteTag> tags, std::uint32_t k = 0);
  Record hint_record(NodeId owner, std::initializer_list<WriteTag> tags);
  void append(NodeId node, const Record& what) { oracle.appended(node, what, tick()); }
  void sync(NodeId node, const Record& what);
  void store(NodeId node, const Record& what);
  void store(NodeId node, std::initializer_list<WriteTag> tags) { store(node, record(tags)); }
  void store_all(std::initializer_list<WriteTag> tags, std::uint32_t k = 0);
  // Empties all disks of the key, as if nobody had deleted it.
  void lose_all();
  void hint(NodeId node, NodeId owner, std::initializer_list<WriteTag> tags) { store(node, hint_record(owner, tags)); }
  void observe(NodeId node, Observed what, NodeId peer);
  void wipe(NodeId node);
  // Replaces the disk by one with these records. The ones in `unsynced` are appended there, and not durable.
  void replace(NodeId node, const std::vector<Record>& there, const std::vector<Record>& unsynced = {});
  // A power loss has taken the node back to this state.
  void fall_back(NodeId node, const Record& now);
  // Lets time pass.
  void wait(TimeNs for_ns) { now_ns += for_ns; }
  // From now on the tag's version is shown as a tombstone.
  void expire(WriteTag tag) { tombstones[tag] = true; }
  void power_loss(NodeId node) { oracle.stopped(node, true); }
  bool converged() const { return oracle.converged(views()); }
  void judge(bool timed_out = false) { oracle.judge(views(), timed_out, tick()); }

  std::vector<const Image*> views() const;
  // "I1 I4": the violated invariants, in the order of the findings.
  std::string verdict() const;
  std::string detail(std::size_t i = 0) const;
  std::string name(NodeId node) const { return "n" + std::to_string(node); }

 private:
  // of_bucket: the policy of the bucket of all keys; it overrides the cluster's.
  static Scenario make_scenario(ConflictPolicy policy, std::uint32_t nodes, std::uint32_t replicas,
                                std::optional<ConflictPolicy> of_bucket);
  std::vector<NodeId> list(std::uint32_t k) const;
  std::vector<NodeId> primaries(std::uint32_t k) const;
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
