#include "engine/node/stamps.h"

namespace dkv {

bool too_late(const Stamp& stamp, NodeId from, const Key& key, const NodeState& state, const TurnEnv& turn) {
  if (stamp.to_incarnation == turn.incarnation && state.eras.takes(stamp.era)) return false;
  turn.observe(Observed::kStaleDropped, from, key);
  return true;
}

}  // namespace dkv
