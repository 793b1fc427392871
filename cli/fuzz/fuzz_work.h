// Plays seeds on several threads and returns their outcomes in the order of the seeds.
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

// Makes the run of a seed. Several threads may call it at once.
class SeedMaker {
 public:
  // Without a base, every seed draws its own scenario. With own_faults, the base's own faults are the only ones.
  explicit SeedMaker(std::optional<Source> base, bool own_faults = false);
  Source make(std::uint64_t seed) const;
  // Whether a palette of all faults was added, because the scenario has none. Its expectations do not take these
  // faults into account, so only invariants are judged.
  bool palette_added() const noexcept { return palette_added_; }

 private:
  std::optional<Source> base_;
  std::shared_ptr<const sim::Scenario> with_palette_;
  bool palette_added_ = false;
};

// The run that this thread plays; null: none. For the capsule of a run that aborts.
const Source* source_in_progress() noexcept;

struct SeedOutcome {
  std::uint64_t seed = 0;
  sim::RunResult result;
  std::string capsule;  // its text; only for failing seeds
};

class FuzzWork {
 public:
  struct Limits {
    std::uint64_t first_seed = 1, last_seed = 100;
    std::uint32_t jobs = 1;
    TimeNs time_ns = 0;  // no seed begins after this time; 0: no limit
  };
  FuzzWork(const SeedMaker& maker, const Limits& limits);
  ~FuzzWork();
  FuzzWork(const FuzzWork&) = delete;
  FuzzWork& operator=(const FuzzWork&) = delete;

  // The next outcome in the order of seeds. Waits at most wait_ns. Empty when none came, or when there are no more
  // (see ended()).
  std::optional<SeedOutcome> next(TimeNs wait_ns);
  bool ended() const noexcept { return ended_; }
  // Stops the work: no further seed begins, and running ones are abandoned. May be called from any thread.
  void stop() noexcept { stop_.store(true, std::memory_order_relaxed); }
  // The events of all runs so far, including running ones.
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
  std::map<std::uint64_t, std::optional<SeedOutcome>> done_;  // by seed; empty: abandoned
  std::uint64_t next_seed_;                                   // the next one to begin
  bool seeds_left_ = true;
  std::uint64_t next_out_;  // the next one to return
  std::uint32_t working_ = 0;
  bool ended_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace dkv::cli
