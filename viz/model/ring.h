#pragma once

#include "sim/world/world.h"

namespace dkv::viz {

// The node's process when it is up and has read its disk; otherwise null. A process whose disk has failed also
// counts.
const Node* serving(const sim::World& world, NodeId node);

// Whether the observer considers the peer reachable; false while the observer is down.
bool sees(const sim::World& world, NodeId observer, NodeId peer);

// The share of its way that a message has covered: 0 just sent, 1 arrived. 0.5 when its arrival is unknown.
double progress_of(const sim::Flight& flight, TimeNs now_ns);

}  // namespace dkv::viz
