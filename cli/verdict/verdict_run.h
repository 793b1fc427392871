#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/run/source.h"
#include "sim/curve/curve.h"
#include "sim/curve/failure.h"
#include "sim/story/event.h"
#include "sim/verdict/result.h"

namespace dkv::cli {

// A run that fails, played once.
struct LostRun {
  Source source;
  sim::RunResult result;
  sim::SameFailure failure;
  // The failure is certain from this event on: it is found, or the run has ended.
  std::uint64_t last_event = 0;
};
// Fails, in one line without its file's name, when nothing fails in the run that another run could repeat.
Found<LostRun> lost_run(const Source& source);

struct VerdictLimits {
  std::uint32_t copies = 64;   // of each moment
  std::uint32_t moments = 16;  // of the first round
  TimeNs time_ns = 0;          // 0: no limit
  std::uint32_t jobs = 1;
};

// Why the search ended.
enum class VerdictEnd : std::uint8_t { kComplete, kTime, kInterrupt };

// The probability at the moments of a run. Nothing but `wall_seconds`, and an end by time, depends on the machine.
struct Verdict {
  struct Moment {
    std::uint64_t event = 0;
    TimeNs at_ns = 0;
    sim::Curve::Point point;                 // failures by the run's own failure; at least one copy was played
    std::optional<sim::Curve::Point> alike;  // failures in the same way; of moments of the first round
  };
  std::vector<Moment> moments;  // ascending
  bool shows_alike = false;     // to fail by this failure and to fail in the same way are two things
  struct Rise {
    Moment before, after;
    std::optional<story::EventAccount> account;  // of a jump: the one event between the two moments
  };
  std::vector<Rise> rises;  // the greatest first
  std::vector<Rise> falls;  // deep ones, the greatest first
  VerdictEnd end = VerdictEnd::kComplete;
  std::uint64_t copies_played = 0;
  double wall_seconds = 0;
};
Verdict find_verdict(const LostRun& run, const VerdictLimits& limits);

}  // namespace dkv::cli
