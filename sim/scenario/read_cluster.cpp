#include <algorithm>
#include <string>

#include "engine/settings/settings.h"
#include "sim/scenario/read.h"
#include "sim/scenario/vocabulary.h"

namespace dkv::sim {

namespace {

constexpr std::uint32_t kNodesDefault = 5;
constexpr std::string_view kNodesExample = "5, [n1, n2, n3] or [{name: n1, datacenter: east}]";

// False after a complaint.
bool read_member(const Yaml& item, Member& member, Complaints& complaints) {
  const std::size_t before = complaints.size();
  if (item.kind == Yaml::Kind::kWord) {
    if (check_node_name(item, "nodes", complaints)) member.name = item.text;
    return complaints.size() == before;
  }
  const Fields fields(item, "nodes", kNodeKeys, complaints);
  fields.need("name", "n1");
  read_member_fields(fields, member, complaints);
  return complaints.size() == before && fields.is_map();
}

std::vector<Member> numbered(std::uint64_t count) {
  std::vector<Member> members(count);
  for (std::size_t i = 0; i < count; ++i) {
    members[i].id = static_cast<NodeId>(i);
    members[i].name = "n" + std::to_string(i + 1);
  }
  return members;
}

}  // namespace

bool read_members(const Yaml* cluster, std::vector<Member>& members, Complaints& complaints) {
  members = numbered(kNodesDefault);
  const Yaml::Entry* entry = cluster != nullptr ? cluster->entry("nodes") : nullptr;
  if (entry == nullptr) return true;
  const Yaml& value = entry->value;
  if (value.kind == Yaml::Kind::kWord) {
    std::uint64_t count = 0;
    if (!read_whole(value, "nodes", {1, kNodesMax}, count, complaints)) return false;
    members = numbered(count);
    return true;
  }
  const auto items = read_list(value, "nodes", kNodesExample, kNodesMax, complaints);
  if (items.empty()) {
    if (value.kind == Yaml::Kind::kList && value.items.empty()) {
      complaints.add(value.place, "'nodes' is an empty list", "at least one node is needed");
    }
    return false;
  }
  const std::size_t before = complaints.size();
  members.assign(items.size(), {});
  for (std::size_t i = 0; i < items.size(); ++i) {
    members[i].id = static_cast<NodeId>(i);
    if (!read_member(items[i], members[i], complaints)) continue;
    for (std::size_t j = 0; j < i; ++j) {
      if (members[j].name != members[i].name) continue;
      complaints.add(items[i].place, "node " + quoted(members[i].name) + " occurs twice", "each name once");
      break;
    }
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    for (const Member& other : members) {
      if (other.datacenter.empty() || other.datacenter != members[i].name) continue;
      complaints.add(items[i].place, "node " + quoted(other.datacenter) + " has the name of a data centre",
                     "faults use both names: choose another one");
      break;
    }
  }
  return complaints.size() == before;
}

void read_cluster(const Yaml& value, ClusterSpec& cluster, Complaints& complaints) {
  const Fields fields(value, "cluster", kClusterKeys, complaints);
  if (!fields.is_map()) return;
  read_quorum_settings(fields, cluster.members.size(), cluster, complaints);
  read_node_settings(fields, cluster.node, complaints);
}

}  // namespace dkv::sim
