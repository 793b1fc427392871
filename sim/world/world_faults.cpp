#include <algorithm>

#include "engine/core/assert.h"
#include "sim/world/world.h"

namespace dkv::sim {

void World::start_node(NodeId node) {
  Slot& slot = slots_[node];
  DKV_ASSERT(!slot.node);
  NodeConfig config = scenario_->cluster.node;
  config.id = node;
  config.placement = placement_;
  config.hash_salt = options_.hash_salt;
  ++slot.incarnation;
  slot.ledger_open = false;
  if (slot.incarnation > 1) ++counters_.restarts;
  slot.node.emplace(config, slot.incarnation);
  if (observer_) observer_->on_node(node, NodeChange::kStarted, now_ns_);
  give(node, {.incarnation = slot.incarnation, .what = Start{.seed = seed_stream_.next()}});
}

// What becomes of appends that were not durable yet: the bytes of the disk decide, and the next start shows it. Without
// a disk everything is gone at once.
void World::end_process(NodeId node, bool power_lost) {
  Slot& slot = slots_[node];
  const bool was_up = slot.node.has_value();
  if (was_up) count_store(slot.node->store());
  slot.node.reset();
  slot.deferred.clear();
  slot.stalled.clear();
  slot.respawning = false;
  if ((power_lost ? traits_.after_power_loss : traits_.after_exit) == Kept::kNothing) {
    if (was_up) forget_all(node);
    return;
  }
  slot.folder.process_crash();
  slot.synced.stopped();
  if (power_lost && acknowledges_unsynced()) slot.power_lost_ns = now_ns_;
  if (power_lost) slot.folder.power_loss(Stream(seed_, Purpose::kPowerLoss, ++damage_draws_));
}

// The store keeps nothing over the end of its process. It had acknowledged these records: that is what its operator
// chose, and the oracle excuses the losses with this cause.
void World::forget_all(NodeId node) {
  Slot& slot = slots_[node];
  counters_.records_forgotten += slot.disk.durable().object_count() + slot.disk.durable().hint_count();
  if (oracle_) oracle_->stopped(node, true, now_ns_);
  if (oracle_) oracle_->forgetting(node, now_ns_);
  slot.disk.wipe();
}

void World::stop_node(NodeId node, const Fault& fault) {
  Slot& slot = slots_[node];
  if (slot.down++ > 0) {
    // Already down: only what happens to the disk matters.
    if (fault.kind == FaultKind::kCrash) return;
  }
  const bool crash = fault.kind == FaultKind::kCrash;
  end_process(node, !crash);
  if (fault.kind == FaultKind::kWipe) {
    if (oracle_) oracle_->stopped(node, true, now_ns_);
    if (oracle_) oracle_->wiping(node, images(), now_ns_);
    slot.disk.wipe();
    slot.folder.wipe();
    slot.synced.clear();
    slot.power_lost_ns = -1;
  }
  if (!observer_) return;
  observer_->on_node(node,
                     crash                            ? NodeChange::kCrashed
                     : fault.kind == FaultKind::kWipe ? NodeChange::kWiped
                                                      : NodeChange::kLostPower,
                     now_ns_);
}

void World::on(FaultBegins& begins, Pending&) {
  begin_fault(begins.index);
}
void World::on(FaultEnds& ends, Pending&) {
  end_fault(ends.index);
}

void World::tell_fault(std::uint32_t index, bool begins) {
  if (!observer_) return;
  observer_->on_fault_number(index);
  observer_->on_fault(fault(index), begins, now_ns_);
}

void World::begin_fault(std::uint32_t index) {
  const Fault& fault = this->fault(index);
  if (phase_ != Phase::kChaos) return;
  fault_on_[index] = 1;
  tell_fault(index, true);
  if (fault.for_ns > 0) push(now_ns_ + fault.for_ns, FaultEnds{index});
  if (Network::handles(fault.kind)) return network_.begin(index, fault);
  for (const NodeId node : fault.groups.at(0)) {
    Slot& slot = slots_[node];
    switch (fault.kind) {
      case FaultKind::kCrash:
      case FaultKind::kPowerLoss:
      case FaultKind::kWipe: stop_node(node, fault); break;
      case FaultKind::kPause:
        if (slot.paused++ == 0 && observer_) observer_->on_node(node, NodeChange::kPaused, now_ns_);
        break;
      case FaultKind::kSlow: slot.slow.emplace_back(index, fault.delay); break;
      case FaultKind::kSlowDisk: slot.slow_disk.emplace_back(index, fault.delay); break;
      case FaultKind::kClockSkew:
        slot.skew_ns += fault.skew_ns;
        if (oracle_) oracle_->clock_skewed(slot.skew_ns);
        break;
      default: begin_disk_fault(node, fault); break;
    }
  }
}

void World::end_fault(std::uint32_t index) {
  if (!fault_on_[index]) return;
  fault_on_[index] = 0;
  const Fault& fault = this->fault(index);
  tell_fault(index, false);
  if (Network::handles(fault.kind)) {
    network_.end(index, fault);
    if (fault.kind == FaultKind::kClog && phase_ == Phase::kChaos) release_held();
    return;
  }
  const auto of_this = [index](const auto& entry) { return entry.first == index; };
  for (const NodeId node : fault.groups.at(0)) {
    if (is_released(index, node)) continue;
    Slot& slot = slots_[node];
    switch (fault.kind) {
      case FaultKind::kCrash:
      case FaultKind::kPowerLoss:
      case FaultKind::kWipe:
        DKV_ASSERT(slot.down > 0);
        if (--slot.down == 0) start_node(node);
        break;
      case FaultKind::kPause:
        DKV_ASSERT(slot.paused > 0);
        if (--slot.paused == 0) resume(node);
        break;
      case FaultKind::kSlow: std::erase_if(slot.slow, of_this); break;
      case FaultKind::kSlowDisk: std::erase_if(slot.slow_disk, of_this); break;
      case FaultKind::kClockSkew: slot.skew_ns -= fault.skew_ns; break;
      default: end_disk_fault(node, fault); break;
    }
  }
}

// What came while the process stood still is waiting in its sockets: it is handled at once, in order.
void World::resume(NodeId node) {
  Slot& slot = slots_[node];
  if (observer_) observer_->on_node(node, NodeChange::kResumed, now_ns_);
  std::vector<Pending> deferred = std::move(slot.deferred);
  slot.deferred.clear();
  for (Pending& pending : deferred) queue_.push(now_ns_, std::move(pending));
}

void World::release_held() {
  std::vector<Held> held = std::move(held_);
  held_.clear();
  for (Held& one : held) carry(std::move(one));
}

void World::on(Heal&, Pending&) {
  phase_ = Phase::kHealing;
  for (std::uint32_t i = 0; i < fault_on_.size(); ++i) end_fault(i);
  release_held();  // now that nothing else stands in their way
  clients_.stop();
  for (const Slot& slot : slots_) DKV_ASSERT(slot.node && slot.paused == 0 && !slot.folder.stalled());
  DKV_ASSERT(!network_.any_fault() && held_.empty());
  if (observer_) observer_->on_heal(now_ns_);
  push(now_ns_, Poll{});
}

}  // namespace dkv::sim
