#pragma once

#include <cstdint>

namespace dkv::sim {

// Two bounds of a probability, each from 0 to 1.
struct Interval {
  double low = 0, high = 1;
};

// The probability of failure that `failed` of `played` runs speak for, with 95% confidence: Wilson's score interval
// (E. B. Wilson, Probable Inference, 1927). It stays within 0 and 1, and holds for few runs and for shares near the
// ends. Nothing played: 0 to 1. failed is at most played.
Interval wilson(std::uint64_t failed, std::uint64_t played) noexcept;

}  // namespace dkv::sim
