// Random choices of a test; the same for the same seed.
#pragma once

#include <cstdint>

#include "engine/core/hash.h"

namespace dkv::testing {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t below(std::uint64_t bound) {
    state_ += 0x9e3779b97f4a7c15ULL;
    return mix64(state_) % bound;
  }
  bool percent(std::uint64_t chance) { return below(100) < chance; }

 private:
  std::uint64_t state_;
};

}  // namespace dkv::testing
