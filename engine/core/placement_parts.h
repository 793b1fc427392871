#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/core/hash.h"
#include "engine/core/types.h"

// The steps of Placement::make, each a pure function. Only placement*.cpp and their tests use this header.
namespace dkv::placement {

// A member with its labels as dense indices from 0. A host lies in one rack, and a rack in one data centre.
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
  // True when no label distinguishes members: each has a host of its own, and there is one rack.
  bool flat() const noexcept { return hosts == all.size() && racks == 1; }
};

// A rendezvous score (Thaler and Ravishankar, 1998). It gives each node its own order of the partitions, and each
// partition its own order of the nodes. The low 16 bits are 0, so that an index fits in.
constexpr std::uint64_t score(NodeId node, std::uint64_t partition) noexcept {
  return mix64(mix64(node + 0x9e3779b97f4a7c15ULL) + partition * 0xd1b54a32d192ed03ULL) & ~std::uint64_t{0xffff};
}

// The holders of each partition, as indices into Sites::all.
struct Holders {
  std::uint32_t replicas = 0;
  std::vector<std::uint32_t> member;  // partitions x replicas
  std::vector<std::uint32_t> load;    // partitions held, by member
  std::span<const std::uint32_t> of(PartitionId partition) const noexcept {
    return {member.data() + std::size_t{partition} * replicas, replicas};
  }
};

// The members join one by one, in the order of their ids. A newcomer takes replicas; no replica moves between the
// others.
Holders replay_joins(const Sites& sites, std::uint32_t partitions, std::uint32_t replicas);

// For each partition the holder that is first in its list. No member is first in more than ceil(load / replicas)
// lists.
std::vector<std::uint32_t> choose_leaders(const Sites& sites, const Holders& holders);

// All preference lists: partitions x members, as node ids.
std::vector<NodeId> order_lists(const Sites& sites, const Holders& holders, std::span<const std::uint32_t> leaders);

}  // namespace dkv::placement
