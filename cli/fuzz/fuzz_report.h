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
  std::string capsule;    // path of the file
  std::string invariant;  // "I1"; "expectation" when only an expectation failed
  std::string what;       // the first failure in one line
  std::string group;      // of its kind: "I1-lost"; "stale_reads == 0" for an expectation
};

// Failures of one kind: they break an invariant in the same way, or fail the same expectation. What causes them is not
// looked into: two faults that show in the same way share a group.
struct FuzzGroup {
  std::string group;
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
