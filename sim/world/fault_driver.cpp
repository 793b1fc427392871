#include "sim/world/fault_driver.h"

#include <algorithm>
#include <optional>

#include "engine/core/assert.h"

namespace dkv::sim {
namespace {

// Ends the process. If it was down already, only the disk is affected.
void stop(NodeId node, NodeChange how, FaultHost& host) {
  Machine& machine = host.machine(node);
  if (machine.down++ > 0 && how == NodeChange::kCrashed) return;
  host.end_process(node, how != NodeChange::kCrashed);
  if (how == NodeChange::kWiped) host.empty_disk(node);
  if (Observer* observer = host.observer()) observer->on_node(node, how, host.now_ns());
}

void start(NodeId node, FaultHost& host) {
  Machine& machine = host.machine(node);
  DKV_ASSERT(machine.down > 0);
  if (--machine.down == 0) host.start_process(node);
}

void pause(NodeId node, FaultHost& host) {
  Observer* const observer = host.observer();
  if (host.machine(node).paused++ == 0 && observer) observer->on_node(node, NodeChange::kPaused, host.now_ns());
}

void resume(NodeId node, FaultHost& host) {
  Machine& machine = host.machine(node);
  DKV_ASSERT(machine.paused > 0);
  if (--machine.paused == 0) host.take_deferred(node);
}

void skew(NodeId node, TimeNs by_ns, FaultHost& host) {
  host.machine(node).skew_ns += by_ns;
  host.clock_skewed(node);
}

// Calls strike() with a stream for the draws of the fault, unless the store uses no disk.
template <class Strike>
void with_disk(FaultHost& host, Strike&& strike) {
  if (host.uses_disk()) strike(host.disk_fault_stream());
}

// Copies the durable bytes of the source, which may be running or down.
void clone(NodeId node, NodeId source, FaultHost& host) {
  stop(node, NodeChange::kLostPower, host);
  host.replace_disk(node, DiskSnapshot(host.machine(source)));
}

void go_on(Machine& machine, FaultHost& host) {
  machine.folder.stall(false);
  if (machine.folder.stalled()) return;
  machine.folder.take_held();
  std::vector<DiskEnds> held = std::move(machine.stalled);
  machine.stalled.clear();
  for (DiskEnds& ends : held) {
    if (machine.folder.in_progress(ends.operation)) host.finish_disk(ends);
  }
}

}  // namespace

std::vector<std::uint32_t> FaultDriver::on() const {
  std::vector<std::uint32_t> on;
  for (std::uint32_t i = 0; i < on_.size(); ++i) {
    if (on_[i]) on.push_back(i);
  }
  return on;
}

void FaultDriver::tell(std::uint32_t index, bool begins, FaultHost& host) const {
  Observer* const observer = host.observer();
  if (!observer) return;
  observer->on_fault_number(index);
  observer->on_fault(fault(index), begins, host.now_ns());
}

std::vector<std::uint32_t> FaultDriver::moments() const {
  std::vector<std::uint32_t> moments;
  for (std::uint32_t i = 0; i < schedule_->size(); ++i) {
    const std::span<const FaultStrength> strengths = traits_of((*schedule_)[i].kind).strengths;
    if (std::ranges::find(strengths, FaultStrength::kMoment) != strengths.end()) moments.push_back(i);
  }
  return moments;
}

void FaultDriver::remember(std::uint32_t index, FaultHost& host) {
  for (const NodeId node : fault(index).groups.at(0)) {
    remembered_.push_back({index, node, std::make_shared<const DiskSnapshot>(host.machine(node))});
  }
}

// The process ends as in a power loss, and then its disk is replaced.
void FaultDriver::roll_back(NodeId node, std::uint32_t index, FaultHost& host) {
  const auto found =
      std::ranges::find_if(remembered_, [&](const Remembered& one) { return one.index == index && one.node == node; });
  DKV_ASSERT(found != remembered_.end());
  stop(node, NodeChange::kLostPower, host);
  host.replace_disk(node, *found->snapshot);
  remembered_.erase(found);
}

void FaultDriver::begin(std::uint32_t index, FaultHost& host) {
  const Fault& begun = fault(index);
  on_[index] = 1;
  tell(index, true, host);
  if (begun.for_ns > 0) host.end_fault_at(index, host.now_ns() + begun.for_ns);
  if (Network::handles(begun.kind)) return host.faulty_network().begin(index, begun);
  for (const NodeId node : begun.groups.at(0)) begin_on(node, index, host);
}

bool FaultDriver::lift(std::uint32_t index, FaultHost& host) {
  if (!on_[index]) return false;
  on_[index] = 0;
  const Fault& lifted = fault(index);
  tell(index, false, host);
  if (Network::handles(lifted.kind)) {
    host.faulty_network().end(index, lifted);
    return traits_of(lifted.kind).effect == NetworkEffect::kHold;
  }
  for (const NodeId node : lifted.groups.at(0)) {
    if (!is_released(index, node)) end_on(node, index, host);
  }
  return false;
}

void FaultDriver::end(std::uint32_t index, FaultHost& host) {
  if (lift(index, host)) host.send_held();
}

void FaultDriver::end_all(FaultHost& host) {
  for (std::uint32_t i = 0; i < on_.size(); ++i) (void)lift(i, host);
  host.send_held();
}

void FaultDriver::end_all_of_network(FaultHost& host) {
  for (std::uint32_t i = 0; i < on_.size(); ++i) {
    if (Network::handles(fault(i).kind)) end(i, host);
  }
}

void FaultDriver::make(Fault&& fault, FaultHost& host) {
  made_.push_back(std::make_shared<const Fault>(std::move(fault)));
  on_.push_back(0);
  begin(static_cast<std::uint32_t>(on_.size() - 1), host);
}

void FaultDriver::begin_on(NodeId node, std::uint32_t index, FaultHost& host) {
  const Fault& fault = this->fault(index);
  Machine& machine = host.machine(node);
  switch (fault.kind) {
    case FaultKind::kCrash: return stop(node, NodeChange::kCrashed, host);
    case FaultKind::kPowerLoss: return stop(node, NodeChange::kLostPower, host);
    case FaultKind::kWipe: return stop(node, NodeChange::kWiped, host);
    case FaultKind::kDiskRollback: return roll_back(node, index, host);
    case FaultKind::kDiskClone: return clone(node, fault.groups.at(1).at(0), host);
    case FaultKind::kPause: return pause(node, host);
    case FaultKind::kSlow: return machine.slow.add(index, fault.delay);
    case FaultKind::kSlowDisk: return machine.slow_disk.add(index, fault.delay);
    case FaultKind::kClockSkew:
    case FaultKind::kClockJump: return skew(node, fault.skew_ns, host);
    case FaultKind::kFailSync: return with_disk(host, [&](Stream) { machine.folder.fail_syncs(true); });
    case FaultKind::kReadErrors:
      return with_disk(host, [&](Stream random) { machine.folder.read_errors(fault.rate_ppm, random); });
    case FaultKind::kBitRot:
      return with_disk(
          host, [&](Stream random) { host.counters_to_raise().disk_damages += machine.folder.rot(random) ? 1 : 0; });
    case FaultKind::kMisdirected:
      return with_disk(host, [&](Stream random) {
        host.counters_to_raise().disk_damages += machine.folder.misdirect(random) ? 1 : 0;
      });
    case FaultKind::kStalledDisk: return with_disk(host, [&](Stream) { machine.folder.stall(true); });
    case FaultKind::kDiskFull:
      return with_disk(host, [&](Stream) {
        if (machine.full++ == 0) machine.folder.set_free_bytes(0);
      });
    case FaultKind::kPartition:
    case FaultKind::kOneWay:
    case FaultKind::kLoss:
    case FaultKind::kDuplicate:
    case FaultKind::kReorder:
    case FaultKind::kDelay:
    case FaultKind::kClog:
    case FaultKind::kLinkDown: break;
  }
  DKV_ASSERT(!"a fault of the network, which hits no node");
}

void FaultDriver::end_on(NodeId node, std::uint32_t index, FaultHost& host) {
  const Fault& fault = this->fault(index);
  Machine& machine = host.machine(node);
  switch (fault.kind) {
    case FaultKind::kCrash:
    case FaultKind::kPowerLoss:
    case FaultKind::kWipe:
    case FaultKind::kDiskRollback:
    case FaultKind::kDiskClone: return start(node, host);
    case FaultKind::kPause: return resume(node, host);
    case FaultKind::kSlow: return machine.slow.remove(index);
    case FaultKind::kSlowDisk: return machine.slow_disk.remove(index);
    case FaultKind::kClockSkew:
    case FaultKind::kClockJump: machine.skew_ns -= fault.skew_ns; return;
    case FaultKind::kFailSync:
      if (host.uses_disk()) machine.folder.fail_syncs(false);
      return;
    case FaultKind::kReadErrors:
      if (host.uses_disk()) machine.folder.read_errors(0, Stream());
      return;
    case FaultKind::kStalledDisk:
      if (host.uses_disk()) go_on(machine, host);
      return;
    case FaultKind::kDiskFull:
      if (!host.uses_disk()) return;
      DKV_ASSERT(machine.full > 0);
      if (--machine.full == 0) machine.folder.set_free_bytes(std::nullopt);
      return;
    case FaultKind::kBitRot:
    case FaultKind::kMisdirected: return;  // the damage is permanent
    case FaultKind::kPartition:
    case FaultKind::kOneWay:
    case FaultKind::kLoss:
    case FaultKind::kDuplicate:
    case FaultKind::kReorder:
    case FaultKind::kDelay:
    case FaultKind::kClog:
    case FaultKind::kLinkDown: break;
  }
  DKV_ASSERT(!"a fault of the network, which hits no node");
}

void FaultDriver::release(NodeId node, FaultHolds holds, FaultHost& host) {
  for (const std::uint32_t index : on()) {
    const Fault& one = fault(index);
    if (traits_of(one.kind).holds != holds || is_released(index, node)) continue;
    const std::vector<NodeId>& nodes = one.groups.at(0);
    if (std::ranges::find(nodes, node) == nodes.end()) continue;
    released_.emplace_back(index, node);
    if (!std::ranges::all_of(nodes, [&](NodeId each) { return is_released(index, each); })) continue;
    on_[index] = 0;
    tell(index, false, host);
  }
}

bool FaultDriver::is_released(std::uint32_t index, NodeId node) const noexcept {
  return !released_.empty() && std::ranges::find(released_, std::pair(index, node)) != released_.end();
}

}  // namespace dkv::sim
