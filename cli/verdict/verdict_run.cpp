#include "cli/verdict/verdict_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "cli/terminal/interrupt.h"
#include "cli/terminal/status_line.h"
#include "cli/terminal/text.h"
#include "cli/verdict/copy_work.h"
#include "sim/curve/moments.h"
#include "sim/world/runner.h"
#include "sim/world/world.h"

namespace dkv::cli {
namespace {

constexpr TimeNs kLookEveryNs = 100 * kMillisecond;
// Of the moments that are kept, and of those whose copies are played at once.
constexpr std::uint64_t kMomentBytesMax = 1u << 30;

sim::World beginning_of(const Source& source) {
  return {source.scenario, source.seed, source.schedule};
}

// At which event each failure of a run showed first.
class FirstSeen final : public sim::Observer {
 public:
  explicit FirstSeen(const sim::World& world) : world_(world) {}

  void on_violation(const sim::Violation& violation) override {
    violations_.try_emplace(violation.invariant, world_.events());
  }
  void after_step() {
    const auto& failed = world_.clients().failed_steps();
    while (steps_.size() < failed.size()) steps_.push_back(world_.events());
  }
  // Of a failure of the whole run, which has ended.
  std::uint64_t event_of(const sim::SameFailure& failure) const {
    switch (failure.kind) {
      case sim::SameFailure::Kind::kInvariant: return violations_.at(failure.invariant);
      case sim::SameFailure::Kind::kStep: return steps_.front();  // a run's failure is its first failed step
      case sim::SameFailure::Kind::kExpectation: break;
    }
    return world_.events();
  }

 private:
  const sim::World& world_;
  std::map<sim::Invariant, std::uint64_t> violations_;
  std::vector<std::uint64_t> steps_;  // as Clients::failed_steps()
};

// Plays round after round, and remembers when each moment was.
class Search {
 public:
  Search(const LostRun& run, const VerdictLimits& limits)
      : run_(run),
        limits_(limits),
        curve_({.last_event = run.last_event, .copies = limits.copies, .moments = limits.moments}),
        moments_(std::make_shared<const sim::World>(beginning_of(run.source)), kMomentBytesMax) {}

  Verdict run() {
    Verdict verdict;
    for (auto round = curve_.next(); !round.empty() && !end_; round = curve_.next()) {
      play(round);
      if (end_) break;
    }
    verdict.shows_alike = run_.failure.kind == sim::SameFailure::Kind::kInvariant;
    verdict.end = end_.value_or(VerdictEnd::kComplete);
    for (const auto& [event, point] : curve_.points()) {
      if (point.played > 0) verdict.moments.push_back(moment(event));
    }
    for (const sim::Curve::Rise& rise : curve_.rises()) verdict.rises.push_back(told(rise));
    for (const sim::Curve::Rise& fall : curve_.falls()) verdict.falls.push_back(told(fall));
    verdict.copies_played = copies_played_;
    verdict.wall_seconds = seconds();
    return verdict;
  }

 private:
  using Wanted = sim::Curve::Wanted;
  using World = std::shared_ptr<const sim::World>;

  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count(); }
  Verdict::Moment moment(std::uint64_t event) const {
    const auto alike = alike_.find(event);
    return {event, times_.at(event), curve_.points().at(event),
            alike == alike_.end() ? std::nullopt : std::optional(alike->second)};
  }

  Verdict::Rise told(const sim::Curve::Rise& change) {
    Verdict::Rise told{moment(change.before), moment(change.after), {}};
    if (change.after - change.before == 1) {
      sim::World world(*moments_.at(change.before));
      told.account = story::tell_next_event(world);
    }
    return told;
  }

  // In parts whose moments fit into the memory together.
  void play(std::span<const Wanted> round) {
    ++rounds_;
    for (std::size_t first = 0; first < round.size() && !end_;) {
      std::vector<World> worlds;
      std::uint64_t bytes = 0;
      while (first + worlds.size() < round.size() && (worlds.empty() || bytes < kMomentBytesMax)) {
        const std::uint64_t event = round[first + worlds.size()].event;
        worlds.push_back(moments_.at(event));
        times_[event] = worlds.back()->now();
        bytes += worlds.back()->copy_bytes();
      }
      play_part(round.subspan(first, worlds.size()), worlds);
      first += worlds.size();
    }
  }

  // One copy of each moment, then the next of each: when time runs out all moments have about as many.
  void play_part(std::span<const Wanted> wanted, const std::vector<World>& worlds) {
    std::uint32_t most = 0;
    for (const Wanted& one : wanted) most = std::max(most, one.copies);
    std::vector<CopyWork::Copy> copies;
    std::vector<std::uint64_t> events;
    for (std::uint32_t number = 0; number < most; ++number) {
      for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (number >= wanted[i].copies) continue;
        copies.push_back({worlds[i], wanted[i].first + number, rounds_ == 1});
        events.push_back(wanted[i].event);
      }
    }
    CopyWork work(std::move(copies), run_.failure, limits_.jobs);
    while (!work.wait(kLookEveryNs)) {
      if (interrupted()) end_ = VerdictEnd::kInterrupt;
      if (limits_.time_ns > 0 && seconds() * 1e9 >= static_cast<double>(limits_.time_ns)) end_ = VerdictEnd::kTime;
      if (end_) work.stop();
      status_.draw(fmt::format("round {}: {} of {} copies, {} moments, {:.0f} s", rounds_, work.ended(), events.size(),
                               curve_.points().size(), seconds()));
    }
    status_.clear();
    for (std::size_t i = 0; i < events.size(); ++i) {
      const std::optional<CopyWork::Outcome>& outcome = work.outcomes()[i];
      if (!outcome) continue;
      ++copies_played_;
      curve_.add(events[i], outcome->by);
      if (!outcome->like) continue;
      sim::Curve::Point& alike = alike_[events[i]];
      ++alike.played;
      if (*outcome->like) ++alike.failed;
    }
  }

  const LostRun& run_;
  const VerdictLimits& limits_;
  sim::Curve curve_;
  sim::Moments moments_;
  std::map<std::uint64_t, TimeNs> times_;             // by event
  std::map<std::uint64_t, sim::Curve::Point> alike_;  // by event, of the first round
  std::optional<VerdictEnd> end_;
  std::uint64_t rounds_ = 0, copies_played_ = 0;
  StatusLine status_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace

Found<LostRun> lost_run(const Source& source) {
  LostRun run{.source = source};
  sim::World world = beginning_of(source);
  FirstSeen seen(world);
  while (world.step(&seen)) seen.after_step();
  seen.after_step();
  run.result = sim::summarize(world);
  const auto failure = sim::failure_of(world);
  if (!failure && run.result.pass) return tl::unexpected(std::string("nothing fails in this run"));
  if (!failure) {
    return tl::unexpected("this run fails by its commands only, which stay in every copy: " +
                          run.result.failed_expectations.front());
  }
  run.failure = *failure;
  run.last_event = seen.event_of(*failure);
  return run;
}

Verdict find_verdict(const LostRun& run, const VerdictLimits& limits) {
  return Search(run, limits).run();
}

}  // namespace dkv::cli
