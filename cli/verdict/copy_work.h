// Plays copies of moments on several threads.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "sim/curve/failure.h"
#include "sim/world/world.h"

namespace dkv::cli {

class CopyWork {
 public:
  struct Copy {
    std::shared_ptr<const sim::World> moment;
    std::uint64_t salt = 0;  // of World::draw_again()
    bool whole = false;      // played until it is known whether it fails in the same way, too
  };
  struct Outcome {
    bool by = false;           // sim::fails_by()
    std::optional<bool> like;  // sim::fails_like(); of whole copies
  };
  // Begins at once, in the order of the list. failure lives as long as this.
  CopyWork(std::vector<Copy> copies, const sim::SameFailure& failure, std::uint32_t jobs);
  ~CopyWork();
  CopyWork(const CopyWork&) = delete;
  CopyWork& operator=(const CopyWork&) = delete;

  // Waits at most so long; true when all copies have ended or were given up.
  bool wait(TimeNs wait_ns);
  // No further copy begins, and those in progress are given up.
  void stop() noexcept { stop_.store(true, std::memory_order_relaxed); }
  // Of each copy; empty: it was given up. After wait() has said true.
  const std::vector<std::optional<Outcome>>& outcomes() const noexcept { return outcomes_; }
  std::uint64_t ended() const noexcept { return ended_.load(std::memory_order_relaxed); }

 private:
  void work();
  std::optional<Outcome> play(const Copy& copy) const;

  std::vector<Copy> copies_;
  const sim::SameFailure& failure_;
  std::vector<std::optional<Outcome>> outcomes_;  // each written by the thread that plays its copy
  std::atomic<std::uint64_t> next_{0}, ended_{0};
  std::atomic<bool> stop_{false};
  std::mutex mutex_;
  std::condition_variable all_ended_;
  std::uint32_t working_ = 0;
  std::vector<std::thread> threads_;
};

}  // namespace dkv::cli
