#include "cli/fuzz/fuzz_work.h"

#include <poll.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <new>
#include <system_error>
#include <thread>
#include <utility>

#include "engine/core/assert.h"
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

template <class Shared>
Shared* shared_memory() {
  void* const memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
  return new (memory) Shared();
}

}  // namespace

FuzzWork::FuzzWork(const SeedMaker& maker, const Limits& limits)
    : maker_(maker), limits_(limits), shared_(shared_memory<Shared>()) {
  static_assert(std::atomic<std::uint64_t>::is_always_lock_free, "a lock would not be shared with other processes");
  DKV_ASSERT(limits.jobs > 0 && limits.jobs <= kJobsMax);
  if (limits.time_ns > 0) deadline_ns_ = steady_ns() + limits.time_ns;
  workers_.resize(limits.jobs);
  for (std::size_t i = 0; i < workers_.size(); ++i) begin(i);
}

FuzzWork::~FuzzWork() {
  workers_.clear();
  ::munmap(shared_, sizeof(Shared));
}

void FuzzWork::stop() noexcept {
  shared_->stop.store(true, std::memory_order_relaxed);
}

std::uint64_t FuzzWork::events() const noexcept {
  return shared_->events.load(std::memory_order_relaxed);
}

void FuzzWork::begin(std::size_t worker) {
  shared_->taken[worker] = shared_->playing[worker] = 0;
  workers_[worker].answer.clear();
  workers_[worker].process = std::make_unique<ChildProcess>([this, worker](int answer) { work(worker, answer); });
}

// --- In a child.

std::optional<std::uint64_t> FuzzWork::take_seed(std::size_t worker) {
  if (deadline_ns_ > 0 && steady_ns() >= deadline_ns_) return std::nullopt;
  const std::uint64_t number = shared_->next.fetch_add(1);
  if (number > limits_.last_seed - limits_.first_seed) return std::nullopt;
  while (!shared_->stop && number - shared_->out >= kAheadMost)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  if (shared_->stop) return std::nullopt;
  shared_->taken[worker] = number + 1;
  return limits_.first_seed + number;
}

void FuzzWork::work(std::size_t worker, int answer) {
  while (const auto seed = take_seed(worker)) {
    const Source source = maker_.make(*seed);
    shared_->playing[worker] = shared_->taken[worker].load();
    const std::optional<SeedOutcome> outcome = play(source);
    if (!outcome) return;
    write_all(answer, outcome_line(*outcome) + "\n");
    shared_->taken[worker] = shared_->playing[worker] = 0;
  }
}

// Nothing when it is stopped.
std::optional<SeedOutcome> FuzzWork::play(const Source& source) {
  sim::World world(source.scenario, source.seed, source.schedule);
  std::uint64_t counted = 0;
  while (world.step()) {
    if (world.events() - counted < kEventsBetweenCounts) continue;
    shared_->events.fetch_add(world.events() - counted, std::memory_order_relaxed);
    counted = world.events();
    if (shared_->stop.load(std::memory_order_relaxed)) return std::nullopt;
  }
  shared_->events.fetch_add(world.events() - counted, std::memory_order_relaxed);
  sim::RunResult result = sim::summarize(world);
  if (maker_.palette_added()) {
    result.failed_expectations.clear();
    result.pass = result.violations.empty();
  }
  return outcome_of(source, result);
}

// --- In the parent.

void FuzzWork::wait(TimeNs wait_ns) {
  std::vector<pollfd> descriptors;
  std::vector<std::size_t> of;
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    if (!workers_[i].process) continue;
    descriptors.push_back({.fd = workers_[i].process->descriptor(), .events = POLLIN, .revents = 0});
    of.push_back(i);
  }
  if (::poll(descriptors.data(), descriptors.size(), static_cast<int>(wait_ns / kMillisecond)) <= 0) return;
  for (std::size_t i = 0; i < of.size(); ++i) {
    if (descriptors[i].revents != 0) read(of[i]);
  }
}

void FuzzWork::read(std::size_t worker) {
  Worker& from = workers_[worker];
  const bool more = from.process->read(from.answer);
  std::size_t begin = 0;
  for (std::size_t end = from.answer.find('\n'); end != std::string::npos; end = from.answer.find('\n', begin)) {
    if (auto outcome = parse_outcome(from.answer.substr(begin, end - begin))) {
      const std::uint64_t number = outcome->seed - limits_.first_seed;
      done_.emplace(number, std::move(*outcome));
    }
    begin = end + 1;
  }
  from.answer.erase(0, begin);
  if (!more) bury(worker);
}

// The worker has ended. If it left a seed behind, that seed has ended it, and another worker goes on.
void FuzzWork::bury(std::size_t worker) {
  const std::unique_ptr<ChildProcess> process = std::move(workers_[worker].process);
  const std::uint64_t taken = shared_->taken[worker];
  if (taken == 0 || process->exited_well() || done_.contains(taken - 1)) return;
  const std::uint64_t seed = limits_.first_seed + taken - 1;
  std::optional<Source> source;
  if (shared_->playing[worker] != 0) source = maker_.make(seed);
  done_.emplace(taken - 1, outcome_of_abort(seed, source ? &*source : nullptr, process->last_words()));
  if (!shared_->stop) begin(worker);
}

bool FuzzWork::all_ended() const {
  return std::ranges::none_of(workers_, [](const Worker& worker) { return worker.process != nullptr; });
}

// Seeds that were abandoned after a stop are missing: then later ones may be complete.
std::optional<SeedOutcome> FuzzWork::take_next() {
  auto found = done_.find(next_out_);
  if (found == done_.end() && all_ended()) found = done_.begin();
  if (found == done_.end()) {
    ended_ = all_ended();
    return std::nullopt;
  }
  SeedOutcome outcome = std::move(found->second);
  next_out_ = found->first + 1;
  shared_->out = next_out_;
  done_.erase(found);
  return outcome;
}

std::optional<SeedOutcome> FuzzWork::next(TimeNs wait_ns) {
  if (auto outcome = take_next()) return outcome;
  if (ended_) return std::nullopt;
  wait(wait_ns);
  return take_next();
}

}  // namespace dkv::cli
