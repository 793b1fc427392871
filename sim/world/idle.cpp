#include "sim/world/idle.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "sim/oracle/quiet.h"
#include "sim/oracle/unrest.h"
#include "sim/world/world.h"

namespace dkv::sim {
namespace {

constexpr int kRounds = 10;  // of every pair
// A round begins as soon as the previous one has ended. Nothing in anti-entropy depends on the time between rounds.
constexpr TimeNs kRoundEveryNs = 100 * kMillisecond;
constexpr TimeNs kLookEveryNs = 100 * kMillisecond;
constexpr TimeNs kRestWithinNs = 60 * kSecond;  // beyond the time-out of a request
// Bounds the cost of the judgement: a few percent of the run's own time, or some milliseconds. Only a cluster that
// finds no rest costs more, because that must be proved.
constexpr std::uint64_t kEventsLeast = 2000;
constexpr std::uint64_t kEventsShare = 30;
constexpr std::uint64_t kRestEventsLeast = 20'000;
constexpr std::uint64_t kRestEventsShare = 10;

std::uint64_t fetched_by(const World& world, NodeId node) {
  return world.node(node)->store().stats().reads;
}

}  // namespace

// The copy has no oracle: its events are not part of the run.
IdleCopy::IdleCopy(const World& ended) : world_(std::make_unique<World>(ended)) {
  world_->oracle_ = Oracle();
}
IdleCopy::~IdleCopy() = default;

// False when the budget of events is used up.
bool IdleCopy::play_until(TimeNs end_ns, Observer& observer, std::uint64_t& events_left) {
  World& world = *world_;
  world.observer_ = &observer;
  while (!world.queue_.empty() && world.queue_.next_time() <= end_ns && events_left > 0) {
    world.now_ns_ = world.queue_.next_time();
    Scheduled event = world.queue_.pop();
    std::visit([&](auto& what) { world.on(what, event); }, event.what);
    --events_left;
  }
  world.observer_ = nullptr;
  return events_left > 0;
}

// Whether all traffic of the run has ended: no request, state or question is under way, no disk works for one, and
// all replicas are still equal.
bool IdleCopy::at_rest() const {
  const World& world = *world_;
  for (const Machine& machine : world.machines_) {
    if (!machine.node || machine.node->operations_in_progress() > 0 || machine.node->hints().size() > 0 ||
        !machine.records.idle()) {
      return false;
    }
  }
  bool under_way = !world.held_.empty();
  world.queue_.each([&](TimeNs, std::uint64_t, const Scheduled& pending) {
    const auto* delivery = std::get_if<Delivery>(&pending.what);
    under_way |= delivery && !std::holds_alternative<Heartbeat>(delivery->message);
    under_way |= std::holds_alternative<RequestArrives>(pending.what);
    // A node answers a replica when it has read the value: its answer belongs to the run.
    under_way |= std::holds_alternative<DiskEnds>(pending.what) || std::holds_alternative<DiskAnswers>(pending.what);
    under_way |= std::holds_alternative<Respawn>(pending.what);
  });
  if (under_way) return false;
  const auto root = [&](NodeId node, PartitionId partition) {
    return world.machines_[node].node->store().tree(partition).root();
  };
  for (PartitionId partition = 0; partition < world.placement().partitions(); ++partition) {
    const auto primaries = world.placement().primaries(partition);
    const std::uint64_t first = root(primaries[0], partition);
    if (std::ranges::any_of(primaries, [&](NodeId node) { return root(node, partition) != first; })) return false;
  }
  return true;
}

std::uint64_t IdleCopy::operations_in_progress() const {
  std::uint64_t operations = 0;
  for (const Machine& machine : world_->machines_) {
    if (machine.node) operations += machine.node->operations_in_progress();
  }
  return operations;
}

bool IdleCopy::come_to_rest(std::string& unrest) {
  World& world = *world_;
  std::uint64_t events_left = std::max(kRestEventsLeast, world.events_ / kRestEventsShare);
  const TimeNs end_ns = world.now_ns_ + kRestWithinNs + world.scenario_->cluster.request_timeout_ns;
  Unrest work(world.queue_.size() + world.held_.size() + operations_in_progress(), end_ns);
  while (!at_rest()) {
    unrest = work.found(world.now_ns_, operations_in_progress());
    const TimeNs look_ns = world.now_ns_ + kLookEveryNs;
    if (!unrest.empty() || world.now_ns_ >= end_ns || !play_until(look_ns, work, events_left)) return false;
    world.now_ns_ = look_ns;
  }
  hurry_rounds();
  return true;
}

// Lets the armed timer of each node fire now, one node after the other, and sets the pace of the following ones.
void IdleCopy::hurry_rounds() {
  World& world = *world_;
  world.rounds_every_ns_ = kRoundEveryNs;
  std::vector<TimerDue> armed;
  world.queue_.each([&](TimeNs, std::uint64_t, const Scheduled& pending) {
    const auto* due = std::get_if<TimerDue>(&pending.what);
    if (due && due->timer.kind == TimerKind::kAntiEntropy &&
        due->incarnation == world.machines_[due->node].incarnation) {
      armed.push_back(*due);
    }
  });
  std::ranges::sort(armed, {}, &TimerDue::node);
  for (const TimerDue& due : armed) {
    world.push(world.now_ns_ + 1 + kRoundEveryNs * due.node / static_cast<TimeNs>(world.machines_.size()),
               TimerDue(due));
  }
}

void IdleCopy::idle(Observer& observer) {
  std::uint64_t events_left = std::max(kEventsLeast, world_->events_ / kEventsShare);
  const auto peers = static_cast<TimeNs>(world_->machines_.size() - 1);
  play_until(world_->now_ns_ + kRounds * peers * kRoundEveryNs, observer, events_left);
}

void World::judge_idle() {
  if (!oracle_.judges()) return;
  const auto cannot = [&](const char* why) { oracle_.cannot_judge(Invariant::kQuiet, why); };
  if (scenario_->cluster.node.anti_entropy_every_ns == 0) return cannot("there is no anti-entropy");
  if (machines_.size() == 1) return cannot("there is one node");
  if (std::ranges::any_of(machines_, [](const Machine& machine) {
        return machine.folder.ever_damaged() || machine.folder.ever_unreadable();
      })) {
    return cannot("disks were damaged, and damage may be found at any time");
  }
  Oracle oracle = std::exchange(oracle_, Oracle());
  IdleCopy copy(*this);
  oracle_ = std::move(oracle);
  const World& idle = copy.world();
  Quiet quiet(placement_);
  if (std::string unrest; !copy.come_to_rest(unrest)) {
    if (unrest.empty()) return cannot("the cluster did not come to rest soon enough");
    quiet.disturbed(kNoNode, {}, unrest, idle.now_ns_);
    return oracle_.report(quiet.violations().front());
  }
  std::vector<std::uint64_t> fetched_before;
  for (NodeId node = 0; node < machines_.size(); ++node) fetched_before.push_back(fetched_by(idle, node));
  copy.idle(quiet);
  for (NodeId node = 0; node < machines_.size(); ++node) {
    const std::uint64_t fetched = fetched_by(idle, node) - fetched_before[node];
    if (fetched > 0)
      quiet.disturbed(node, {}, fmt::format("the node reads {} values from its disk", fetched), idle.now_ns_);
    const std::uint32_t operations = idle.machines_[node].node->operations_in_progress();
    if (operations > 0)
      quiet.disturbed(node, {}, fmt::format("{} operations are in progress", operations), idle.now_ns_);
  }
  for (const Violation& violation : quiet.violations()) oracle_.report(violation);
}

}  // namespace dkv::sim
