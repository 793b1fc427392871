#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/run/source.h"
#include "sim/shrink/shrinker.h"

namespace dkv::cli {

struct ShrinkLimits {
  std::uint64_t tries = 0;  // 0: no limit
  TimeNs time_ns = 0;       // 0: no limit
  std::uint32_t jobs = 1;
  bool progress = true;  // on a terminal
  // The smaller run must have this cause as well, see why::Chain; empty: any. It costs a second run of each candidate
  // that fails.
  std::string cause;
};

// Why the search ended.
enum class ShrinkEnd : std::uint8_t { kNothingLeft, kTries, kTime, kInterrupt };

struct Shrunk {
  sim::Failure failure;  // of the small run
  sim::Size before, after;
  std::uint64_t operations_before = 0;  // those of the random load, too
  std::uint64_t operations_after = 0;
  std::uint64_t tries = 0, accepted = 0;
  ShrinkEnd end = ShrinkEnd::kNothingLeft;
  double wall_seconds = 0;
  std::optional<std::uint64_t> fingerprint;  // of the small run, if it comes to its end
  sim::Scenario scenario;                    // the smallest one that was found
  std::vector<sim::Failure> also;            // what else failed in the first run
  std::vector<sim::Shrinker::Other> others;  // and what failed on the way, in neither of them
};

// A run that fails, ready to be cut.
struct FailingRun {
  sim::Scenario scenario;  // all faults timed, under the run's seed
  std::uint64_t operations = 0;
  std::uint64_t events = 0;
  std::vector<sim::Failure> failures;  // at least one; alone when the run aborts
};
// Plays the source, in a process of its own because it may abort. Fails, in one line without its file's name, when
// nothing fails in it that a smaller run could show.
tl::expected<FailingRun, std::string> failing_run(const Source& source);

// Cuts the run to the smallest one in which its first failure shows. Only `wall_seconds`, and limits by time, depend on
// the machine.
Shrunk shrink(const FailingRun& run, const ShrinkLimits& limits);

}  // namespace dkv::cli
