#include "cli/verdict/copy_work.h"

#include <chrono>
#include <utility>

namespace dkv::cli {
namespace {

constexpr std::uint64_t kEventsBetweenLooks = 512;

}  // namespace

CopyWork::CopyWork(std::vector<Copy> copies, const sim::SameFailure& failure, std::uint32_t jobs)
    : copies_(std::move(copies)), failure_(failure), outcomes_(copies_.size()), working_(jobs) {
  for (std::uint32_t i = 0; i < jobs; ++i) threads_.emplace_back([this] { work(); });
}

CopyWork::~CopyWork() {
  stop();
  for (std::thread& thread : threads_) thread.join();
}

void CopyWork::work() {
  for (;;) {
    const std::uint64_t place = next_.fetch_add(1, std::memory_order_relaxed);
    if (place >= copies_.size() || stop_.load(std::memory_order_relaxed)) break;
    outcomes_[place] = play(copies_[place]);
    copies_[place].moment.reset();
    ended_.fetch_add(1, std::memory_order_relaxed);
  }
  const std::lock_guard lock(mutex_);
  --working_;
  all_ended_.notify_one();
}

std::optional<CopyWork::Outcome> CopyWork::play(const Copy& copy) const {
  sim::World world(*copy.moment);
  world.draw_again(copy.salt);
  std::uint64_t looked = world.events();
  // A violation that was found stays, and after its time it is too late for this one: no need to play on.
  const auto decided = [&] {
    if (sim::fails_by(world, failure_)) return true;
    return world.now() > failure_.until_ns && (!copy.whole || sim::fails_like(world, failure_));
  };
  bool done = decided();
  while (!done && world.step()) {
    if (world.events() - looked < kEventsBetweenLooks) continue;
    looked = world.events();
    if (stop_.load(std::memory_order_relaxed)) return std::nullopt;
    done = decided();
  }
  Outcome outcome{.by = sim::fails_by(world, failure_)};
  if (copy.whole) outcome.like = sim::fails_like(world, failure_);
  return outcome;
}

bool CopyWork::wait(TimeNs wait_ns) {
  std::unique_lock lock(mutex_);
  return all_ended_.wait_for(lock, std::chrono::nanoseconds(wait_ns), [this] { return working_ == 0; });
}

}  // namespace dkv::cli
