// I7: after a run has converged, a copy of its world idles.
#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "sim/oracle/quiet.h"
#include "sim/oracle/unrest.h"
#include "sim/world/after_end.h"
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

// Whether all traffic of the run has ended: no request, state or question is under way, no disk works for one, and
// all replicas are still equal.
bool AfterEnd::at_rest() const {
  for (const Machine& machine : copy_.machines_) {
    if (!machine.node || machine.node->operations_in_progress() > 0 || machine.node->hints().size() > 0 ||
        !machine.records.idle()) {
      return false;
    }
  }
  bool under_way = !copy_.held_.empty();
  copy_.queue_.each([&](TimeNs, std::uint64_t, const Scheduled& pending) {
    const auto* delivery = std::get_if<Delivery>(&pending.what);
    under_way |= delivery && !std::holds_alternative<Heartbeat>(delivery->message);
    under_way |= std::holds_alternative<RequestArrives>(pending.what);
    // A node answers a replica when it has read the value: its answer belongs to the run.
    under_way |= std::holds_alternative<DiskEnds>(pending.what) || std::holds_alternative<DiskAnswers>(pending.what);
    under_way |= std::holds_alternative<Respawn>(pending.what);
  });
  if (under_way) return false;
  const auto root = [&](NodeId node, PartitionId partition) {
    return copy_.machines_[node].node->store().tree(partition).root();
  };
  for (PartitionId partition = 0; partition < copy_.placement_->partitions(); ++partition) {
    const auto primaries = copy_.placement_->primaries(partition);
    const std::uint64_t first = root(primaries[0], partition);
    if (std::ranges::any_of(primaries, [&](NodeId node) { return root(node, partition) != first; })) return false;
  }
  return true;
}

std::uint64_t AfterEnd::operations_in_progress() const {
  std::uint64_t operations = 0;
  for (const Machine& machine : copy_.machines_) {
    if (machine.node) operations += machine.node->operations_in_progress();
  }
  return operations;
}

bool AfterEnd::come_to_rest(std::string& unrest) {
  std::uint64_t events_left = std::max(kRestEventsLeast, copy_.events_ / kRestEventsShare);
  const TimeNs end_ns = copy_.now_ns_ + kRestWithinNs + copy_.scenario_->cluster.request_timeout_ns;
  Unrest work(copy_.queue_.size() + copy_.held_.size() + operations_in_progress(), end_ns);
  while (!at_rest()) {
    unrest = work.found(copy_.now_ns_, operations_in_progress());
    const TimeNs look_ns = copy_.now_ns_ + kLookEveryNs;
    if (!unrest.empty() || copy_.now_ns_ >= end_ns || !play_until(look_ns, &work, events_left)) return false;
    copy_.now_ns_ = look_ns;
  }
  return true;
}

// Lets the armed timer of each node fire now, one node after the other, and sets the pace of the following ones.
void AfterEnd::hurry_rounds(TimeNs every_ns) {
  copy_.rounds_every_ns_ = every_ns;
  std::vector<TimerDue> armed;
  copy_.queue_.each([&](TimeNs, std::uint64_t, const Scheduled& pending) {
    const auto* due = std::get_if<TimerDue>(&pending.what);
    if (due && due->timer.kind == TimerKind::kAntiEntropy &&
        due->incarnation == copy_.machines_[due->node].incarnation) {
      armed.push_back(*due);
    }
  });
  std::ranges::sort(armed, {}, &TimerDue::node);
  for (const TimerDue& due : armed) {
    copy_.push(copy_.now_ns_ + 1 + every_ns * due.node / static_cast<TimeNs>(copy_.machines_.size()), TimerDue(due));
  }
}

std::unique_ptr<World> AfterEnd::idle_copy(const World& run, std::string& unrest) {
  auto copy = std::make_unique<World>(run);
  copy->oracle_ = Oracle();  // its events are not part of the run
  AfterEnd after(*copy, *copy);
  if (!after.come_to_rest(unrest)) return nullptr;
  after.hurry_rounds(kRoundEveryNs);
  return copy;
}

void AfterEnd::idle(World& copy, Observer& observer) {
  std::uint64_t events_left = std::max(kEventsLeast, copy.events_ / kEventsShare);
  const auto peers = static_cast<TimeNs>(copy.machines_.size() - 1);
  AfterEnd(copy, copy).play_until(copy.now_ns_ + kRounds * peers * kRoundEveryNs, &observer, events_left);
}

void AfterEnd::judge_idle() {
  const auto cannot = [&](const char* why) { run_.oracle_.cannot_judge(Invariant::kQuiet, why); };
  const std::vector<Machine>& machines = copy_.machines_;
  if (copy_.scenario_->cluster.node.anti_entropy_every_ns == 0) return cannot("there is no anti-entropy");
  if (machines.size() == 1) return cannot("there is one node");
  if (std::ranges::any_of(machines, [](const Machine& machine) {
        return machine.folder.ever_damaged() || machine.folder.ever_unreadable();
      })) {
    return cannot("disks were damaged, and damage may be found at any time");
  }
  Quiet quiet(copy_.placement_);
  if (std::string unrest; !come_to_rest(unrest)) {
    if (unrest.empty()) return cannot("the cluster did not come to rest soon enough");
    quiet.disturbed(kNoNode, {}, unrest, copy_.now_ns_);
    return run_.oracle_.report(quiet.violations().front());
  }
  std::vector<std::uint64_t> fetched_before;
  for (NodeId node = 0; node < machines.size(); ++node) fetched_before.push_back(fetched_by(copy_, node));
  hurry_rounds(kRoundEveryNs);
  idle(copy_, quiet);
  copy_.rounds_every_ns_ = 0;
  for (NodeId node = 0; node < machines.size(); ++node) {
    const std::uint64_t fetched = fetched_by(copy_, node) - fetched_before[node];
    if (fetched > 0 && !quiet.may_read(node))
      quiet.disturbed(node, {}, fmt::format("the node reads {} values from its disk", fetched), copy_.now_ns_);
    const std::uint32_t operations = machines[node].node->operations_in_progress();
    if (operations > 0)
      quiet.disturbed(node, {}, fmt::format("{} operations are in progress", operations), copy_.now_ns_);
  }
  for (const Violation& violation : quiet.violations()) run_.oracle_.report(violation);
}

}  // namespace dkv::sim
