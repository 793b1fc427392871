// "What if": commands that come from outside and change a run.
#include <algorithm>
#include <string>

#include "engine/core/assert.h"
#include "engine/core/hash.h"
#include "sim/world/world.h"

namespace dkv::sim {
namespace {

bool keeps_down(FaultKind kind) {
  return kind == FaultKind::kCrash || kind == FaultKind::kPowerLoss || kind == FaultKind::kWipe;
}
bool keeps_still(FaultKind kind) {
  return kind == FaultKind::kPause;
}

bool for_processes(CommandKind kind) {
  return kind <= CommandKind::kResume;
}

}  // namespace

// What is due before the next event. A run that is over takes no more.
void World::apply_due() {
  while (commands_applied_ < scenario_->commands.size()) {
    const Command& command = scenario_->commands[commands_applied_];
    DKV_ASSERT(command.at_event > events_);
    if (command.at_event != events_ + 1 || phase_ == Phase::kEnded) return;
    (void)apply(command, observer_);  // refused_commands() tells
  }
}

Result<void> World::apply(const Command& command, Observer* observer) {
  DKV_ASSERT(command.at_event == events_ + 1);
  Observer* const before = observer_;
  observer_ = observer;
  const std::uint64_t number = commands_applied_++;
  const Cause cause = cause_;
  cause_ = kCommandCause | number;
  Result<void> done = check(command);
  if (done) {
    fold(command);
    if (observer_) observer_->on_command(command, number, now_ns_);
    carry_out(command);
    if (observer_) tell_violations();
  } else {
    refused_.push_back({command.at_event, command.kind, command.line, done.error().what});
  }
  cause_ = cause;
  observer_ = before;
  return done;
}

Result<void> World::check(const Command& command) const {
  if (phase_ != Phase::kChaos) return fail("the run has healed by then, and nothing is to disturb that");
  const auto& members = scenario_->cluster.members;
  for (const std::vector<NodeId>& group : command.groups) {
    for (const NodeId node : group) {
      if (node >= slots_.size()) return fail("there is no node " + std::to_string(node));
    }
  }
  if (for_processes(command.kind)) {
    if (command.groups.size() != 1 || command.groups[0].empty()) return fail("it names no node");
    for (const NodeId node : command.groups[0]) {
      const Slot& slot = slots_[node];
      if (command.kind == CommandKind::kResume) {
        if (slot.paused == 0) return fail(members[node].name + " does not stand still");
      } else if (command.kind != CommandKind::kRestart && !slot.node) {
        return fail(members[node].name + " is down already");
      }
      if (command.kind == CommandKind::kPause && slot.paused > 0)
        return fail(members[node].name + " stands still already");
    }
    return {};
  }
  switch (command.kind) {
    case CommandKind::kPartition:
      if (command.groups.size() < 2) return fail("a partition has at least two sets of nodes");
      return {};
    case CommandKind::kHeal:
      if (!network_.any_fault()) return fail("no fault of the network is on");
      return {};
    case CommandKind::kDrop: {
      bool found = false;
      queue_.each([&](TimeNs, std::uint64_t number, const Pending& pending) {
        found = found || (number + 1 == command.message && flight_of(pending).name[0] != '\0');
      });
      if (!found) return fail("no message " + std::to_string(command.message) + " is under way");
      return {};
    }
    default: break;
  }
  if (command.via >= slots_.size()) return fail("it names no node");
  if (command.value.size() > kValueBytesMax) return fail("the value is too long");
  if (const auto key = Key::make(command.bucket, command.key); !key) return fail(key.error().what);
  return {};
}

void World::carry_out(const Command& command) {
  Fault fault{.at_ns = now_ns_, .kind = FaultKind::kPartition, .groups = command.groups};
  switch (command.kind) {
    case CommandKind::kCrash: fault.kind = FaultKind::kCrash; return begin_made(std::move(fault));
    case CommandKind::kPowerLoss: fault.kind = FaultKind::kPowerLoss; return begin_made(std::move(fault));
    case CommandKind::kPause: fault.kind = FaultKind::kPause; return begin_made(std::move(fault));
    case CommandKind::kPartition: return begin_made(std::move(fault));
    case CommandKind::kRestart:
      for (const NodeId node : command.groups[0]) restart(node);
      return;
    case CommandKind::kResume:
      for (const NodeId node : command.groups[0]) {
        release(node, keeps_still);
        slots_[node].paused = 0;
        resume(node);
      }
      return;
    case CommandKind::kHeal:
      for (std::uint32_t i = 0; i < fault_on_.size(); ++i) {
        if (Network::handles(fault_on_[i] ? this->fault(i).kind : FaultKind::kCrash)) end_fault(i);
      }
      return;
    case CommandKind::kDrop: {
      Pending* pending = queue_.find(command.message - 1);
      DKV_ASSERT(pending);
      if (observer_ && observer_->wants_events()) observer_->on_lost(flight_of(*pending), now_ns_);
      pending->what = std::monostate();  // its event still comes, and is nothing
      ++counters_.messages_lost;
      return;
    }
    case CommandKind::kPut:
    case CommandKind::kDelete: clients_.command(command, *this); return;
  }
}

// As if a fault of the schedule began now, to last until a command or the heal ends it.
void World::begin_made(Fault&& fault) {
  made_faults_.push_back(std::make_shared<const Fault>(std::move(fault)));
  fault_on_.push_back(0);
  begin_fault(static_cast<std::uint32_t>(fault_on_.size() - 1));
}

void World::restart(NodeId node) {
  Slot& slot = slots_[node];
  if (slot.node) {
    end_process(node, false);
    if (observer_) observer_->on_node(node, NodeChange::kCrashed, now_ns_);
  }
  release(node, keeps_down);
  slot.down = 0;
  start_node(node);
}

// The faults of that kind that are on go on without the node; one that has no other ends.
void World::release(NodeId node, bool (*kind)(FaultKind)) {
  for (const std::uint32_t index : faults_on()) {
    const Fault& on = fault(index);
    if (!kind(on.kind) || is_released(index, node)) continue;
    const std::vector<NodeId>& nodes = on.groups.at(0);
    if (std::ranges::find(nodes, node) == nodes.end()) continue;
    released_.emplace_back(index, node);
    if (!std::ranges::all_of(nodes, [&](NodeId one) { return is_released(index, one); })) continue;
    fault_on_[index] = 0;
    tell_fault(index, false);
  }
}

bool World::is_released(std::uint32_t index, NodeId node) const noexcept {
  return !released_.empty() && std::ranges::find(released_, std::pair(index, node)) != released_.end();
}

void World::fold(const Command& command) {
  std::uint64_t hash = static_cast<std::uint64_t>(command.kind) + 1;
  for (const std::vector<NodeId>& group : command.groups) {
    hash = hash_combine(hash, group.size());
    for (const NodeId node : group) hash = hash_combine(hash, node);
  }
  hash = hash_combine(hash, command.message);
  if (command.kind == CommandKind::kPut || command.kind == CommandKind::kDelete) {
    hash = hash_combine(hash, command.via * 2u + (command.blind ? 1 : 0));
    hash = hash_combine(hash, Key::make(command.bucket, command.key)->hash());
    hash = hash_combine(hash, hash64(command.value));
  }
  fingerprint_ = hash_combine(fingerprint_, hash);
}

}  // namespace dkv::sim
