// I7.
#include "sim/oracle/quiet.h"

#include "tests/sim/oracle/rig.h"

using namespace dkv;
using namespace dkv::sim;

namespace {

struct Idle {
  OracleRig rig;
  std::shared_ptr<const Placement> placement = *Placement::make(members(), 16, 3);
  Quiet quiet{placement};

  static std::vector<Member> members() {
    std::vector<Member> all;
    for (NodeId id = 0; id < 5; ++id) {
      all.push_back({.id = id, .name = "n" + std::to_string(id), .host = {}, .rack = {}, .datacenter = {}});
    }
    return all;
  }
  void turn(Effect effect) { quiet.on_turn(1, {&effect, 1}, kSecond); }
  void send(Message message) { turn(Send{2, std::move(message)}); }
  void observe(Observed what, const Key& key = {}) { turn(Observation{.what = what, .peer = 2, .key = key}); }
  std::size_t found() const { return quiet.violations().size(); }
  PartitionId partition(std::uint32_t k) const { return placement->partition(rig.key(k).hash()); }
  ObjectPtr tombstone() {
    const WriteTag tag = rig.put({}, {.remove = true, .need = 2});
    return rig.state({tag});
  }
};

}  // namespace

TEST_CASE("an idle cluster may send heartbeats, compare roots, and count towards reaping") {
  Idle idle;
  idle.send(Heartbeat{});
  idle.send(LaterLife{});  // answers a late heartbeat of an earlier life
  idle.send(AntiEntropyRoots{});
  idle.send(ReapAsk{});
  idle.send(ReapHeld{});
  idle.send(ReapForget{});
  idle.observe(Observed::kAntiEntropyStarted);
  idle.observe(Observed::kPeerUnreachable);
  idle.turn(SetTimer{TimerKind::kHeartbeat, 1, 5});
  idle.turn(Append{1, {.space = KeySpace::kObjects, .key = idle.rig.key()}});
  CHECK(idle.found() == 0);
}

TEST_CASE("an idle cluster that stores, asks or answers anything else violates I7") {
  Idle idle;
  const WriteTag tag = idle.rig.put();
  idle.send(ReplicaPut{.reason = CopyReason::kReadRepair, .key = idle.rig.key(), .object = idle.rig.state({tag})});
  REQUIRE(idle.found() == 1);
  CHECK(idle.quiet.violations()[0].invariant == Invariant::kQuiet);
  CHECK(idle.quiet.violations()[0].node == 1);
  CHECK(idle.quiet.violations()[0].key == "key 0");
  CHECK_THAT(idle.quiet.violations()[0].detail, ContainsSubstring("ReplicaPut"));
  idle.send(ReplicaGet{});
  idle.send(AntiEntropyObjects{.objects = {{idle.rig.key(), idle.rig.state({tag})}}, .wanted = {}, .stamp = {}});
  idle.send(AntiEntropyObjects{.objects = {}, .wanted = {idle.rig.key()}, .stamp = {}});
  idle.send(AntiEntropyKeys{.partition = 3});
  idle.send(AntiEntropyLeaves{{{.partition = 3, .hashes = {}}}});
  CHECK(idle.found() == 6);
  idle.observe(Observed::kReadRepaired);
  idle.turn(Append{1, {.space = KeySpace::kHints, .owner = 3, .key = idle.rig.key()}});
  idle.turn(Reply{});
  CHECK(idle.found() == 9);
}

TEST_CASE("replicas that forget a tombstone one after the other may compare it meanwhile, and nothing else") {
  Idle idle;
  const ObjectPtr tombstone = idle.tombstone();
  idle.observe(Observed::kTombstoneReaped, idle.rig.key());
  idle.send(AntiEntropyLeaves{{{.partition = idle.partition(0), .hashes = {}}}});
  idle.send(AntiEntropyKeys{.partition = idle.partition(0)});
  idle.send(AntiEntropyObjects{.objects = {{idle.rig.key(), tombstone}}, .wanted = {idle.rig.key()}, .stamp = {}});
  CHECK(idle.found() == 0);
  const WriteTag tag = idle.rig.put();
  idle.send(AntiEntropyObjects{.objects = {{idle.rig.key(), idle.rig.state({tag})}}, .wanted = {}, .stamp = {}});
  CHECK(idle.found() == 1);
  idle.send(AntiEntropyObjects{.objects = {{idle.rig.key(1), tombstone}}, .wanted = {}, .stamp = {}});
  CHECK(idle.found() == 2);
  PartitionId other = 0;
  while (other == idle.partition(0)) ++other;
  idle.send(AntiEntropyKeys{.partition = other});
  CHECK(idle.found() == 3);
}

TEST_CASE("a flood of disturbances is cut short") {
  Idle idle;
  for (int i = 0; i < 100; ++i) idle.send(ReplicaGet{});
  CHECK(idle.found() == Quiet::kKept);
}
