#pragma once

#include <vector>

#include "sim/world/world.h"

namespace dkv::viz {

// A hint: a copy that one node keeps for another.
struct HintView {
  NodeId holder = kNoNode;
  NodeId owner = kNoNode;  // the primary that it is for
  Key key;
  TimeNs age_ns = 0;       // since its newest write, by the holder's clock
  bool in_flight = false;  // it was sent, and the acknowledgement has not come
  bool durable = false;
  bool holder_down = false;  // it is on the disk of a process that is down
  bool owner_seen = false;   // the holder considers the owner reachable
  std::uint32_t siblings = 0;
};
// Ordered by holder, owner and key; at most `most` of each holder.
std::vector<HintView> hints_of(const sim::World& world, std::size_t most);

}  // namespace dkv::viz
