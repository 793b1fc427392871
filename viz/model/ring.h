#pragma once

#include "sim/world/world.h"

namespace dkv::viz {

// The node's process, when it is up and has read its disk; null otherwise. One that its disk has failed counts.
const Node* serving(const sim::World& world, NodeId node);

// Whether the observer takes the peer for reachable; false while the observer is down.
bool sees(const sim::World& world, NodeId observer, NodeId peer);

// How far a message has come at a time: 0 left, 1 arrived. One that does not know when it arrives stays in the middle.
double progress_of(const sim::Flight& flight, TimeNs now_ns);

}  // namespace dkv::viz
