#pragma once

#include <string>
#include <vector>

#include "engine/core/key.h"
#include "sim/world.h"

namespace dkv::viz {

// A node as the ring shows it.
struct RingNode {
  NodeId id = 0;
  std::string name;
  sim::NodeState state;
  std::uint32_t partitions = 0;  // that it is a primary of
};
std::vector<RingNode> ring_nodes(const sim::World& world);

// The node's process, when it is up and has read its disk; null otherwise. One that its disk has failed counts.
const Node* serving(const sim::World& world, NodeId node);

// Whether the observer takes the peer for reachable; false while the observer is down.
bool sees(const sim::World& world, NodeId observer, NodeId peer);

// The first primary of each partition, in the order of the ring. What is drawn as arcs.
std::vector<NodeId> ring_owners(const sim::World& world);

// Where a key lies.
struct KeyPlace {
  PartitionId partition = 0;
  double turn = 0;                 // 0 to 1: its place on the ring
  std::uint32_t primaries = 0;     // the first so many of
  std::vector<NodeId> preference;  // every node, in the order in which it is asked
};
KeyPlace place_of(const sim::World& world, const Key& key);

// A node's place when nodes are drawn around the ring: in the middle of its share of 0 to 1.
double node_turn(const sim::World& world, NodeId node);

// How far a message has come at a time: 0 left, 1 arrived. One that does not know when it arrives stays in the middle.
double progress_of(const sim::Flight& flight, TimeNs now_ns);

}  // namespace dkv::viz
