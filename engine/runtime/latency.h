#pragma once

#include <array>
#include <cstdint>

#include "engine/core/types.h"

namespace dkv {

// Counts durations in fixed buckets, in the form that Prometheus reads.
class LatencyHistogram {
 public:
  // The upper bounds of all buckets but the last, which has none.
  static constexpr std::array<TimeNs, 19> kEndsNs = {
      25'000,        50'000,        100'000,       250'000,        500'000,       1'000'000,   2'500'000,
      5'000'000,     10'000'000,    25'000'000,    50'000'000,     100'000'000,   250'000'000, 500'000'000,
      1'000'000'000, 2'500'000'000, 5'000'000'000, 10'000'000'000, 30'000'000'000};

  void add(TimeNs duration_ns) noexcept {
    std::size_t step = 0;
    while (step < kEndsNs.size() && duration_ns > kEndsNs[step]) ++step;
    ++counts_[step];
    ++count_;
    sum_ns_ += duration_ns;
  }
  // The count of each bucket alone, not cumulative.
  const std::array<std::uint64_t, kEndsNs.size() + 1>& counts() const noexcept { return counts_; }
  std::uint64_t count() const noexcept { return count_; }
  TimeNs sum_ns() const noexcept { return sum_ns_; }

 private:
  std::array<std::uint64_t, kEndsNs.size() + 1> counts_{};
  std::uint64_t count_ = 0;
  TimeNs sum_ns_ = 0;
};

}  // namespace dkv
