// The starts and ends of processes, and the heal, which ends all faults.
#include "engine/core/actor_name.h"
#include "engine/core/assert.h"
#include "engine/settings/folder_mark.h"
#include "sim/world/slowed.h"
#include "sim/world/world.h"

namespace dkv::sim {
namespace {

FolderMark mark_of(const ClusterSpec& cluster, NodeId node) {
  return {.folder = {}, .cluster = "simulated", .node = cluster.members[node].name, .layout = {}};
}

// Whether the disk is that of another node: the record of its last epoch says who began it.
bool is_of_another(const Machine& machine, const ClusterSpec& cluster, NodeId node) {
  const std::optional<Actor>& last = machine.records.durable().identity();
  const std::optional<NodeId> owner = last ? node_of(last->id) : std::nullopt;
  return owner && *owner < cluster.members.size() && !may_serve(mark_of(cluster, *owner), mark_of(cluster, node));
}

}  // namespace

// As a real node does, it refuses to serve a folder that is another node's. Then it stays down.
void World::start_process(NodeId node) {
  Machine& machine = machines_[node];
  DKV_ASSERT(!machine.node);
  if (is_of_another(machine, scenario_->cluster, node)) return;
  NodeConfig config = scenario_->cluster.node;
  config.id = node;
  config.placement = placement_;
  config.hash_salt = options_.hash_salt;
  machine.powered = true;
  ++machine.incarnation;
  machine.ledger_open = false;
  if (machine.incarnation > 1) ++counters_.restarts;
  machine.node.emplace(config, machine.incarnation);
  if (observer_) observer_->on_node(node, NodeChange::kStarted, now_ns_);
  give(node, {.incarnation = machine.incarnation, .what = Start{.seed = seed_stream_.next()}});
}

// The bytes on the disk decide which of the appends survive that were not durable yet; the next start shows it. A
// store that uses no disk loses everything at once.
void World::end_process(NodeId node, bool power_lost) {
  Machine& machine = machines_[node];
  const bool was_up = machine.node.has_value();
  if (was_up) counters_.stores.add(machine.node->store().stats());
  machine.node.reset();
  machine.powered = !power_lost;
  machine.deferred.clear();
  machine.stalled.clear();
  machine.respawning = false;
  for (NodeId peer = 0; was_up && !power_lost && peer < machines_.size(); ++peer) reset(node, peer);
  if ((power_lost ? traits_.after_power_loss : traits_.after_exit) == Kept::kNothing) {
    if (was_up) forget_all(node);
    return;
  }
  machine.folder.process_crash();
  machine.synced.stopped();
  if (power_lost && acknowledges_unsynced()) machine.power_lost_ns = now_ns_;
  if (power_lost) machine.folder.power_loss(Stream(seed_, Purpose::kPowerLoss, ++damage_draws_));
}

// The end of a process resets its connections. A power loss does not, and neither does a partition: the reset is lost.
void World::reset(NodeId node, NodeId peer) {
  if (!machines_[peer].node) return;
  transmit(node, peer, Leg::kHeartbeat, ConnectionEnds{peer, node, machines_[peer].incarnation});
}

// The store keeps nothing beyond the end of its process. It had acknowledged these records, but its operator chose
// this backend: so the oracle excuses the losses with this cause.
void World::forget_all(NodeId node) {
  Machine& machine = machines_[node];
  counters_.records_forgotten += machine.records.durable().object_count() + machine.records.durable().hint_count();
  oracle_.stopped(node, true);
  oracle_.forgetting(node, now_ns_);
  machine.records.wipe();
}

void World::empty_disk(NodeId node) {
  Machine& machine = machines_[node];
  oracle_.stopped(node, true);
  oracle_.wiping(node, now_ns_);
  machine.records.wipe();
  machine.folder.wipe();
  machine.synced.clear();
  machine.power_lost_ns = -1;
}

// The machine continues as if it had lost power at the snapshot's moment.
void World::replace_disk(NodeId node, const DiskSnapshot& snapshot) {
  Machine& machine = machines_[node];
  DKV_ASSERT(!machine.node);
  machine.records = snapshot.records;
  machine.folder.restore(snapshot.folder);
  machine.synced = snapshot.synced;
  machine.power_lost_ns = acknowledges_unsynced() ? now_ns_ : -1;
  oracle_.stopped(node, true);
  std::vector<Record> unsynced;
  for (const Append& append : machine.records.all_pending()) unsynced.push_back(append.record);
  oracle_.disk_replaced(node, machine.records.durable().records(), unsynced, now_ns_);
}

// Events that came while the process stood still are waiting in its sockets. It handles them at once, in order.
void World::take_deferred(NodeId node) {
  Machine& machine = machines_[node];
  if (observer_) observer_->on_node(node, NodeChange::kResumed, now_ns_);
  std::vector<Scheduled> deferred = std::move(machine.deferred);
  machine.deferred.clear();
  for (Scheduled& event : deferred) queue_.push(now_ns_, std::move(event));
}

// Each message is sent again, because another fault may stop it now.
void World::send_held() {
  std::vector<Undelivered> held = std::move(held_);
  held_.clear();
  for (Undelivered& message : held) carry(std::move(message));
}

void World::on(FaultBegins& begins, Scheduled&) {
  if (phase_ == Phase::kChaos) faults_.begin(begins.index, *this);
}

void World::on(Heal&, Scheduled&) {
  phase_ = Phase::kHealing;
  faults_.end_all(*this);
  clients_.stop();
  // The operator of a node that refused its folder gives it an empty one.
  for (NodeId node = 0; node < machines_.size(); ++node) {
    if (machines_[node].node) continue;
    empty_disk(node);
    if (observer_) observer_->on_node(node, NodeChange::kWiped, now_ns_);
    start_process(node);
  }
  for (const Machine& machine : machines_) {
    DKV_ASSERT(machine.node && machine.paused == 0 && !machine.folder.stalled());
  }
  DKV_ASSERT(!network_.any_fault() && held_.empty());
  if (const std::optional<TimeNs> end_ns = end_slowness(queue_, now_ns_)) {
    for (Machine& machine : machines_) machine.folder.end_by(*end_ns);
  }
  if (observer_) observer_->on_heal(now_ns_);
  push(now_ns_, Poll{});
}

}  // namespace dkv::sim
