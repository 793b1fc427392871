// Goes to other moments, from the nearest copy of the world.
#include <algorithm>
#include <set>

#include "engine/core/assert.h"
#include "viz/model/session.h"

namespace dkv::viz {
namespace {

constexpr EventNumber kNoEnd = ~EventNumber{0};

}  // namespace

void Session::seek(EventNumber event) {
  if (branch().ended) event = std::min(event, branch().explored);
  begin({.kind = Goal::Kind::kEvent, .event = event});
}

void Session::seek_time(TimeNs at_ns) {
  begin({.kind = Goal::Kind::kTime, .at_ns = at_ns});
}

void Session::run_until(const Until& until) {
  goal_ = Goal{.kind = Goal::Kind::kUntil, .until = until, .from = at()};
  until_met_ = false;
  work_.reset();
}

void Session::cancel() {
  goal_.reset();
  work_.reset();
}

// Begins at the shown moment if that is on the way, otherwise at a snapshot.
void Session::begin(Goal goal) {
  const Branch& line = branch();
  const bool timed = goal.kind == Goal::Kind::kTime;
  const Snapshot& snapshot = timed ? *line.snapshots.before_time(goal.at_ns) : *line.snapshots.before(goal.event);
  const bool behind = timed ? now_ns() > goal.at_ns : at() > goal.event;
  // A copy costs as much as some events, so a snapshot that is only slightly ahead is no gain.
  const bool far = !behind && snapshot.event > at() && snapshot.cost_ns - cost_at(at()) > 2 * copy_ns_ + 1'000'000;
  // The world that is already on its way may be as near.
  const bool on_its_way = work_ && work_->events() >= snapshot.event &&
                          (timed ? work_->now() <= goal.at_ns : work_->events() <= goal.event);
  if ((behind || far) && !on_its_way) work_ = copy_of(snapshot);
  if (!behind && !far) work_.reset();
  goal.from = (work_ ? *work_ : *world_).events();
  goal_ = goal;
}

std::unique_ptr<sim::World> Session::copy_of(const Snapshot& snapshot) {
  const auto begin = Clock::now();
  auto world = std::make_unique<sim::World>(snapshot.world);
  copy_ns_ = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - begin).count();
  feed(*world, line().commands, nullptr);
  return world;
}

bool Session::reached(sim::World& world) const {
  if (world.ended()) return true;
  switch (goal_->kind) {
    case Goal::Kind::kEvent: return world.events() >= goal_->event;
    case Goal::Kind::kTime: return world.next_at() > goal_->at_ns;
    case Goal::Kind::kUntil: return until_met_;
  }
  return true;
}

bool Session::matches(const Until& until) const noexcept {
  const EventRecord& last = recorder_.last();
  const EventNumber last_event = recorder_.last_event();
  switch (until.what) {
    case Until::What::kFinding:
      return recorder_.violations_told() > 0 ||
             (!branch().failed_steps.empty() &&
              std::ranges::binary_search(branch().failed_steps, last_event, {}, &FailedStep::event));
    case Until::What::kSetback: return recorder_.setbacks_told() > 0;
    case Until::What::kEvent: return until.node == kNoNode || last.node == until.node;
    case Until::What::kMessage:
      return last.kind == EventKind::kMessage &&
             (until.node == kNoNode || last.node == until.node || last.from == until.node) &&
             (until.key == kNoKey || last.key == until.key);
    case Until::What::kOperation: return recorder_.operations_told() > 0;
    case Until::What::kFault: return last.kind == EventKind::kFaultBegins || last.kind == EventKind::kFaultEnds;
    case Until::What::kEnd: return false;
  }
  return false;
}

bool Session::work_on_goal(Clock::time_point until) {
  if (!goal_) return true;
  sim::World& world = work_ ? *work_ : *world_;
  const EventNumber upto = goal_->kind == Goal::Kind::kEvent ? goal_->event : kNoEnd;
  while (!reached(world)) {
    play(world, upto, true);  // each call makes some progress, even with a tiny budget
    if (Clock::now() >= until && !reached(world)) return false;
  }
  if (work_) world_ = std::move(work_);
  goal_.reset();
  return true;
}

