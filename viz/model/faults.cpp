#include "viz/model/faults.h"

#include <algorithm>

namespace dkv::viz {
namespace {

std::vector<NodeId> others_of(const sim::World& world, const std::vector<NodeId>& group) {
  std::vector<NodeId> others;
  for (NodeId node = 0; node < world.node_count(); ++node) {
    if (std::ranges::find(group, node) == group.end()) others.push_back(node);
  }
  return others;
}

void add_ways(const std::vector<NodeId>& from, const std::vector<NodeId>& to, FaultMark& mark) {
  for (const NodeId a : from) {
    for (const NodeId b : to) {
      if (a != b && mark.ways.size() < kWaysMax) mark.ways.emplace_back(a, b);
    }
  }
}

void add_links(const sim::World& world, FaultMark& mark) {
  const auto& groups = mark.fault->groups;
  mark.both_ways = true;
  mark.everywhere = groups.empty() || (groups.size() == 1 && groups[0].size() == world.node_count());
  if (mark.everywhere) return;
  if (groups.size() == 1) add_ways(groups[0], groups[0], mark);
  for (std::size_t a = 0; a < groups.size(); ++a) {
    for (std::size_t b = a + 1; b < groups.size(); ++b) add_ways(groups[a], groups[b], mark);
  }
}

void add_ends(const sim::World& world, FaultMark& mark) {
  const auto& members = world.scenario().cluster.members;
  const auto node = [&](const std::string& name) {
    const auto found = std::ranges::find(members, name, &Member::name);
    return found == members.end() ? kNoNode : found->id;
  };
  const NodeId from = node(mark.fault->from), to = node(mark.fault->to);
  mark.both_ways = true;
  if (from != kNoNode && to != kNoNode) {
    mark.ways.emplace_back(from, to);
  } else if (from != kNoNode || to != kNoNode) {
    mark.nodes.push_back(from != kNoNode ? from : to);  // the other end is a switch
  }
}

}  // namespace

std::vector<FaultMark> faults_on(const sim::World& world) {
  std::vector<FaultMark> marks;
  for (const std::uint32_t number : world.faults_on()) {
    const sim::Fault& fault = world.fault(number);
    FaultMark mark{.number = number, .fault = &fault, .traits = &sim::traits_of(fault.kind)};
    switch (mark.traits->place) {
      case sim::FaultPlace::kSets:
        for (const auto& group : fault.groups) mark.nodes.insert(mark.nodes.end(), group.begin(), group.end());
        break;
      case sim::FaultPlace::kDirection:
        if (fault.groups.empty()) break;
        add_ways(fault.groups[0], fault.groups.size() > 1 ? fault.groups[1] : others_of(world, fault.groups[0]), mark);
        break;
      case sim::FaultPlace::kLinks: add_links(world, mark); break;
      case sim::FaultPlace::kEnds: add_ends(world, mark); break;
      case sim::FaultPlace::kNodes:
      case sim::FaultPlace::kCopy:
        if (!fault.groups.empty()) mark.nodes = fault.groups[0];
        break;
    }
    marks.push_back(std::move(mark));
  }
  return marks;
}

}  // namespace dkv::viz
