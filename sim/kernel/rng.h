#pragma once

#include <cstdint>

#include "engine/core/hash.h"

namespace dkv::sim {

// The purpose of a stream of random numbers. Each purpose has its own streams. So removing one fault, or drawing once
// more for the workload, does not shift the other draws.
enum class Purpose : std::uint32_t {
  kNetworkLatency,
  kNetworkLoss,
  kNetworkDuplicate,
  kNetworkReorder,
  kDisk,
  kClientArrival,
  kClientChoice,
  kFaults,
  kSwarm,
  kNodeSeed,
  kPowerLoss,
  kProcessing,
  kDiskFault,
  kForgery,
};

// A counter-based stream: draw i is a function of (seed, purpose, index, i) alone. Copyable; two words of state.
class Stream {
 public:
  Stream() noexcept = default;
  Stream(std::uint64_t seed, Purpose purpose, std::uint64_t index = 0) noexcept
      : key_(mix64(hash_combine(hash_combine(seed, static_cast<std::uint64_t>(purpose) + 1), index))) {}

  std::uint64_t next() noexcept {
    counter_ += kStep;
    return mix64(mix64(counter_ ^ key_) + key_);
  }
  // Equal to that many calls of next().
  void skip(std::uint64_t draws) noexcept { counter_ += draws * kStep; }
  // Uniform in [0, bound); bound > 0. For the bounds in use (at most 2^32) the bias is below 2^-32.
  std::uint64_t below(std::uint64_t bound) noexcept {
    return static_cast<std::uint64_t>(static_cast<Wide>(next()) * bound >> 64);
  }
  // Uniform in [low, high].
  std::int64_t between(std::int64_t low, std::int64_t high) noexcept {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
  }
  // True with a probability of parts in a million.
  bool chance_ppm(std::uint32_t parts) noexcept { return parts != 0 && below(1'000'000) < parts; }

 private:
  static constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15ULL;
  __extension__ using Wide = unsigned __int128;
  std::uint64_t key_ = 0;
  std::uint64_t counter_ = 0;
};

}  // namespace dkv::sim
