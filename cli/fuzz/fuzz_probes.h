#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/scenario/scenario.h"
#include "sim/verdict/result.h"

namespace dkv::cli {

// Counts the runs in which each rare situation occurred. A fuzzer that never reaches a hint's expiry proves nothing
// about it.
class Probes {
 public:
  struct Probe {
    std::string name;
    std::string meaning;
    std::uint64_t hits = 0;  // number of runs
  };
  Probes();

  // The situations that a run reached, a '1' or a '0' for each, in the order of all().
  static std::string hits_of(const sim::RunResult& result);
  void count(const std::string& hits);
  // In a fixed order, including those without hits.
  const std::vector<Probe>& all() const noexcept { return probes_; }

 private:
  std::vector<Probe> probes_;
};

}  // namespace dkv::cli
