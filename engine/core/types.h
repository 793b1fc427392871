#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace dkv {

// A node's number in the membership: small, dense, never reused for another machine.
using NodeId = std::uint32_t;
inline constexpr NodeId kNoNode = std::numeric_limits<NodeId>::max();

using PartitionId = std::uint32_t;

// Nanoseconds. Which clock (monotonic or wall) stands in the name of the variable.
using TimeNs = std::int64_t;
inline constexpr TimeNs kMicrosecond = 1'000;
inline constexpr TimeNs kMillisecond = 1'000'000;
inline constexpr TimeNs kSecond = 1'000'000'000;

// Grows by one at each start of a node; an event that carries another one is dropped.
using Incarnation = std::uint32_t;

// A cluster-wide count, by which nodes prove that nothing old is under way any more: see engine/node/eras.h.
using Era = std::uint64_t;

// Names one operation in progress at the node that issued it; unique over the node's incarnations.
using OpId = std::uint64_t;
inline constexpr OpId kNoOp = 0;

// Names a client's write for traces and for oracles that watch from outside. The store carries it beside each version
// and never decides by it. 0: none given.
using WriteTag = std::uint64_t;

// The 128-bit identity of one disk's worth of history. An empty or damaged disk gets a new one.
struct ActorId {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  friend auto operator<=>(const ActorId&, const ActorId&) = default;
};

// Who mints dots: an identity in one of its epochs. A node that may have forgotten dots begins a new epoch.
struct Actor {
  ActorId id;
  std::uint32_t epoch = 0;
  friend auto operator<=>(const Actor&, const Actor&) = default;
};

// The name of one write of one key, for ever. counter counts from 1 for each key and actor.
struct Dot {
  Actor actor;
  std::uint64_t counter = 0;
  friend auto operator<=>(const Dot&, const Dot&) = default;
};

}  // namespace dkv
