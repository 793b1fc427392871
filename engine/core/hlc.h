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

// Issues timestamps. Each is later than `after`, and as close to the wall clock as that allows. It is also later than
// every timestamp that the clock has issued or observed, except timestamps more than ahead_max ahead of the wall
// clock: they come from a wrong clock, and must not spread. docs/design/wall-clocks.md explains the rule.
class HybridClock {
 public:
  explicit HybridClock(TimeNs ahead_max_ns) noexcept : ahead_max_ns_(ahead_max_ns) {}

  Hlc tick(TimeNs wall_ns, Hlc after) noexcept;
  void observe(Hlc seen, TimeNs wall_ns) noexcept;
  Hlc last() const noexcept { return last_; }

 private:
  TimeNs ahead_max_ns_;
  Hlc last_;
};

}  // namespace dkv
