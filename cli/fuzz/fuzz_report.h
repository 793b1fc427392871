#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/fuzz/fuzz_probes.h"
#include "cli/terminal/page.h"

namespace dkv::cli {

struct FuzzFailure {
  std::uint64_t seed = 0;
  std::string capsule;    // path of the file
  std::string invariant;  // "I1"; "expectation" when only an expectation failed
  std::string what;       // the first failure in one line
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
  Probes probes;
};

std::string fuzz_json(const FuzzReport& report);
void print_report(Page& page, const FuzzReport& report);

}  // namespace dkv::cli
