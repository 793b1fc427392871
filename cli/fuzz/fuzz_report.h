#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/fuzz/fuzz_probes.h"
#include "cli/terminal/json.h"
#include "cli/terminal/page.h"
#include "sim/why/chain.h"

namespace dkv::cli {

struct FuzzFailure {
  std::uint64_t seed = 0;
  std::string capsule;    // path of the file; empty: it could not be written
  std::string invariant;  // "I1"; "expectation" when only an expectation failed
  std::string what;       // the first failure in one line
  std::string kind;       // "I1-lost"; "stale_reads == 0" for an expectation; "aborted"
  std::string cause;      // of its chain; the last words of a run that aborts; may be empty
};

// Failures of one kind with one cause: they break an invariant in the same way, or fail the same expectation, and the
// same kind of step decides it. Where the events prove no cause, --shrink tells failures apart by the kinds of faults
// that are left.
struct FuzzGroup {
  std::string kind;
  std::string cause;  // may be empty
  std::uint64_t failures = 0;
  std::uint64_t first_seed = 0;
  std::string capsule;  // of the first seed
  // With --shrink, of the first seed's run.
  std::string small;                     // path; empty: not shrunk
  std::string left;                      // "2 faults and 3 steps"
  std::vector<std::string> fault_kinds;  // that are left, each once
  std::optional<why::Chain> why;         // the first finding of the first seed's run; empty: not explained
  Json why_json;
};

// The result of many runs.
struct FuzzReport {
  std::string scenario;  // empty: the swarm
  std::uint64_t runs = 0;
  std::uint64_t failed = 0;
  bool interrupted = false;
  bool palette_added = false;
  double wall_seconds = 0;
  double cpu_seconds = 0;
  std::uint64_t events = 0;
  double sim_seconds = 0;
  std::vector<FuzzFailure> failures;
  std::vector<FuzzGroup> groups;  // in the order of their first seeds
  Probes probes;
};

// Counts the failure in its group.
void add_to_groups(const FuzzFailure& failure, FuzzReport& report);
std::string fuzz_json(const FuzzReport& report);
void print_report(Page& page, const FuzzReport& report);

}  // namespace dkv::cli
