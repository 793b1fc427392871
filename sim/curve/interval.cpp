#include "sim/curve/interval.h"

#include <algorithm>
#include <cmath>

#include "engine/core/assert.h"

namespace dkv::sim {
namespace {

constexpr double kZ = 1.959963984540054;  // two-sided, 95%

}  // namespace

// Only basic operations and a square root, which IEEE 754 rounds correctly: the same bounds from every compiler.
Interval wilson(std::uint64_t failed, std::uint64_t played) noexcept {
  DKV_ASSERT(failed <= played);
  if (played == 0) return {};
  const auto n = static_cast<double>(played);
  const double share = static_cast<double>(failed) / n;
  const double scale = 1 + kZ * kZ / n;
  const double centre = (share + kZ * kZ / (2 * n)) / scale;
  const double half = kZ * std::sqrt(share * (1 - share) / n + kZ * kZ / (4 * n * n)) / scale;
  // Exactly at the ends, where the formula is only nearly so.
  return {failed == 0 ? 0 : std::max(centre - half, 0.0), failed == played ? 1 : std::min(centre + half, 1.0)};
}

}  // namespace dkv::sim
