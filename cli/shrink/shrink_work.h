// Plays the candidates of a shrinker on several threads.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "engine/core/types.h"
#include "sim/shrink/shrinker.h"

namespace dkv::cli {

// All but the threads belongs to its owner's thread: the shrinker is asked and told from there only.
class ShrinkWork {
 public:
  // events_max: when a candidate is given up. The shrinker must outlive this.
  ShrinkWork(sim::Shrinker& shrinker, std::uint32_t jobs, std::uint64_t events_max);
  // Gives up what is being played.
  ~ShrinkWork();
  ShrinkWork(const ShrinkWork&) = delete;
  ShrinkWork& operator=(const ShrinkWork&) = delete;

  enum class Came : std::uint8_t { kNothing, kRejected, kAccepted, kEnd };
  // Waits for the verdict on the next candidate, at most wait_ns, and tells it to the shrinker. kEnd: there is no
  // candidate any more.
  Came next(TimeNs wait_ns);

 private:
  struct Task {
    std::shared_ptr<const sim::Scenario> candidate;
    std::atomic<bool> void_now{false};    // nobody wants to know
    std::optional<sim::Verdict> verdict;  // under mutex_
  };

  void fill();
  void work();
  void play(Task& task);

  sim::Shrinker& shrinker_;
  const sim::Target target_;
  std::uint64_t events_max_;
  std::size_t window_;
  std::deque<std::shared_ptr<Task>> asked_;  // in the order of the shrinker's candidates
  std::mutex mutex_;
  std::condition_variable arrived_, wanted_;
  std::deque<std::shared_ptr<Task>> to_play_;  // under mutex_
  bool stop_ = false;                          // under mutex_
  std::vector<std::thread> threads_;
};

}  // namespace dkv::cli
