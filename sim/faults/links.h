#pragma once

#include <cstddef>

#include "sim/faults/fault.h"

namespace dkv::sim {

inline constexpr std::size_t kNoGroup = ~std::size_t{0};
// The group of the fault that the node is in; kNoGroup: none.
std::size_t group_of(const Fault& fault, NodeId node);

// Whether the fault affects messages from one node to another. A link of a topology that is down needs the routes, and
// never counts here.
bool hits_link(const Fault& fault, NodeId from, NodeId to);

}  // namespace dkv::sim
