#pragma once

#include <optional>
#include <vector>

#include "engine/core/types.h"
#include "engine/node/config.h"

namespace dkv {

// The clocks that a node hears, and the time by which it judges. docs/design/wall-clocks.md explains the rule.
//
// A node takes its own clock as long as that is near the median of all the clocks that it hears, its own included.
// Otherwise it takes the median. Of two clocks the one that is behind counts as the median. A node that hears no peer
// takes its own clock.
class Clocks {
 public:
  explicit Clocks(const NodeConfig& config);

  // The peer's clock, as its heartbeat says. A number that no clock shows is passed over.
  void heard(NodeId from, TimeNs wall_ns, TimeNs now_ns);
  // The peer is not heard any more.
  void silent(NodeId peer);

  // now_ns: the monotonic time, by which the clocks of the peers have gone on since they were heard. So a jump of the
  // node's own clock shows at once.
  TimeNs time(TimeNs own_wall_ns, TimeNs now_ns) const noexcept;
  // How far the own clock is ahead of the median; negative: behind.
  TimeNs off_ns(TimeNs own_wall_ns, TimeNs now_ns) const noexcept;
  bool apart(TimeNs off_ns) const noexcept { return off_ns > apart_max_ns_ || off_ns < -apart_max_ns_; }

  // The last answer of off_ns() that the node has reported.
  TimeNs reported_off_ns = 0;

 private:
  // Clocks beyond the year 2116, before or after 1970, are not taken for clocks. So sums of times do not overflow.
  static constexpr TimeNs kWallMax = TimeNs{1} << 62;
  static TimeNs within_range(TimeNs wall_ns) noexcept;
  void find_middle();

  TimeNs apart_max_ns_;
  std::vector<std::optional<TimeNs>> ahead_ns_;  // by node id: how far its clock is ahead of the monotonic time here
  std::vector<TimeNs> sorted_;                   // scratch
  // The median of the peers' clocks and any further one is that one, moved between these two.
  TimeNs low_ns_, high_ns_;
};

}  // namespace dkv
