#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/placement.h"
#include "tests/catch.h"

namespace dkv::test {

using PlacementPtr = std::shared_ptr<const Placement>;

// `size` members with the ids 0, 1, ... A domain with 0 has no labels. Ids go round the data centres, then round the
// racks of each, and then fill its hosts.
struct Shape {
  std::uint32_t size = 0;
  std::uint32_t datacenters = 0;
  std::uint32_t racks = 0;  // in each data centre
  std::uint32_t nodes_per_host = 0;
};

inline std::vector<Member> members_of(const Shape& shape) {
  std::vector<Member> members(shape.size);
  const std::uint32_t datacenters = std::max(shape.datacenters, 1u);
  const std::uint32_t racks = std::max(shape.racks, 1u);
  for (std::uint32_t i = 0; i < shape.size; ++i) {
    Member& member = members[i];
    member.id = i;
    member.name = std::string("n") + std::to_string(i);
    if (shape.datacenters > 0) member.datacenter = std::string("dc") + std::to_string(i % datacenters);
    if (shape.racks > 0) member.rack = std::string("r") + std::to_string(i / datacenters % racks);
    if (shape.nodes_per_host > 0) {
      const std::uint32_t in_rack = i / (datacenters * racks);
      member.host = member.datacenter + member.rack + "h" + std::to_string(in_rack / shape.nodes_per_host);
    }
  }
  return members;
}

inline PlacementPtr place(const std::vector<Member>& members, std::uint32_t partitions, std::uint32_t replicas) {
  auto placement = Placement::make(members, partitions, replicas);
  if (!placement) FAIL(placement.error().what);
  return *placement;
}

inline PlacementPtr place_flat(std::uint32_t size, std::uint32_t partitions = 1024, std::uint32_t replicas = 3) {
  return place(members_of({.size = size}), partitions, replicas);
}

// The replicas that `after` gives to members which did not hold them before.
inline std::uint32_t moved(const Placement& before, const Placement& after) {
  std::uint32_t count = 0;
  for (PartitionId p = 0; p < after.partitions(); ++p) {
    for (const NodeId node : after.primaries(p)) count += before.is_primary(p, node) ? 0 : 1;
  }
  return count;
}

inline std::uint32_t load(const Placement& placement, NodeId node) {
  return static_cast<std::uint32_t>(placement.partitions_of(node).size());
}

inline std::uint32_t highest_load(const Placement& placement) {
  std::uint32_t highest = 0;
  for (const Member& member : placement.members()) highest = std::max(highest, load(placement, member.id));
  return highest;
}

}  // namespace dkv::test
