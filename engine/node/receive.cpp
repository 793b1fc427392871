#include "engine/node/receive.h"

namespace dkv {

void receive(Message& message, NodeId from, NodeState& state, const TurnEnv& turn) {
  visit_message([&](auto& kind) { receive(kind, from, state, turn); }, message);
}

}  // namespace dkv
