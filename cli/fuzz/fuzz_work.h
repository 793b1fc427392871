// Plays seeds on several threads and hands their outcomes back in the order of the seeds.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "cli/run/source.h"
#include "sim/verdict/result.h"

namespace dkv::cli {

// Makes the run of a seed. Called from several threads at once.
class SeedMaker {
 public:
  // base empty: every seed draws its own scenario.
  explicit SeedMaker(std::optional<Source> base);
  Source make(std::uint64_t seed) const;
  // Whether a palette of all faults was added to a scenario that has none of its own. Its expectations know nothing of
  // these faults, so that only invariants are judged.
  bool palette_added() const noexcept { return palette_added_; }

 private:
  std::optional<Source> base_;
  std::shared_ptr<const sim::Scenario> with_palette_;
  bool palette_added_ = false;
};

struct SeedOutcome {
  std::uint64_t seed = 0;
  sim::RunResult result;
  std::string capsule;  // text; failing seeds only
};

class FuzzWork {
 public:
  struct Limits {
    std::uint64_t first_seed = 1, last_seed = 100;
    std::uint32_t jobs = 1;
    TimeNs time_ns = 0;  // no seed begins after; 0: no limit
  };
  FuzzWork(const SeedMaker& maker, const Limits& limits);
  ~FuzzWork();
  FuzzWork(const FuzzWork&) = delete;
  FuzzWork& operator=(const FuzzWork&) = delete;

  // The next outcome in the order of seeds. Waits at most wait_ns; empty when none came, or no more will (see ended()).
  std::optional<SeedOutcome> next(TimeNs wait_ns);
  bool ended() const noexcept { return ended_; }
  // No further seed begins, and those in progress are given up. May be called from any thread.
  void stop() noexcept { stop_.store(true, std::memory_order_relaxed); }
  // Events of all runs so far, the ones in progress included.
  std::uint64_t events() const noexcept { return events_.load(std::memory_order_relaxed); }

 private:
  void work();
  std::optional<SeedOutcome> play_seed(std::uint64_t seed);
  std::optional<std::uint64_t> take_seed();

  const SeedMaker& maker_;
  Limits limits_;
  std::int64_t deadline_ns_ = 0;  // of the steady clock; 0: none
  std::atomic<bool> stop_{false};
  std::atomic<std::uint64_t> events_{0};
  std::mutex mutex_;
  std::condition_variable arrived_, drained_;
  std::map<std::uint64_t, std::optional<SeedOutcome>> done_;  // by seed; empty: given up
  std::uint64_t next_seed_;                                   // to begin
  bool seeds_left_ = true;
  std::uint64_t next_out_;  // to hand back
  std::uint32_t working_ = 0;
  bool ended_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace dkv::cli
