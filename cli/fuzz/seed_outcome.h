#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/fuzz/seed_maker.h"
#include "engine/core/types.h"

namespace dkv::cli {

// What came of a seed, as far as the report needs it.
struct SeedOutcome {
  std::uint64_t seed = 0;
  bool pass = false;
  std::uint64_t events = 0;
  TimeNs sim_ns = 0;
  std::string hits;  // see Probes
  // --- Of a seed that fails.
  std::string invariant;  // "I1"; "expectation" when only an expectation failed; "aborted"
  std::string kind;       // the breach "I1-lost", the expectation "stale_reads == 0", or "aborted"
  std::string cause;      // of its chain, see why::Chain; the last words of a run that aborts; may be empty
  std::string what;       // the first failure in one line
  std::string capsule;    // the text of its file
};

// The outcome of a run that has ended with this result. A failing run is played again, to explain its first failure.
SeedOutcome outcome_of(const Source& source, const sim::RunResult& result);
// The outcome of a run that ended its process with these words. Without a source it has no capsule.
SeedOutcome outcome_of_abort(std::uint64_t seed, const Source* source, const std::string& words);

// One line of JSON, and back. Empty when the text is none.
std::string outcome_line(const SeedOutcome& outcome);
std::optional<SeedOutcome> parse_outcome(const std::string& line);

}  // namespace dkv::cli
