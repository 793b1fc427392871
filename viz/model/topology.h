#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/world/world.h"

namespace dkv::viz {

// Where the places of a scenario stand in a picture. It depends on the scenario alone, so that nothing moves while a
// run is watched; compute it once, it takes some milliseconds for 100 nodes.
struct TopologyLayout {
  struct Place {
    std::string name;
    NodeId node = kNoNode;  // kNoNode: a switch or another place without a process
    std::string datacenter;
    std::string rack;
    float x = 0, y = 0;  // 0..1, from the left and from the top
  };
  struct Link {
    std::uint32_t a = 0, b = 0;  // indices in places
    TimeNs latency_ns = 0;       // one way, before the network's own latency is added
  };
  std::vector<Place> places;  // the nodes first, by id
  std::vector<Link> links;    // in the scenario's order; empty: every node reaches every other directly
  // The data centres by name, ascending; the empty name stands for nodes without one.
  std::vector<std::string> datacenters;
};

// Places attract each other along links, or within a data centre where there are none: a force-directed drawing after
// T. Fruchterman and E. Reingold ("Graph Drawing by Force-directed Placement", 1991), from a start that keeps each data
// centre together.
TopologyLayout lay_out(const sim::Scenario& scenario);

// How two nodes can talk at this moment.
struct CutPair {
  NodeId a = kNoNode, b = kNoNode;  // a < b, or a one-way cut from a to b
  bool one_way = false;
};
// The pairs of nodes between which messages cannot get through, ascending; at most `most` of them.
std::vector<CutPair> cut_pairs(const sim::World& world, std::size_t most);

}  // namespace dkv::viz
