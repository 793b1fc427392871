#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace dkv {

// A node's number in the layout: small, dense, and never reused for another machine.
using NodeId = std::uint32_t;
inline constexpr NodeId kNoNode = std::numeric_limits<NodeId>::max();

using PartitionId = std::uint32_t;

// Nanoseconds. The name of a variable says which clock it means, monotonic or wall.
using TimeNs = std::int64_t;
inline constexpr TimeNs kMicrosecond = 1'000;
inline constexpr TimeNs kMillisecond = 1'000'000;
inline constexpr TimeNs kSecond = 1'000'000'000;

// The number of a life of a node. It grows by one at each start. An event that names another life is dropped.
using Incarnation = std::uint32_t;

// A count that all nodes of a cluster share. It proves that nothing older is still under way: see engine/node/eras.h.
using Era = std::uint64_t;

// Identifies one operation in progress at the node that issued it. Unique over all lives of the node.
using OpId = std::uint64_t;
inline constexpr OpId kNoOp = 0;

// Names a client's write for traces and oracles. The store carries it with each version and never decides by it. 0:
// none.
using WriteTag = std::uint64_t;

// The 128-bit identity of the history on one disk. An empty or damaged disk gets a new one.
struct ActorId {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  friend auto operator<=>(const ActorId&, const ActorId&) = default;
};

// The identity under which a node mints dots, in one of its epochs. A node that may have forgotten dots begins a new
// epoch.
struct Actor {
  ActorId id;
  std::uint32_t epoch = 0;
  friend auto operator<=>(const Actor&, const Actor&) = default;
};

// The unique name of one write of one key; it is never issued twice. For each key and actor, counters begin at 1.
struct Dot {
  Actor actor;
  std::uint64_t counter = 0;
  friend auto operator<=>(const Dot&, const Dot&) = default;
};

}  // namespace dkv
