#include "viz/model/session.h"

#include <algorithm>

#include "engine/core/assert.h"
#include "sim/world/runner.h"

namespace dkv::viz {
namespace {

// The session carries out all commands itself. Those of the file belong to the first branch.
std::shared_ptr<const sim::Scenario> without_commands(const sim::Scenario& scenario) {
  auto bare = std::make_shared<sim::Scenario>(scenario);
  bare->commands.clear();
  return bare;
}

std::int64_t since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

Session::Session(sim::Source source, const SessionOptions& options)
    : source_(std::move(source)), options_(options), recorder_(keys_) {
  auto& root = *branches_.emplace_back(std::make_unique<Branch>());
  root.commands = source_.scenario->commands;
  world_ =
      std::make_unique<sim::World>(without_commands(*source_.scenario), source_.seed, source_.schedule, options_.world);
  root.teller.emplace(*source_.scenario);
  keep_snapshot(*world_, 0, true);
  recorder_.write_to(&root.log);
  recorder_.pass_on(&*root.teller);
  recorder_.report_to(Recorder::of(root));
  recorder_.after(0);
  feed(*world_, line().commands, &recorder_);
  collect_story(0);
  root.fingerprint = world_->fingerprint();
  mark(*world_, true);
}

void Session::feed(sim::World& world, const sim::Commands& commands, sim::Observer* observer) {
  while (!world.ended() && world.commands_applied() < commands.size() &&
         commands[world.commands_applied()].at_event == world.events() + 1) {
    (void)world.apply(commands[world.commands_applied()], observer);
  }
}

void Session::mark(const sim::World& world, bool fresh) {
  const EventNumber event = world.events();
  Branch& line = this->line();
  if (fresh) {
    if (Marks::due(event)) line.marks.add(event, {world.fingerprint(), world.now(), line.explored_cost_ns});
  } else if (!line.marks.agrees(event, world.fingerprint(), world.now()) && !error_) {
    error_ = "the second play of this run differs from the first one, somewhere before event " + std::to_string(event) +
             ": the simulator is not deterministic, and nothing shown here can be trusted";
  }
}

std::int64_t Session::cost_at(EventNumber event) const noexcept {
  const Branch& line = branch();
  return event >= line.explored ? line.explored_cost_ns : line.marks.before(event).cost_ns;
}

void Session::play(sim::World& world, EventNumber upto, bool goal) {
  Branch& line = this->line();
  const bool fresh = world.events() >= line.explored;
  DKV_ASSERT(world.events() <= line.explored);
  if (!fresh) upto = std::min(upto, line.explored);
  upto = std::min(upto, (world.events() / Marks::kEvery + 1) * Marks::kEvery);
  const bool filling = &world == fill_.get();
  const bool watching = goal && goal_->kind == Goal::Kind::kUntil;
  recorder_.write_to(fresh || filling ? &line.log : nullptr);
  recorder_.report_to(fresh ? Recorder::of(line) : Recorder::Findings{});
  recorder_.pass_on(fresh ? &*line.teller : nullptr);
  if (filling && world.events() == 0) recorder_.after(0);
  sim::Observer* const observer = fresh || filling || watching ? &recorder_ : nullptr;
  const auto begin = Clock::now();
  const EventNumber before = world.events();
  while (world.events() < upto && !world.ended() && !(goal && reached(world))) {
    world.step(observer);
    if (fresh) {
      line.log.note_time(world.events(), world.now());
      line.teller->after_step(world);
      note_failed_steps(world);
    }
    feed(world, line.commands, observer);
    if (fresh && line.teller->has_rows()) collect_story(world.events());
    if (watching && matches(goal_->until)) until_met_ = true;
  }
  const EventNumber played = world.events() - before;
  if (fresh && played > 0) {
    const auto count = static_cast<std::int64_t>(played);
    line.explored_cost_ns += options_.ns_per_event > 0 ? count * options_.ns_per_event : since(begin);
    line.explored = world.events();
    line.explored_ns = world.now();
    line.ended = world.ended();
    line.fingerprint = world.fingerprint();
    if (line.ended) {
      line.teller->finish(world);
      collect_story(world.events());
      line.failed_expectations = sim::summarize(world).failed_expectations;
    }
  } else {
    events_replayed_ += played;
  }
  if (played == 0 || !Marks::due(world.events())) return;
  mark(world, fresh);
  maybe_snapshot(world, fresh);
}

void Session::note_failed_steps(const sim::World& world) {
  const auto& failed = world.clients().failed_steps();
  std::vector<FailedStep>& known = line().failed_steps;
  while (known.size() < failed.size()) {
    const sim::Clients::FailedStep& one = failed[known.size()];
    known.push_back({world.events(), world.now(), one.step->session, one.why, one.step->expect.line});
  }
}

void Session::collect_story(EventNumber event) {
  for (story::Row& row : line().teller->take_rows()) line().story.push_back({event, std::move(row)});
}

bool Session::advance(std::chrono::nanoseconds budget) {
  const auto until = Clock::now() + budget;
  if (!work_on_goal(until)) return false;
  const bool filled = fill_log(until);
  line().log.thin(options_.log_bytes_max, at());
  return filled;
}

void Session::finish() {
  while (!advance(std::chrono::seconds(1))) {
  }
}

void Session::want(EventNumber from, EventNumber to) noexcept {
  want_from_ = std::max<EventNumber>(from, 1);
  want_to_ = to;
}

// Works chunk by chunk, each from the nearest snapshot before it.
bool Session::fill_log(Clock::time_point until) {
  Branch& line = this->line();
  while (true) {
    EventNumber chunk = EventLog::chunk_of(want_from_);
    const EventNumber to = std::min(want_to_, line.explored);
    while (EventLog::first_of(chunk) <= to &&
           line.log.has(std::min(EventLog::first_of(chunk + 1) - 1, line.explored))) {
      ++chunk;
    }
    if (EventLog::first_of(chunk) > to) {
      fill_.reset();
      return true;
    }
    const EventNumber first = EventLog::first_of(chunk);
    const EventNumber last = std::min(EventLog::first_of(chunk + 1) - 1, line.explored);
    const Snapshot& snapshot = *line.snapshots.before(first - 1);
    const bool on_its_way =
        fill_ && fill_->events() < last &&
        (fill_->events() < first ? fill_->events() >= snapshot.event : line.log.has(fill_->events()));
    if (!on_its_way) {
      line.log.forget(chunk);
      fill_ = copy_of(snapshot);
    }
    while (fill_->events() < last) {
      play(*fill_, last, false);
      if (Clock::now() >= until && fill_->events() < last) return false;
    }
    DKV_ASSERT(line.log.has(last));
  }
}

SessionStats Session::stats() const {
  SessionStats stats{.events_replayed = events_replayed_, .copy_ns = copy_ns_};
  stats.snapshots = branch().snapshots.all().size();
  stats.snapshots_taken = snapshots_taken_;
  stats.snapshot_bytes = snapshot_bytes();
  for (const auto& line : branches_) stats.log_bytes += line->log.bytes();
  return stats;
}

}  // namespace dkv::viz
