// "What if": commands from outside that change a run.
#include <algorithm>
#include <string>

#include "engine/core/assert.h"
#include "engine/core/hash.h"
#include "sim/world/world.h"

namespace dkv::sim {
namespace {

// Whether the command is about processes, which groups[0] names.
bool for_processes(CommandKind kind) {
  switch (kind) {
    case CommandKind::kCrash:
    case CommandKind::kPowerLoss:
    case CommandKind::kRestart:
    case CommandKind::kPause:
    case CommandKind::kResume: return true;
    case CommandKind::kPartition:
    case CommandKind::kHeal:
    case CommandKind::kDrop:
    case CommandKind::kPut:
    case CommandKind::kDelete: break;
  }
  return false;
}

std::uint64_t fingerprint_of(const Command& command) {
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
  return hash;
}

}  // namespace

// Applies the commands that come before the next event. A run that has ended accepts none.
void World::apply_due() {
  while (commands_applied_ < scenario_->commands.size()) {
    const Command& command = scenario_->commands[commands_applied_];
    DKV_ASSERT(command.at_event > events_);
    if (command.at_event != events_ + 1 || phase_ == Phase::kEnded) return;
    (void)apply(command, observer_);  // refused_commands() reports a failure
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
    if (command.at_ns > now_ns_) {
      now_ns_ = std::min(command.at_ns, queue_.next_time());
      fingerprint_ = hash_combine(fingerprint_, static_cast<std::uint64_t>(now_ns_));
    }
    fingerprint_ = hash_combine(fingerprint_, fingerprint_of(command));
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
  if (phase_ != Phase::kChaos) return fail("the heal has begun, and no command may disturb it");
  const auto& members = scenario_->cluster.members;
  for (const std::vector<NodeId>& group : command.groups) {
    for (const NodeId node : group) {
      if (node >= machines_.size()) return fail("there is no node " + std::to_string(node));
    }
  }
  if (for_processes(command.kind)) {
    if (command.groups.size() != 1 || command.groups[0].empty()) return fail("it names no node");
    for (const NodeId node : command.groups[0]) {
      const Machine& machine = machines_[node];
      if (command.kind == CommandKind::kResume) {
        if (machine.paused == 0) return fail(members[node].name + " is not paused");
      } else if (command.kind != CommandKind::kRestart && !machine.node) {
        return fail(members[node].name + " is already down");
      }
      if (command.kind == CommandKind::kPause && machine.paused > 0)
        return fail(members[node].name + " is already paused");
    }
    return {};
  }
  switch (command.kind) {
    case CommandKind::kPartition:
      if (command.groups.size() < 2) return fail("a partition needs at least two sets of nodes");
      return {};
    case CommandKind::kHeal:
      if (!network_.any_fault()) return fail("no network fault is on");
      return {};
    case CommandKind::kDrop: {
      bool found = false;
      queue_.each([&](TimeNs, std::uint64_t number, const Scheduled& event) {
        found = found || (number + 1 == command.message && flight_of(event).name[0] != '\0');
      });
      if (!found) return fail("no message " + std::to_string(command.message) + " is under way");
      return {};
    }
    case CommandKind::kCrash:
    case CommandKind::kPowerLoss:
    case CommandKind::kRestart:
    case CommandKind::kPause:
    case CommandKind::kResume:  // handled above
    case CommandKind::kPut:
    case CommandKind::kDelete: break;
  }
  if (command.via >= machines_.size()) return fail("it names no node");
  if (command.value.size() > kValueBytesMax) return fail("the value is too long");
  if (const auto key = Key::make(command.bucket, command.key); !key) return fail(key.error().what);
  return {};
}

void World::carry_out(const Command& command) {
  Fault fault{.at_ns = now_ns_, .kind = FaultKind::kPartition, .groups = command.groups};
  switch (command.kind) {
    case CommandKind::kCrash: fault.kind = FaultKind::kCrash; return faults_.make(std::move(fault), *this);
    case CommandKind::kPowerLoss: fault.kind = FaultKind::kPowerLoss; return faults_.make(std::move(fault), *this);
    case CommandKind::kPause: fault.kind = FaultKind::kPause; return faults_.make(std::move(fault), *this);
    case CommandKind::kPartition: return faults_.make(std::move(fault), *this);
    case CommandKind::kRestart:
      for (const NodeId node : command.groups[0]) restart(node);
      return;
    case CommandKind::kResume:
      for (const NodeId node : command.groups[0]) {
        faults_.release(node, FaultHolds::kPaused, *this);
        machines_[node].paused = 0;
        take_deferred(node);
      }
      return;
    case CommandKind::kHeal: faults_.end_all_of_network(*this); return;
    case CommandKind::kDrop: {
      Scheduled* event = queue_.find(command.message - 1);
      DKV_ASSERT(event);
      if (observer_ && observer_->wants_events()) observer_->on_lost(flight_of(*event), now_ns_);
      event->what = Dropped{};  // the event still comes, without effect
      ++counters_.messages_lost;
      return;
    }
    case CommandKind::kPut:
    case CommandKind::kDelete: clients_.command(command, *this); return;
  }
}

void World::restart(NodeId node) {
  Machine& machine = machines_[node];
  if (machine.node) {
    end_process(node, false);
    if (observer_) observer_->on_node(node, NodeChange::kCrashed, now_ns_);
  }
  faults_.release(node, FaultHolds::kDown, *this);
  machine.down = 0;
  start_process(node);
}

}  // namespace dkv::sim
