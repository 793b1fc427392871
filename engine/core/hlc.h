#pragma once

#include <compare>
#include <cstdint>

#include "engine/core/types.h"

namespace dkv {

// A hybrid logical timestamp (Kulkarni et al., "Logical Physical Clocks", 2014): 48 bits of wall-clock milliseconds
// since the Unix epoch, then a logical counter of 16 bits. 0 is before all others.
struct Hlc {
  std::uint64_t packed = 0;
  std::uint64_t wall_ms() const noexcept { return packed >> 16; }
  std::uint32_t logical() const noexcept { return static_cast<std::uint32_t>(packed & 0xffff); }
  friend auto operator<=>(const Hlc&, const Hlc&) = default;
};

// Issues timestamps. Each is later than every timestamp that the clock has issued or observed, and as close to the
// wall clock as that allows. A timestamp after the year 4199 is not observed: one beyond it would leave no room for
// later ones.
class HybridClock {
 public:
  static constexpr Hlc kObservedMax{std::uint64_t{1} << 62};

  Hlc tick(TimeNs wall_ns) noexcept;
  void observe(Hlc seen) noexcept {
    if (seen > last_ && seen <= kObservedMax) last_ = seen;
  }
  Hlc last() const noexcept { return last_; }

 private:
  Hlc last_;
};

}  // namespace dkv
