#include "viz/model/ring.h"

#include <algorithm>
#include <cmath>

namespace dkv::viz {

std::vector<RingNode> ring_nodes(const sim::World& world) {
  std::vector<RingNode> nodes;
  for (NodeId id = 0; id < world.node_count(); ++id) {
    nodes.push_back({.id = id,
                     .name = world.scenario().cluster.members[id].name,
                     .state = world.node_state(id),
                     .partitions = static_cast<std::uint32_t>(world.placement().partitions_of(id).size())});
  }
  return nodes;
}

const Node* serving(const sim::World& world, NodeId node) {
  const Node* const up = world.node(node);
  return up && (up->phase() == Node::Phase::kServing || up->phase() == Node::Phase::kFailed) ? up : nullptr;
}

bool sees(const sim::World& world, NodeId observer, NodeId peer) {
  const Node* const node = world.node(observer);
  return node && node->peers().reachable(peer);
}

std::vector<NodeId> ring_owners(const sim::World& world) {
  std::vector<NodeId> owners;
  for (PartitionId partition = 0; partition < world.placement().partitions(); ++partition) {
    owners.push_back(world.placement().primaries(partition).front());
  }
  return owners;
}

KeyPlace place_of(const sim::World& world, const Key& key) {
  const Placement& placement = world.placement();
  const PartitionId partition = placement.partition(key.hash());
  const auto list = placement.preference_list(partition);
  return {.partition = partition,
          .turn = std::ldexp(static_cast<double>(key.hash()), -64),
          .primaries = placement.replicas(),
          .preference = {list.begin(), list.end()}};
}

double node_turn(const sim::World& world, NodeId node) {
  return (node + 0.5) / world.node_count();
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
