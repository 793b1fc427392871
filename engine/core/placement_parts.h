#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/core/hash.h"
#include "engine/core/types.h"

// The steps of Placement::make, each a pure function; private to placement*.cpp and their tests.
namespace dkv::placement {

// A member in numbers: domains are dense indices from 0. A host lies in one rack, a rack in one data centre.
struct Site {
  NodeId id = 0;
  std::uint32_t weight = 0;
  std::uint32_t host = 0;
  std::uint32_t rack = 0;
  std::uint32_t datacenter = 0;
};

struct Sites {
  std::vector<Site> all;  // ascending by id
  std::uint32_t hosts = 0;
  std::uint32_t racks = 0;
  std::uint32_t datacenters = 0;
  // No label tells two members apart: each stands on a host of its own, in the one rack.
  bool flat() const noexcept { return hosts == all.size() && racks == 1; }
};

// A rendezvous score (Thaler and Ravishankar, 1998): each node ranks the partitions, and each partition the nodes, in
// an order of its own. The low 16 bits are 0, free for an index.
constexpr std::uint64_t score(NodeId node, std::uint64_t partition) noexcept {
  return mix64(mix64(node + 0x9e3779b97f4a7c15ULL) + partition * 0xd1b54a32d192ed03ULL) & ~std::uint64_t{0xffff};
}

// Which members hold which partition, by index in Sites::all.
struct Holders {
  std::uint32_t replicas = 0;
  std::vector<std::uint32_t> member;  // partitions x replicas
  std::vector<std::uint32_t> load;    // partitions held, by member
  std::span<const std::uint32_t> of(PartitionId partition) const noexcept {
    return {member.data() + std::size_t{partition} * replicas, replicas};
  }
};

// The members join one after the other in the order of their ids; the newcomer takes replicas, nobody else moves.
Holders replay_joins(const Sites& sites, std::uint32_t partitions, std::uint32_t replicas);

// For each partition the holder that stands first in its list, so that no member leads more than ceil(load / replicas).
std::vector<std::uint32_t> choose_leaders(const Sites& sites, const Holders& holders);

// All lists: partitions x members, as node ids.
std::vector<NodeId> order_lists(const Sites& sites, const Holders& holders, std::span<const std::uint32_t> leaders);

}  // namespace dkv::placement
