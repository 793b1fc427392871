#include "engine/node/clocks.h"

#include <algorithm>
#include <limits>

namespace dkv {

Clocks::Clocks(const NodeConfig& config) : apart_max_ns_(config.clock_apart_max_ns) {
  for (const Member& member : config.placement->members()) {
    if (ahead_ns_.size() <= member.id) ahead_ns_.resize(member.id + 1);
  }
  find_middle();
}

TimeNs Clocks::within_range(TimeNs wall_ns) noexcept {
  return std::clamp(wall_ns, -kWallMax, kWallMax);
}

void Clocks::heard(NodeId from, TimeNs wall_ns, TimeNs now_ns) {
  if (from >= ahead_ns_.size() || wall_ns != within_range(wall_ns)) return;
  ahead_ns_[from] = wall_ns - now_ns;
  find_middle();
}

void Clocks::silent(NodeId peer) {
  if (peer >= ahead_ns_.size() || !ahead_ns_[peer]) return;
  ahead_ns_[peer].reset();
  find_middle();
}

// Let m peers be sorted. With one more clock there are m + 1, and number m / 2 is their median; the lower one, if m is
// odd. It is the further clock, unless that stands below number m / 2 - 1 or above number m / 2 of the peers.
void Clocks::find_middle() {
  sorted_.clear();
  for (const std::optional<TimeNs>& ahead_ns : ahead_ns_) {
    if (ahead_ns) sorted_.push_back(*ahead_ns);
  }
  std::ranges::sort(sorted_);
  const std::size_t middle = sorted_.size() / 2;
  low_ns_ = middle > 0 ? sorted_[middle - 1] : std::numeric_limits<TimeNs>::min();
  high_ns_ = middle < sorted_.size() ? sorted_[middle] : std::numeric_limits<TimeNs>::max();
}

TimeNs Clocks::off_ns(TimeNs own_wall_ns, TimeNs now_ns) const noexcept {
  const TimeNs own_ns = within_range(own_wall_ns) - now_ns;
  return own_ns - std::clamp(own_ns, low_ns_, high_ns_);
}

TimeNs Clocks::time(TimeNs own_wall_ns, TimeNs now_ns) const noexcept {
  const TimeNs off = off_ns(own_wall_ns, now_ns);
  const TimeNs own_ns = within_range(own_wall_ns);
  return apart(off) ? own_ns - off : own_ns;
}

}  // namespace dkv
