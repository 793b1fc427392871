#include "engine/core/hlc.h"

#include <algorithm>

namespace dkv {

Hlc HybridClock::tick(TimeNs wall_ns) noexcept {
  const std::uint64_t wall = static_cast<std::uint64_t>(std::max<TimeNs>(wall_ns, 0) / kMillisecond) << 16;
  // After 65,535 timestamps in one millisecond the counter overflows into the milliseconds. The result is still later
  // than all before it.
  last_ = Hlc{std::max(wall, last_.packed + 1)};
  return last_;
}

}  // namespace dkv
