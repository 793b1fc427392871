#include "engine/core/hlc.h"

#include <algorithm>

namespace dkv {
namespace {

constexpr std::uint64_t at(TimeNs wall_ns) noexcept {
  return static_cast<std::uint64_t>(std::max<TimeNs>(wall_ns, 0) / kMillisecond) << 16;
}

}  // namespace

Hlc HybridClock::tick(TimeNs wall_ns, Hlc after) noexcept {
  if (last_.packed > at(wall_ns) + at(ahead_max_ns_)) last_ = Hlc{};
  // After 65,535 timestamps in one millisecond the counter overflows into the milliseconds. The result is still later
  // than all before it.
  last_ = Hlc{std::max(at(wall_ns), last_.packed + 1)};
  return std::max(last_, Hlc{after.packed + 1});
}

void HybridClock::observe(Hlc seen, TimeNs wall_ns) noexcept {
  if (seen > last_ && seen.packed <= at(wall_ns) + at(ahead_max_ns_)) last_ = seen;
}

}  // namespace dkv
