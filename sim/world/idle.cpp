// After a run has converged, a copy of its world idles, and I7 is judged there. So the run itself ends where it
// converged: the judgement does not change its events, counts or fingerprint.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "sim/oracle/quiet.h"
#include "sim/world/world.h"

namespace dkv::sim {
namespace {

constexpr int kRounds = 10;  // of every pair
// A round begins as soon as the previous one has ended. Nothing in anti-entropy depends on the time between rounds.
constexpr TimeNs kRoundEveryNs = 100 * kMillisecond;
constexpr TimeNs kLookEveryNs = 100 * kMillisecond;
constexpr TimeNs kRestWithinNs = 60 * kSecond;  // beyond the time-out of a request
// Bounds the cost of the judgement: a few percent of the run's own time, or some milliseconds.
constexpr std::uint64_t kEventsLeast = 2000;
constexpr std::uint64_t kEventsShare = 30;

std::uint64_t fetched_by(const World& world, NodeId node) {
  return world.node(node)->store().stats().reads;
}

}  // namespace

// Plays the copy until end_ns. False when the budget of events is used up.
bool World::play_until(TimeNs end_ns, Observer* observer, std::uint64_t& events_left) {
  observer_ = observer;
  while (!queue_.empty() && queue_.next_time() <= end_ns && events_left > 0) {
    now_ns_ = queue_.next_time();
    Scheduled event = queue_.pop();
    std::visit([&](auto& what) { on(what, event); }, event.what);
    --events_left;
  }
  observer_ = nullptr;
  return events_left > 0;
}

// Whether all traffic of the run has ended: no request, state or question is under way, no disk works for one, and
// all replicas are still equal.
bool World::at_rest() const {
  for (const Machine& machine : machines_) {
    if (!machine.node || machine.node->operations_in_progress() > 0 || machine.node->hints().size() > 0 ||
        !machine.records.idle()) {
      return false;
    }
  }
  bool under_way = !held_.empty();
  queue_.each([&](TimeNs, std::uint64_t, const Scheduled& pending) {
    const auto* delivery = std::get_if<Delivery>(&pending.what);
    under_way |= delivery && !std::holds_alternative<Heartbeat>(delivery->message);
    under_way |= std::holds_alternative<RequestArrives>(pending.what);
    // A node answers a replica when it has read the value: its answer belongs to the run.
    under_way |= std::holds_alternative<DiskEnds>(pending.what) || std::holds_alternative<DiskAnswers>(pending.what);
    under_way |= std::holds_alternative<Respawn>(pending.what);
  });
  if (under_way) return false;
  const auto root = [&](NodeId node, PartitionId partition) {
    return machines_[node].node->store().tree(partition).root();
  };
  for (PartitionId partition = 0; partition < placement_->partitions(); ++partition) {
    const auto primaries = placement_->primaries(partition);
    const std::uint64_t first = root(primaries[0], partition);
    if (std::ranges::any_of(primaries, [&](NodeId node) { return root(node, partition) != first; })) return false;
  }
  return true;
}

bool World::come_to_rest(std::uint64_t& events_left) {
  const TimeNs end_ns = now_ns_ + kRestWithinNs + scenario_->cluster.request_timeout_ns;
  while (!at_rest()) {
    const TimeNs look_ns = now_ns_ + kLookEveryNs;
    if (look_ns > end_ns || !play_until(look_ns, nullptr, events_left)) return false;
    now_ns_ = look_ns;
  }
  return true;
}

// Lets the armed timer of each node fire now, one node after the other, and sets the pace of the following ones.
void World::hurry_rounds(TimeNs every_ns) {
  rounds_every_ns_ = every_ns;
  std::vector<TimerDue> armed;
  queue_.each([&](TimeNs, std::uint64_t, const Scheduled& pending) {
    const auto* due = std::get_if<TimerDue>(&pending.what);
    if (due && due->timer.kind == TimerKind::kAntiEntropy && due->incarnation == machines_[due->node].incarnation) {
      armed.push_back(*due);
    }
  });
  std::ranges::sort(armed, {}, &TimerDue::node);
  for (const TimerDue& due : armed) {
    push(now_ns_ + 1 + every_ns * due.node / static_cast<TimeNs>(machines_.size()), TimerDue(due));
  }
}

std::uint64_t World::idle_events() const noexcept {
  return std::max(kEventsLeast, events_ / kEventsShare);
}

// The copy has no oracle: its events are not part of the run.
std::unique_ptr<World> World::idle_copy(std::uint64_t& events_left) const {
  auto copy = std::make_unique<World>(*this);
  copy->oracle_ = Oracle();
  if (!copy->come_to_rest(events_left)) return nullptr;
  copy->hurry_rounds(kRoundEveryNs);
  return copy;
}

void World::idle(Observer& observer, std::uint64_t& events_left) {
  const auto peers = static_cast<TimeNs>(machines_.size() - 1);
  play_until(now_ns_ + kRounds * peers * kRoundEveryNs, &observer, events_left);
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
  std::uint64_t events_left = idle_events();
  Oracle oracle = std::exchange(oracle_, Oracle());
  const std::unique_ptr<World> copy = idle_copy(events_left);
  oracle_ = std::move(oracle);
  if (!copy) return cannot("the cluster did not come to rest soon enough");
  Quiet quiet(placement_);
  std::vector<std::uint64_t> fetched_before;
  for (NodeId node = 0; node < machines_.size(); ++node) fetched_before.push_back(fetched_by(*copy, node));
  copy->idle(quiet, events_left);
  for (NodeId node = 0; node < machines_.size(); ++node) {
    const std::uint64_t fetched = fetched_by(*copy, node) - fetched_before[node];
    if (fetched > 0)
      quiet.disturbed(node, {}, fmt::format("the node reads {} values from its disk", fetched), copy->now_ns_);
    const std::uint32_t operations = copy->machines_[node].node->operations_in_progress();
    if (operations > 0)
      quiet.disturbed(node, {}, fmt::format("{} operations are in progress", operations), copy->now_ns_);
  }
  for (const Violation& violation : quiet.violations()) oracle_.report(violation);
}

}  // namespace dkv::sim