double Session::progress() const noexcept {
  if (!goal_) return 1;
  const sim::World& world = work_ ? *work_ : *world_;
  const auto part = [](double done, double whole) { return whole <= 0 ? 1.0 : std::clamp(done / whole, 0.0, 1.0); };
  const auto from = static_cast<double>(goal_->from);
  const auto now = static_cast<double>(world.events());
  switch (goal_->kind) {
    case Goal::Kind::kEvent: return part(now - from, static_cast<double>(goal_->event) - from);
    case Goal::Kind::kTime: return part(static_cast<double>(world.now()), static_cast<double>(goal_->at_ns));
    case Goal::Kind::kUntil: return part(static_cast<double>(world.now()), static_cast<double>(scenario().run_ns));
  }
  return 1;
}

// Moments that are reached for the first time get snapshots at regular distances. After a step back another one is
// likely, so one more snapshot is taken just before the goal.
void Session::maybe_snapshot(const sim::World& world, bool fresh) {
  const Branch& line = branch();
  const std::int64_t cost_ns = cost_at(world.events());
  const Snapshot& last = *line.snapshots.before(world.events());
  const std::int64_t copy_ns = options_.ns_per_event > 0 ? 0 : copy_ns_;
  if (fresh || cost_ns - last.cost_ns >= 2 * options_.spacing.far_ns) {
    // Copies take at most a ninth of the work. When the memory is full, a new one would only drive out another one, so
    // the distances grow with the run.
    const auto count = static_cast<std::int64_t>(line.snapshots.all().size());
    const std::int64_t spread_ns = crowded_ ? cost_ns / (2 * count) : 0;
    if (cost_ns - last.cost_ns >= std::max({options_.spacing.far_ns, 8 * copy_ns, spread_ns}))
      keep_snapshot(world, cost_ns, fresh);
    return;
  }
  const bool stepping = goal_ && goal_->kind == Goal::Kind::kEvent && &world == work_.get() && at() > goal_->event &&
                        at() - goal_->event <= Marks::kEvery;
  if (!stepping) return;
  const EventNumber target = goal_->event;
  const std::int64_t near_ns = std::max(options_.spacing.near_ns, copy_ns / 2);
  const std::int64_t left_ns = cost_at(target) - cost_ns;
  if (target <= line.explored && left_ns <= near_ns && cost_ns - last.cost_ns >= 2 * near_ns) {
    keep_snapshot(world, cost_ns, fresh);
  }
}

void Session::keep_snapshot(const sim::World& world, std::int64_t cost_ns, bool fresh) {
  const auto begin = Clock::now();
  auto snapshot = std::make_shared<Snapshot>(Snapshot{.event = world.events(),
                                                      .cost_ns = cost_ns,
                                                      .bytes = world.copy_bytes(),
                                                      .story = fresh ? line().teller : std::nullopt,
                                                      .world = world});
  copy_ns_ = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - begin).count();
  ++snapshots_taken_;
  line().snapshots.add(std::move(snapshot));
  thin(fresh);
}

std::uint64_t Session::snapshot_bytes() const {
  std::set<const Snapshot*> counted;
  std::uint64_t bytes = 0;
  for (const auto& line : branches_) {
    for (const SnapshotPtr& one : line->snapshots.all()) {
      if (counted.insert(one.get()).second) bytes += one->bytes;
    }
  }
  return bytes;
}

// Snapshots of the shown branch are judged by their distance from the shown moment. All others count as far.
void Session::thin(bool fresh) {
  for (std::uint64_t bytes = snapshot_bytes(); bytes > options_.snapshot_bytes_max;) {
    crowded_ = true;
    const Snapshot* victim = nullptr;
    double least = 0;
    for (const auto& line : branches_) {
      const bool shown = line->id == branch_;
      const std::int64_t focus_ns = !shown                                       ? -(std::int64_t{1} << 50)
                                    : goal_ && goal_->kind == Goal::Kind::kEvent ? cost_at(goal_->event)
                                                                                 : cost_at(world_->events());
      double use = 0;
      const Snapshot* const one = line->snapshots.least_useful(focus_ns, options_.spacing, fresh && shown, use);
      // A snapshot that the shown branch shares is judged there.
      if (!one || (!shown && !branch().snapshots.all().empty() && branch().snapshots.before(one->event).get() == one)) {
        continue;
      }
      if (victim && use >= least) continue;
      victim = one;
      least = use;
    }
    if (!victim) return;
    bytes -= victim->bytes;
    for (const auto& line : branches_) {
      if (line->snapshots.remove(victim) && line->snapshots.all().empty()) DKV_ASSERT(!"the first snapshot is gone");
    }
  }
}

}  // namespace dkv::viz
