#pragma once

#include <cstdint>
#include <optional>

#include "engine/core/hash.h"
#include "engine/core/types.h"

namespace dkv {

// The id of an actor is random, so that nothing that can be copied or put back takes part in it. Its last bits name the
// node that made it. That is for people only: no rule of the store reads it.
//
//   high: 64 random bits    low: 32 random bits, 16 bits kActorMark, 16 bits of the node's number
inline constexpr std::uint64_t kActorMark = 0xd157;

// seed: of this start alone, from the host's entropy. Two nodes that were given one seed still get different ids, and
// so do two lives of one node.
constexpr ActorId make_actor_id(std::uint64_t seed, NodeId node, Incarnation life) noexcept {
  const std::uint64_t mixed = hash_combine(hash_combine(seed, node), life);
  const std::uint64_t random = mix64(mixed + 0x9e3779b97f4a7c15ULL) & ~std::uint64_t{0xffffffff};
  return {mix64(mixed), random | kActorMark << 16 | (node & 0xffff)};
}

// The node that made the id; nothing for an id of an earlier release.
constexpr std::optional<NodeId> node_of(const ActorId& id) noexcept {
  if ((id.low >> 16 & 0xffff) != kActorMark) return std::nullopt;
  return static_cast<NodeId>(id.low & 0xffff);
}

}  // namespace dkv
