#include "viz/model/ring.h"

#include <algorithm>

namespace dkv::viz {

const Node* serving(const sim::World& world, NodeId node) {
  const Node* const up = world.node(node);
  return up && (up->phase() == Node::Phase::kServing || up->phase() == Node::Phase::kFailed) ? up : nullptr;
}

bool sees(const sim::World& world, NodeId observer, NodeId peer) {
  const Node* const node = world.node(observer);
  return node && node->peers().reachable(peer);
}

double progress_of(const sim::Flight& flight, TimeNs now_ns) {
  if (flight.arrives_ns < 0 || flight.where != sim::Flight::Where::kUnderWay) {
    return flight.where == sim::Flight::Where::kWaiting ? 1 : 0.5;
  }
  const auto whole = static_cast<double>(flight.arrives_ns - flight.sent_ns);
  const auto done = static_cast<double>(now_ns - flight.sent_ns);
  return whole <= 0 ? 1 : std::clamp(done / whole, 0.0, 1.0);
}

}  // namespace dkv::viz
