#include "cli/shrink/shrink_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>

#include "cli/shrink/shrink_work.h"
#include "cli/terminal/interrupt.h"
#include "cli/terminal/status_line.h"
#include "cli/terminal/text.h"
#include "engine/core/assert.h"
#include "sim/draw/fault_schedule.h"
#include "sim/shrink/recording.h"
#include "sim/shrink/substance.h"
#include "sim/shrink/trial.h"
#include "sim/world/runner.h"

namespace dkv::cli {
namespace {

constexpr TimeNs kLookForVerdictNs = 100 * kMillisecond;
// A candidate may take longer than the first run: it may have to wait for its replicas to agree.
constexpr std::uint64_t kEventsFactor = 4;
constexpr std::uint64_t kEventsLeast = 100'000;

std::uint64_t operations_of(const sim::RunResult& result) {
  std::uint64_t sum = 0;
  for (const sim::OperationCount& count : result.operations) sum += count.ok + count.refused + count.unknown;
  return sum;
}

// The scenario as a candidate: it lists its whole schedule, and draws nothing.
sim::Scenario timed(const Source& source) {
  sim::Scenario scenario = *source.scenario;
  scenario.seed = source.seed;
  scenario.palette.reset();
  scenario.faults = *source.schedule;
  for (sim::Fault& fault : scenario.faults) fault.random = false;
  return scenario;
}

sim::World finished(const sim::Scenario& scenario) {
  sim::World world(std::make_shared<const sim::Scenario>(scenario), scenario.seed,
                   std::make_shared<const sim::Schedule>(sim::draw_schedule(scenario, scenario.seed)));
  while (world.step()) {
  }
  return world;
}

// How the process ends that plays the scenario; nothing when the run comes to its end.
std::optional<sim::Failure> abort_of(const sim::Scenario& scenario) {
  const sim::Target nothing{.kind = sim::Target::Kind::kAborted};
  TrialProcess process(scenario, nothing, {});
  while (!process.read()) {
  }
  return process.aborted();
}

// Its failure, its operations, its fingerprint.
void look_at_small_run(const sim::Target& target, Shrunk& shrunk) {
  const auto abort = abort_of(shrunk.scenario);
  if (target.kind == sim::Target::Kind::kAborted) {
    DKV_ASSERT(abort);
    shrunk.failure = *abort;
  } else {
    // A violation may come before an abort.
    sim::Trial trial(shrunk.scenario, target, std::numeric_limits<std::uint64_t>::max());
    while (trial.advance(kEventsLeast)) {
    }
    shrunk.failure = trial.found().value_or(sim::Failure{.target = target});
  }
  if (abort) {
    shrunk.operations_after =
        sim::record_run(shrunk.scenario, abort->target).operations.size() + shrunk.after.operations;
    return;
  }
  const sim::RunResult result = sim::summarize(finished(shrunk.scenario));
  shrunk.operations_after = operations_of(result);
  shrunk.fingerprint = result.fingerprint;
}

std::string shrink_progress(const sim::Shrinker& shrinker, double seconds) {
  const sim::Size size = sim::size_of(shrinker.best());
  const std::string what = size.clients > 0 ? counted(size.clients, "client") + " and " : std::string();
  return fmt::format("{} tried in {:.0f} s; left: {}, {}{}, {}, {} long; cutting {}", counted(shrinker.tries(), "run"),
                     seconds, counted(size.faults, "fault"), what, counted(size.operations, "step"),
                     counted(size.nodes, "node"), duration(size.run_ns), shrinker.doing());
}

// Searches until nothing is left to try, or a limit is reached.
ShrinkEnd search(sim::Shrinker& shrinker, const ShrinkLimits& limits, std::uint64_t events_max) {
  const auto begin = std::chrono::steady_clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(); };
  ShrinkWork work(shrinker, limits.jobs, {.events_max = events_max, .cause = limits.cause});
  StatusLine status;
  double drawn_at = -1;
  for (;;) {
    const double now = elapsed();
    if (limits.progress && now - drawn_at > 0.1) {
      drawn_at = now;
      status.draw(shrink_progress(shrinker, now));
    }
    std::optional<ShrinkEnd> end;
    if (interrupted()) end = ShrinkEnd::kInterrupt;
    if (limits.time_ns > 0 && now * 1e9 >= static_cast<double>(limits.time_ns)) end = ShrinkEnd::kTime;
    if (limits.tries > 0 && shrinker.tries() >= limits.tries) end = ShrinkEnd::kTries;
    if (!end && work.next(kLookForVerdictNs) == ShrinkWork::Came::kEnd) end = ShrinkEnd::kNothingLeft;
    if (!end) continue;
    status.clear();
    return *end;
  }
}

}  // namespace

tl::expected<FailingRun, std::string> failing_run(const Source& source) {
  FailingRun run{.scenario = timed(source)};
  if (const auto abort = abort_of(run.scenario)) {
    run.events = abort->target.events_before;
    run.operations = sim::record_run(run.scenario, abort->target).operations.size();
    run.failures = {*abort};
    return run;
  }
  const sim::World world = finished(run.scenario);
  const sim::RunResult result = sim::summarize(world);
  run.events = result.events;
  run.operations = operations_of(result);
  run.failures = sim::failures_of(world, result);
  const auto says_nothing = [&](sim::Failure& failure) {
    return !sim::keep_substance(run.scenario, result, failure.target);
  };
  const std::vector<sim::Failure> all = run.failures;
  std::erase_if(run.failures, says_nothing);
  if (!run.failures.empty()) return run;
  if (!all.empty()) {
    return tl::unexpected(
        sim::target_text(all.front().target) +
        " fails in any run without such operations, and this run has none: there is nothing to shrink");
  }
  if (result.pass) return tl::unexpected(std::string("nothing fails in this run, so there is nothing to shrink"));
  return tl::unexpected("this run fails by its commands only, and those belong to the whole run: " +
                        result.failed_expectations.front());
}

Shrunk shrink(const FailingRun& run, const ShrinkLimits& limits) {
  const auto begin = std::chrono::steady_clock::now();
  sim::Shrinker shrinker(run.scenario, run.failures.front().target);
  const ShrinkEnd end = search(shrinker, limits, std::max(kEventsLeast, kEventsFactor * run.events));
  Shrunk shrunk{.before = sim::size_of(run.scenario),
                .after = sim::size_of(shrinker.best()),
                .operations_before = run.operations,
                .tries = shrinker.tries(),
                .accepted = shrinker.accepted(),
                .end = end,
                .scenario = sim::with_people(shrinker.best()),
                .also = {run.failures.begin() + 1, run.failures.end()}};
  look_at_small_run(shrinker.target(), shrunk);
  for (const sim::Shrinker::Other& other : shrinker.others()) {
    const auto known = [&](const sim::Failure& failure) { return sim::same(failure.target, other.failure.target); };
    if (std::ranges::none_of(run.failures, known)) shrunk.others.push_back(other);
  }
  shrunk.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return shrunk;
}

}  // namespace dkv::cli
