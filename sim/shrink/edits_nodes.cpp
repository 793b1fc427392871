#include <algorithm>

#include "sim/faults/catalogue.h"
#include "sim/shrink/key_places.h"
#include "sim/shrink/passes.h"

namespace dkv::sim {
namespace {

// Takes nodes out of everything that names them.
class NodeCut {
 public:
  NodeCut(Scenario& scenario, std::size_t begin, std::size_t end) : scenario_(scenario), begin_(begin), end_(end) {}

  void cut() {
    auto& members = scenario_.cluster.members;
    for (std::size_t i = begin_; i < end_; ++i) names_.push_back(members[i].name);
    members.erase(members.begin() + static_cast<std::ptrdiff_t>(begin_),
                  members.begin() + static_cast<std::ptrdiff_t>(end_));
    for (std::size_t i = 0; i < members.size(); ++i) members[i].id = static_cast<NodeId>(i);
    quorums();
    faults();
    network();
    for (Step& step : scenario_.workload.steps) {
      if (step.via && !keep(*step.via)) step.via.reset();
      if (step.need) step.need = std::min(*step.need, static_cast<std::uint8_t>(scenario_.cluster.replicas));
    }
    std::erase_if(scenario_.commands, [&](Command& command) {
      for (std::vector<NodeId>& group : command.groups) keep(group);
      const bool lost = std::ranges::any_of(command.groups, [](const auto& group) { return group.empty(); });
      return lost || (command.via != kNoNode && !keep(command.via));
    });
  }

 private:
  bool keep(NodeId& node) const {
    if (node >= begin_ && node < end_) return false;
    if (node >= end_) node -= static_cast<NodeId>(end_ - begin_);
    return true;
  }
  void keep(std::vector<NodeId>& nodes) const {
    std::erase_if(nodes, [&](NodeId& node) { return !keep(node); });
  }
  bool is_gone(const std::string& name) const { return std::ranges::find(names_, name) != names_.end(); }

  void quorums() {
    ClusterSpec& cluster = scenario_.cluster;
    cluster.replicas = std::min(cluster.replicas, static_cast<std::uint32_t>(cluster.members.size()));
    const auto most = static_cast<std::uint8_t>(cluster.replicas);
    for (std::uint8_t* need :
         {&cluster.read_need, &cluster.write_need, &cluster.read_primary, &cluster.write_primary}) {
      *need = std::min(*need, most);
    }
  }

  void faults() {
    std::erase_if(scenario_.faults, [&](Fault& fault) {
      const FaultPlace place = traits_of(fault.kind).place;
      if (place == FaultPlace::kEnds) return is_gone(fault.from) || is_gone(fault.to);
      const std::size_t before = fault.groups.size();
      for (std::vector<NodeId>& group : fault.groups) keep(group);
      std::erase_if(fault.groups, [](const auto& group) { return group.empty(); });
      if (fault.groups.size() == before) return false;
      return place != FaultPlace::kSets || fault.groups.size() < 2;
    });
  }

  void network() {
    NetworkSpec& network = scenario_.network;
    std::erase_if(network.rules, [&](LinkRule& rule) {
      keep(rule.from);
      keep(rule.to);
      return rule.from.empty() || rule.to.empty() || (rule.from.size() == 1 && rule.from == rule.to);
    });
    std::erase_if(network.topology.links, [&](const TopologyLink& link) { return is_gone(link.a) || is_gone(link.b); });
  }

  Scenario& scenario_;
  std::size_t begin_, end_;
  std::vector<std::string> names_;
};

}  // namespace

std::size_t count_nodes(const Scenario& scenario) {
  return scenario.cluster.members.size();
}

Scenario without_nodes(const Scenario& scenario, std::size_t begin, std::size_t end) {
  Scenario cut = scenario;
  const std::size_t nodes = scenario.cluster.members.size();
  if (end - begin >= nodes) return cut;
  NodeCut(cut, begin, end).cut();
  std::vector<NodeId> kept(nodes, kNoNode);
  for (std::size_t node = 0; node < nodes; ++node) {
    if (node < begin || node >= end) kept[node] = static_cast<NodeId>(node < begin ? node : node - (end - begin));
  }
  keep_key_places(scenario, kept, cut);
  return cut;
}

std::vector<Scenario> fewer_replicas(const Scenario& scenario, const Target&) {
  std::vector<Scenario> edits;
  for (std::uint32_t replicas = 1; replicas < scenario.cluster.replicas; ++replicas) {
    const auto most = static_cast<std::uint8_t>(replicas);
    const auto majority = static_cast<std::uint8_t>(replicas / 2 + 1);
    Scenario edit = scenario;
    ClusterSpec& cluster = edit.cluster;
    cluster.replicas = replicas;
    cluster.read_primary = std::min(cluster.read_primary, most);
    cluster.write_primary = std::min(cluster.write_primary, most);
    for (Step& step : edit.workload.steps) {
      if (step.need) step.need = std::min(*step.need, most);
    }
    cluster.read_need = std::min(cluster.read_need, most);
    cluster.write_need = std::min(cluster.write_need, most);
    std::vector<NodeId> kept;
    for (const Member& member : cluster.members) kept.push_back(member.id);
    keep_key_places(scenario, kept, edit);
    edits.push_back(edit);
    cluster.read_need = cluster.write_need = majority;
    edits.push_back(std::move(edit));
  }
  return edits;
}

}  // namespace dkv::sim
