#include "sim/kernel/histogram.h"

#include <algorithm>
#include <bit>

#include "engine/core/assert.h"

namespace dkv::sim {
namespace {

// Each value below 32 has its own bucket. Above, the five bits after the leading one choose among 32.
constexpr std::uint32_t bucket_of(std::uint64_t value) noexcept {
  if (value < 32) return static_cast<std::uint32_t>(value);
  const auto exponent = static_cast<std::uint32_t>(std::bit_width(value)) - 1;
  return (exponent - 4) * 32 + static_cast<std::uint32_t>(value >> (exponent - 5) & 31);
}

constexpr TimeNs upper_edge(std::uint32_t bucket) noexcept {
  if (bucket < 32) return bucket;
  const std::uint32_t exponent = bucket / 32 + 4;
  return static_cast<TimeNs>(((std::uint64_t{32} + bucket % 32 + 1) << (exponent - 5)) - 1);
}
static_assert(bucket_of(31) == 31 && bucket_of(32) == 32 && bucket_of(63) == 63 && bucket_of(64) == 64);
static_assert(upper_edge(63) == 63 && upper_edge(64) == 65);

}  // namespace

void Histogram::add(TimeNs duration_ns) noexcept {
  DKV_ASSERT(duration_ns >= 0);
  ++buckets_[std::min(bucket_of(static_cast<std::uint64_t>(duration_ns)), kBuckets - 1)];
  ++count_;
  greatest_ = std::max(greatest_, duration_ns);
}

TimeNs Histogram::quantile(std::uint32_t parts_of_10000) const noexcept {
  DKV_ASSERT(parts_of_10000 <= 10'000);
  if (count_ == 0) return 0;
  const std::uint64_t rank = std::max<std::uint64_t>(1, (count_ * parts_of_10000 + 9'999) / 10'000);
  std::uint64_t seen = 0;
  for (std::uint32_t bucket = 0; bucket < kBuckets - 1; ++bucket) {
    seen += buckets_[bucket];
    if (seen >= rank) return std::min(upper_edge(bucket), greatest_);
  }
  return greatest_;
}

void Histogram::merge(const Histogram& other) noexcept {
  for (std::uint32_t bucket = 0; bucket < kBuckets; ++bucket) buckets_[bucket] += other.buckets_[bucket];
  count_ += other.count_;
  greatest_ = std::max(greatest_, other.greatest_);
}

}  // namespace dkv::sim
