#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/world/world.h"

namespace dkv::viz {

// The positions of a scenario's places in a picture. They depend on the scenario alone, so nothing moves during a
// run. Compute it once: it takes some milliseconds for 100 nodes.
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
    TimeNs latency_ns = 0;       // one way, without the network's own latency
  };
  std::vector<Place> places;  // nodes first, by id
  std::vector<Link> links;    // in the order of the scenario; empty: every node reaches every other directly
  // The data centres by name, ascending; the empty name stands for nodes without one.
  std::vector<std::string> datacenters;
};

// A force-directed drawing (T. Fruchterman and E. Reingold, "Graph Drawing by Force-directed Placement", 1991).
// Places attract each other along links or, without links, within a data centre. The start positions keep each data
// centre together.
TopologyLayout lay_out(const sim::Scenario& scenario);

// Two nodes that cannot talk at this moment.
struct CutPair {
  NodeId a = kNoNode, b = kNoNode;  // a < b; or a cut from a to b only
  bool one_way = false;
};
// The pairs of nodes between which messages cannot get through, ascending; at most `most` of them.
std::vector<CutPair> cut_pairs(const sim::World& world, std::size_t most);

}  // namespace dkv::viz
