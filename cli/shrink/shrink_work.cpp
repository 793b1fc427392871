#include "cli/shrink/shrink_work.h"

#include <chrono>
#include <utility>

namespace dkv::cli {
namespace {

constexpr std::uint64_t kEventsAtOnce = 4096;

}  // namespace

// Each thread has one candidate in hand and one in stock.
ShrinkWork::ShrinkWork(sim::Shrinker& shrinker, std::uint32_t jobs, std::uint64_t events_max)
    : shrinker_(shrinker), target_(shrinker.target()), events_max_(events_max), window_(jobs == 1 ? 1 : 2 * jobs) {
  for (std::uint32_t i = 0; i < jobs; ++i) threads_.emplace_back([this] { work(); });
}

ShrinkWork::~ShrinkWork() {
  for (const auto& task : asked_) task->void_now = true;
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wanted_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void ShrinkWork::fill() {
  while (asked_.size() < window_) {
    const sim::Scenario* candidate = shrinker_.candidate(asked_.size());
    if (!candidate) return;
    auto task = std::make_shared<Task>();
    task->candidate = std::make_shared<const sim::Scenario>(*candidate);
    asked_.push_back(task);
    const std::lock_guard lock(mutex_);
    to_play_.push_back(std::move(task));
    wanted_.notify_one();
  }
}

ShrinkWork::Came ShrinkWork::next(TimeNs wait_ns) {
  fill();
  if (asked_.empty()) return Came::kEnd;
  sim::Verdict verdict;
  {
    std::unique_lock lock(mutex_);
    const Task& first = *asked_.front();
    if (!arrived_.wait_for(lock, std::chrono::nanoseconds(wait_ns), [&] { return first.verdict.has_value(); })) {
      return Came::kNothing;
    }
    verdict = *first.verdict;
  }
  asked_.pop_front();
  if (!shrinker_.told(verdict)) return Came::kRejected;
  for (const auto& task : asked_) task->void_now = true;
  asked_.clear();
  const std::lock_guard lock(mutex_);
  to_play_.clear();
  return Came::kAccepted;
}

void ShrinkWork::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wanted_.wait(lock, [this] { return stop_ || !to_play_.empty(); });
    if (stop_) return;
    const std::shared_ptr<Task> task = std::move(to_play_.front());
    to_play_.pop_front();
    lock.unlock();
    play(*task);
    lock.lock();
  }
}

void ShrinkWork::play(Task& task) {
  sim::Trial trial(*task.candidate, target_, events_max_);
  while (trial.advance(kEventsAtOnce)) {
    if (task.void_now) return;
  }
  sim::Verdict verdict = trial.verdict();
  const std::lock_guard lock(mutex_);
  task.verdict = std::move(verdict);
  arrived_.notify_one();
}

}  // namespace dkv::cli
