#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/scenario/scenario.h"
#include "sim/verdict/result.h"

namespace dkv::cli {

// How many runs saw each interesting thing happen: a fuzzer that never reaches a hint's expiry says nothing about it.
class Probes {
 public:
  struct Probe {
    std::string name;
    std::string meaning;
    std::uint64_t hits = 0;  // runs
  };
  Probes();

  void count(const sim::RunResult& result);
  // In a fixed order; those never hit included.
  const std::vector<Probe>& all() const noexcept { return probes_; }

 private:
  std::vector<Probe> probes_;
};

}  // namespace dkv::cli
