// What if: alternative futures from any moment.
#include <algorithm>

#include "engine/core/assert.h"
#include "sim/capsule/write_scenario.h"
#include "viz/model/session.h"

namespace dkv::viz {

Result<void> Session::apply(sim::Command command) {
  cancel();
  command.at_event = at() + 1;
  if (const auto good = world_->check(command); !good) return tl::unexpected(good.error());
  const bool untouched = branch_ != 0 && branch().explored == at() && !branch().ended;
  if (!untouched) {
    auto fork = std::make_unique<Branch>(branch());
    fork->id = static_cast<BranchId>(branches_.size());
    fork->parent = branch_;
    fork->forked_at = at();
    std::erase_if(fork->commands, [&](const sim::Command& one) { return one.at_event > at() + 1; });
    const auto later = [&](const auto& one) { return one.event > at(); };
    std::erase_if(fork->violations, later);
    std::erase_if(fork->points, later);
    std::erase_if(fork->landmarks, later);
    std::erase_if(fork->setbacks, later);
    std::erase_if(fork->takings, later);
    std::erase_if(fork->failed_steps, later);
    fork->failed_expectations.clear();
    for (WriteNumber& one : fork->writes) {
      if (one.event <= at()) continue;
      --fork->written[one.session];
      one = {};
    }
    std::erase_if(fork->story, later);
    fork->log.cut_after(at());
    fork->snapshots.cut_after(at());
    fork->explored_cost_ns = cost_at(at());
    fork->explored = at();
    fork->explored_ns = now_ns();
    fork->ended = false;
    if (branch().explored != at() || branch().ended) tell_again(*fork);
    branches_.push_back(std::move(fork));
    branch_ = branches_.back()->id;
  }
  Branch& line = this->line();
  line.marks.cut_after(at());
  line.commands.push_back(command);
  fill_.reset();
  recorder_.write_to(&line.log);
  recorder_.report_to(Recorder::of(line));
  recorder_.pass_on(&*line.teller);
  recorder_.after(at());
  feed(*world_, line.commands, &recorder_);
  collect_story(at());
  line.fingerprint = world_->fingerprint();
  mark(*world_, true);
  return {};
}

// Restores the story of a fork in the past: from a snapshot, then played on to the fork.
void Session::tell_again(Branch& fork) {
  const Snapshot* from = nullptr;
  for (const SnapshotPtr& one : fork.snapshots.all()) {
    if (one->story) from = one.get();
  }
  DKV_ASSERT(from);  // the first snapshot has a story
  fork.teller = from->story;
  sim::World world = from->world;
  feed(world, fork.commands, &*fork.teller);
  while (world.events() < at()) {
    world.step(&*fork.teller);
    fork.teller->after_step(world);
    feed(world, fork.commands, &*fork.teller);
  }
  fork.teller->take_rows();  // the parent has these lines already
}

void Session::switch_to(BranchId id, TimeNs at_ns) {
  DKV_ASSERT(id < branches_.size());
  if (id == branch_) return;
  // A command takes effect before its event. Up to the first command that differs, both branches are the same run.
  const sim::Commands& here = branch().commands;
  const sim::Commands& there = branches_[id]->commands;
  const auto [a, b] = std::ranges::mismatch(here, there);
  bool same = at() <= branches_[id]->explored;
  if (a != here.end() && at() + 1 >= a->at_event) same = false;
  if (b != there.end() && at() + 1 >= b->at_event) same = false;
  cancel();
  fill_.reset();
  branch_ = id;
  const bool known = at_ns < line().explored_ns;
  if (!same) world_ = copy_of(known ? *line().snapshots.before_time(at_ns) : *line().snapshots.all().back());
  known ? seek_time(at_ns) : seek(line().explored);
}

Result<std::string> Session::scenario_text(BranchId id) const {
  return sim::write_scenario(source_, branches_[id]->commands);
}

}  // namespace dkv::viz
