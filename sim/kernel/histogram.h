#pragma once

#include <array>
#include <cstdint>

#include "engine/core/types.h"

namespace dkv::sim {

// Counts durations in buckets of about 3 % width (32 for each power of two), after Gil Tene's HdrHistogram.
class Histogram {
 public:
  void add(TimeNs duration_ns) noexcept;
  std::uint64_t count() const noexcept { return count_; }
  // The upper edge of the bucket that holds the quantile, but at most the greatest counted duration; 0 when empty.
  // parts_of_10000: 9,990 means p99.9.
  TimeNs quantile(std::uint32_t parts_of_10000) const noexcept;
  TimeNs greatest() const noexcept { return greatest_; }
  void merge(const Histogram& other) noexcept;

 private:
  static constexpr std::uint32_t kBuckets = 32 * 44;  // up to 2^48 ns, about 78 hours
  std::array<std::uint32_t, kBuckets> buckets_{};
  std::uint64_t count_ = 0;
  TimeNs greatest_ = 0;
};

}  // namespace dkv::sim
