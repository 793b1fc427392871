#pragma once

#include <vector>

#include "sim/world/world.h"

namespace dkv::viz {

// A copy that one node keeps for another.
struct HintView {
  NodeId holder = kNoNode;
  NodeId owner = kNoNode;  // for whom
  Key key;
  TimeNs age_ns = 0;       // since the newest write in it, by the holder's clock
  bool in_flight = false;  // a delivery waits for its acknowledgement
  bool durable = false;
  bool holder_down = false;  // it stands on the disk of a process that is not there
  bool owner_seen = false;   // the holder takes the owner for reachable
  std::uint32_t siblings = 0;
};
// By holder, owner, key; at most `most` of each holder.
std::vector<HintView> hints_of(const sim::World& world, std::size_t most);

}  // namespace dkv::viz
