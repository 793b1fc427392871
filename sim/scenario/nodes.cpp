#include "sim/scenario/nodes.h"

#include <algorithm>

namespace dkv::sim {

namespace {

std::string named(std::string_view field) {
  return "'" + std::string(field) + "'";
}

const std::vector<NodeId>* read_name(const Yaml& value, std::string_view field, const NodeNames& names,
                                     Complaints& complaints) {
  if (!is_word(value, field, names.words().empty() ? "n1" : names.words().front(), complaints)) return nullptr;
  const std::vector<NodeId>* found = names.find(value.text);
  if (found == nullptr && names.complete()) {
    complaints.add(value.place, "unknown node " + quoted(value.text) + " in " + named(field),
                   suggest(value.text, names.words()));
  }
  return found;
}

bool is_rest(const Yaml& value) {
  const bool alone = value.kind == Yaml::Kind::kWord && value.text == kRestNodes;
  const bool in_list = value.kind == Yaml::Kind::kList && value.items.size() == 1 && is_rest(value.items[0]);
  return alone || in_list;
}

}  // namespace

NodeNames::NodeNames(const std::vector<Member>& members, bool complete) : count_(members.size()), complete_(complete) {
  std::vector<NodeId> all;
  for (const Member& member : members) {
    words_.push_back(member.name);
    sets_.push_back({member.id});
    all.push_back(member.id);
  }
  for (const Member& member : members) {
    if (member.datacenter.empty()) continue;
    const auto known = std::find(words_.begin(), words_.end(), member.datacenter);
    const auto index = static_cast<std::size_t>(known - words_.begin());
    if (known == words_.end()) {
      words_.push_back(member.datacenter);
      sets_.push_back({member.id});
    } else if (index >= members.size()) {
      sets_[index].push_back(member.id);
    }
  }
  words_.emplace_back(kAllNodes);
  sets_.push_back(std::move(all));
}

const std::vector<NodeId>* NodeNames::find(std::string_view word) const {
  const auto found = std::find(words_.begin(), words_.end(), word);
  return found == words_.end() ? nullptr : &sets_[static_cast<std::size_t>(found - words_.begin())];
}

bool read_node(const Yaml& value, std::string_view field, const NodeNames& names, NodeId& out, Complaints& complaints) {
  const std::vector<NodeId>* found = read_name(value, field, names, complaints);
  if (found == nullptr) return false;
  if (found->size() != 1) {
    complaints.add(value.place,
                   quoted(value.text) + " in " + named(field) + " means " + std::to_string(found->size()) + " nodes",
                   "name one node");
    return false;
  }
  out = found->front();
  return true;
}

bool read_nodes(const Yaml& value, std::string_view field, const NodeNames& names, std::vector<NodeId>& out,
                Complaints& complaints) {
  if (value.kind == Yaml::Kind::kWord) {
    const std::vector<NodeId>* found = read_name(value, field, names, complaints);
    if (found != nullptr) out = *found;
    return found != nullptr;
  }
  const std::size_t before = complaints.size();
  const std::span<const Yaml> items = read_list(value, field, "[n1, n2]", kNodesMax, complaints);
  std::vector<NodeId> nodes;
  bool good = true;
  for (const Yaml& item : items) {
    const std::vector<NodeId>* found = read_name(item, field, names, complaints);
    good = good && found != nullptr;
    if (found == nullptr) continue;
    for (const NodeId node : *found) {
      if (std::find(nodes.begin(), nodes.end(), node) != nodes.end()) {
        complaints.add(item.place, quoted(item.text) + " occurs twice in " + named(field), "name each node once");
        good = false;
        break;
      }
      nodes.push_back(node);
    }
  }
  if (value.kind == Yaml::Kind::kList && value.items.empty()) {
    complaints.add(value.place, named(field) + " names no node", "name at least one, such as [n1]");
  }
  if (!good || complaints.size() != before || nodes.empty()) return false;
  out = std::move(nodes);
  return true;
}

bool read_groups(std::span<const Yaml* const> values, std::string_view field, const NodeNames& names,
                 std::vector<std::vector<NodeId>>& out, Complaints& complaints) {
  std::vector<std::vector<NodeId>> groups(values.size());
  std::vector<bool> taken(names.count(), false);
  const Yaml* rest = nullptr;
  std::size_t rest_index = 0;
  bool good = true;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (is_rest(*values[i])) {
      if (rest != nullptr) {
        complaints.add(values[i]->place, "'rest' occurs twice in " + named(field), "only one set can be the rest");
        good = false;
      }
      rest = values[i];
      rest_index = i;
      continue;
    }
    if (!read_nodes(*values[i], field, names, groups[i], complaints)) {
      good = false;
      continue;
    }
    for (const NodeId node : groups[i]) {
      if (taken[node]) {
        complaints.add(values[i]->place, "node " + quoted(names.words()[node]) + " is on both sides in " + named(field),
                       "a node belongs to one set only");
        good = false;
        break;
      }
      taken[node] = true;
    }
  }
  if (!good || !names.complete()) return false;
  if (rest != nullptr) {
    for (NodeId node = 0; node < names.count(); ++node) {
      if (!taken[node]) groups[rest_index].push_back(node);
    }
    if (groups[rest_index].empty()) {
      complaints.add(rest->place, "'rest' is empty in " + named(field), "the other sets name every node already");
      return false;
    }
  }
  out = std::move(groups);
  return true;
}

}  // namespace dkv::sim
