#include "cli/fuzz/fuzz_work.h"

#include <chrono>

#include "sim/draw/fault_schedule.h"
#include "sim/draw/swarm.h"
#include "sim/faults/catalogue.h"
#include "sim/world/runner.h"
#include "sim/world/world.h"

namespace dkv::cli {
namespace {

constexpr std::uint64_t kEventsBetweenCounts = 4096;
// A slow seed delays the output of the later ones. They may run ahead by this many seeds.
constexpr std::uint64_t kAheadMost = 4096;

std::int64_t steady_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

thread_local const Source* in_progress = nullptr;

// While it lives, this thread plays the source.
struct Playing {
  explicit Playing(const Source& source) { in_progress = &source; }
  ~Playing() { in_progress = nullptr; }
  Playing(const Playing&) = delete;
  Playing& operator=(const Playing&) = delete;
};

sim::Palette all_faults(const sim::Scenario& scenario) {
  using sim::FaultKind;
  sim::Palette palette{.every_ns = 4 * kSecond,
                       .for_least_ns = 300 * kMillisecond,
                       .for_most_ns = 6 * kSecond,
                       .at_once_max = 2,
                       .kinds = {{FaultKind::kPartition, 4},
                                 {FaultKind::kOneWay, 2},
                                 {FaultKind::kLoss, 2},
                                 {FaultKind::kDuplicate, 1},
                                 {FaultKind::kReorder, 1},
                                 {FaultKind::kDelay, 1},
                                 {FaultKind::kClog, 1},
                                 {FaultKind::kCrash, 3},
                                 {FaultKind::kPowerLoss, 3},
                                 {FaultKind::kPause, 2},
                                 {FaultKind::kSlow, 1},
                                 {FaultKind::kWipe, 1},
                                 {FaultKind::kSlowDisk, 1},
                                 {FaultKind::kClockSkew, 1}}};
  if (storage_traits(scenario.cluster.node.storage).uses_disk) {
    for (const sim::FaultTraits& traits : sim::fault_catalogue()) {
      if (traits.swarm.set == sim::SwarmShare::Set::kDisk) palette.kinds.emplace_back(traits.kind, 1);
    }
  } else {
    std::erase_if(palette.kinds, [](const auto& kind) { return kind.first == FaultKind::kSlowDisk; });
  }
  if (!scenario.network.topology.links.empty()) palette.kinds.emplace_back(FaultKind::kLinkDown, 2);
  return palette;
}

}  // namespace

const Source* source_in_progress() noexcept {
  return in_progress;
}

SeedMaker::SeedMaker(std::optional<Source> base, bool own_faults) : base_(std::move(base)) {
  if (!base_) return;
  with_palette_ = base_->scenario;
  if (own_faults || base_->scenario->palette) return;
  auto scenario = std::make_shared<sim::Scenario>(*base_->scenario);
  scenario->palette = all_faults(*scenario);
  with_palette_ = std::move(scenario);
  palette_added_ = true;
}

Source SeedMaker::make(std::uint64_t seed) const {
  if (base_) {
    Source source = *base_;
    source.seed = seed;
    source.schedule = std::make_shared<const sim::Schedule>(sim::draw_schedule(*with_palette_, seed));
    return source;
  }
  auto scenario = std::make_shared<const sim::Scenario>(sim::draw_swarm(seed));
  auto schedule = std::make_shared<const sim::Schedule>(sim::draw_schedule(*scenario, seed));
  return {.scenario = std::move(scenario), .seed = seed, .schedule = std::move(schedule), .swarm_seed = seed};
}

FuzzWork::FuzzWork(const SeedMaker& maker, const Limits& limits)
    : maker_(maker), limits_(limits), next_seed_(limits.first_seed), next_out_(limits.first_seed) {
  if (limits.time_ns > 0) deadline_ns_ = steady_ns() + limits.time_ns;
  working_ = limits.jobs;
  for (std::uint32_t i = 0; i < limits.jobs; ++i) threads_.emplace_back([this] { work(); });
}

FuzzWork::~FuzzWork() {
  stop();
  drained_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

std::optional<std::uint64_t> FuzzWork::take_seed() {
  std::unique_lock lock(mutex_);
  // drained_ wakes it. It also polls, because stop() may be called from a signal handler's thread.
  while (!stop_ && seeds_left_ && next_seed_ - next_out_ >= kAheadMost) {
    drained_.wait_for(lock, std::chrono::milliseconds(100));
  }
  if (deadline_ns_ > 0 && steady_ns() >= deadline_ns_) seeds_left_ = false;
  if (stop_ || !seeds_left_) return std::nullopt;
  const std::uint64_t seed = next_seed_;
  if (seed == limits_.last_seed) {
    seeds_left_ = false;
  } else {
    ++next_seed_;
  }
  return seed;
}

void FuzzWork::work() {
  while (const auto seed = take_seed()) {
    std::optional<SeedOutcome> outcome = play_seed(*seed);
    const std::lock_guard lock(mutex_);
    done_.emplace(*seed, std::move(outcome));
    arrived_.notify_one();
  }
  const std::lock_guard lock(mutex_);
  --working_;
  arrived_.notify_one();
}

std::optional<SeedOutcome> FuzzWork::play_seed(std::uint64_t seed) {
  const Source source = maker_.make(seed);
  const Playing playing(source);
  sim::World world(source.scenario, source.seed, source.schedule);
  std::uint64_t counted = 0;
  while (world.step()) {
    if (world.events() - counted < kEventsBetweenCounts) continue;
    events_.fetch_add(world.events() - counted, std::memory_order_relaxed);
    counted = world.events();
    if (stop_.load(std::memory_order_relaxed)) return std::nullopt;
  }
  events_.fetch_add(world.events() - counted, std::memory_order_relaxed);
  SeedOutcome outcome{.seed = seed, .result = sim::summarize(world)};
  if (maker_.palette_added()) {
    outcome.result.failed_expectations.clear();
    outcome.result.pass = outcome.result.violations.empty();
  }
  if (!outcome.result.pass) outcome.capsule = sim::write_capsule(make_capsule(source, outcome.result));
  return outcome;
}

std::optional<SeedOutcome> FuzzWork::next(TimeNs wait_ns) {
  std::unique_lock lock(mutex_);
  const auto ready = [this] { return done_.contains(next_out_) || working_ == 0; };
  if (!arrived_.wait_for(lock, std::chrono::nanoseconds(wait_ns), ready)) return std::nullopt;
  const auto found = done_.find(next_out_);
  if (found == done_.end()) {
    ended_ = true;
    return std::nullopt;
  }
  std::optional<SeedOutcome> outcome = std::move(found->second);
  done_.erase(found);
  ++next_out_;
  drained_.notify_all();
  if (outcome) return outcome;
  // This seed was abandoned after a stop. Later ones may be complete.
  lock.unlock();
  return next(wait_ns);
}

}  // namespace dkv::cli
