// Plays seeds in several processes and returns their outcomes in the order of the seeds. A seed that ends its process
// is an outcome like any other: the next seeds go on in a new one.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/fuzz/seed_maker.h"
#include "cli/fuzz/seed_outcome.h"
#include "cli/terminal/child_process.h"

namespace dkv::cli {

// Not thread-safe, and this process must have no other threads.
class FuzzWork {
 public:
  static constexpr std::uint32_t kJobsMax = 256;

  struct Limits {
    std::uint64_t first_seed = 1, last_seed = 100;
    std::uint32_t jobs = 1;  // at most kJobsMax
    TimeNs time_ns = 0;      // no seed begins after this time; 0: no limit
  };
  // maker must outlive this.
  FuzzWork(const SeedMaker& maker, const Limits& limits);
  ~FuzzWork();
  FuzzWork(const FuzzWork&) = delete;
  FuzzWork& operator=(const FuzzWork&) = delete;

  // The next outcome in the order of seeds. Waits at most wait_ns. Empty when none came, or when there are no more
  // (see ended()).
  std::optional<SeedOutcome> next(TimeNs wait_ns);
  bool ended() const noexcept { return ended_; }
  // Stops the work: no further seed begins, and running ones are abandoned.
  void stop() noexcept;
  // The events of all runs so far, including running ones.
  std::uint64_t events() const noexcept;

 private:
  // In memory that all processes share. Seeds are numbered from 0 here.
  struct Shared {
    std::atomic<bool> stop{false};
    std::atomic<std::uint64_t> next{0};  // to begin
    std::atomic<std::uint64_t> out{0};   // returned so far: others wait when they are too far ahead of it
    std::atomic<std::uint64_t> events{0};
    std::atomic<std::uint64_t> taken[kJobsMax]{};    // by worker: the number of its seed, from 1; 0: none
    std::atomic<std::uint64_t> playing[kJobsMax]{};  // the same, once its run has been made
  };
  struct Worker {
    std::unique_ptr<ChildProcess> process;  // null: it has ended
    std::string answer;                     // of which no whole line has come yet
  };

  void begin(std::size_t worker);
  void work(std::size_t worker, int answer);  // in the child
  std::optional<std::uint64_t> take_seed(std::size_t worker);
  std::optional<SeedOutcome> play(const Source& source);
  void wait(TimeNs wait_ns);
  void read(std::size_t worker);
  void bury(std::size_t worker);
  bool all_ended() const;
  std::optional<SeedOutcome> take_next();

  const SeedMaker& maker_;
  Limits limits_;
  std::int64_t deadline_ns_ = 0;  // of the steady clock; 0: none
  Shared* shared_;
  std::vector<Worker> workers_;
  std::map<std::uint64_t, SeedOutcome> done_;  // by number
  std::uint64_t next_out_ = 0;                 // the number of the next one to return
  bool ended_ = false;
};

}  // namespace dkv::cli
