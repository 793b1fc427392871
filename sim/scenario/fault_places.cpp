#include "sim/scenario/fault_places.h"

#include <algorithm>

#include "engine/core/assert.h"
#include "sim/scenario/fault_fields.h"

namespace dkv::sim {

namespace {

std::string set_text(const std::vector<NodeId>& nodes, const Scenario& scenario) {
  std::string text;
  for (const NodeId node : nodes) {
    DKV_ASSERT(node < scenario.cluster.members.size());
    text += (text.empty() ? "" : ", ") + flow_word(scenario.cluster.members[node].name);
  }
  return "[" + text + "]";
}

std::string sets_text(const Fault& fault, const Scenario& scenario) {
  std::string text;
  for (const std::vector<NodeId>& group : fault.groups) {
    text += (text.empty() ? "" : ", ") + set_text(group, scenario);
  }
  return "[" + text + "]";
}

// --- Sets of nodes that cannot talk to each other. Partitions and `between` have this form.
bool read_sets(const Yaml& value, std::string_view field, std::string_view example, const std::string& complaint,
               const NodeNames& names, std::vector<std::vector<NodeId>>& groups, Complaints& complaints) {
  const std::size_t before = complaints.size();
  const auto items = read_list(value, field, example, kNodesMax, complaints);
  if (complaints.size() != before || value.kind != Yaml::Kind::kList) return false;
  if (items.size() < 2) {
    complaints.add(value.place, complaint + " " + std::to_string(items.size()) + " sets of nodes",
                   "at least two are needed, such as " + std::string(example));
    return false;
  }
  std::vector<const Yaml*> sets;
  for (const Yaml& item : items) sets.push_back(&item);
  return read_groups(sets, field, names, groups, complaints);
}

// --- From one set of nodes to another, or to all other nodes.
bool read_direction(const Fields& fields, const FaultReading& reading, Fault& fault) {
  const Yaml* from = fields.need("from", "n1");
  const Yaml* to = fields.find("to");
  if (from == nullptr) return false;
  std::vector<const Yaml*> sets{from};
  if (to != nullptr) sets.push_back(to);
  return read_groups(sets, reading.traits.word, reading.names, fault.groups, reading.complaints);
}

std::string direction_text(const Fault& fault, const Scenario& scenario) {
  DKV_ASSERT(!fault.groups.empty() && fault.groups.size() <= 2);
  const std::string from = "from: " + set_text(fault.groups[0], scenario);
  return fault.groups.size() == 1 ? from : from + ", to: " + set_text(fault.groups[1], scenario);
}

// --- Links. Without 'between' and 'of', all links.
bool read_links(const Fields& fields, const FaultReading& reading, Fault& fault) {
  const Yaml* between = fields.find("between");
  const Yaml* of = fields.find("of");
  if (between != nullptr && of != nullptr) {
    reading.complaints.add(
        of->place, "'" + std::string(reading.traits.word) + "' has both 'between' and 'of'",
        "between: [[n1], [n2, n3]] for the links from one set to the other, or of: n1 for all links of n1");
    return false;
  }
  if (of != nullptr) {
    fault.groups.resize(1);
    return read_nodes(*of, "of", reading.names, fault.groups[0], reading.complaints);
  }
  if (between == nullptr) return true;
  return read_sets(*between, "between", "[[n1], [n2, n3]]", "'between' has", reading.names, fault.groups,
                   reading.complaints);
}

std::string links_text(const Fault& fault, const Scenario& scenario) {
  if (fault.groups.empty()) return {};
  return fault.groups.size() == 1 ? "of: " + set_text(fault.groups[0], scenario)
                                  : "between: " + sets_text(fault, scenario);
}

// --- A link of the topology, by its ends.
bool read_ends(const Yaml& value, const FaultReading& reading, Fault& fault) {
  Complaints& complaints = reading.complaints;
  const std::size_t before = complaints.size();
  const auto ends = read_list(value, reading.traits.word, "[east, west]", kNodesMax, complaints);
  if (complaints.size() != before || value.kind != Yaml::Kind::kList) return false;
  if (ends.size() != 2) {
    complaints.add(value.place, quoted(reading.traits.word) + " has " + std::to_string(ends.size()) + " items",
                   "a link has two ends, such as [east, west]");
    return false;
  }
  std::vector<std::string> known = reading.topology.places;
  for (std::size_t node = 0; node < reading.names.count(); ++node) known.push_back(reading.names.words()[node]);
  for (const Yaml& end : ends) {
    if (!is_word(end, reading.traits.word, "[east, west]", complaints)) return false;
    if (std::find(known.begin(), known.end(), end.text) != known.end()) continue;
    if (reading.names.complete()) {
      complaints.add(end.place, "unknown place " + quoted(end.text) + " in " + quoted(reading.traits.word),
                     suggest(end.text, known));
    }
    return false;
  }
  fault.from = ends[0].text;
  fault.to = ends[1].text;
  for (const TopologyLink& link : reading.topology.links) {
    if (std::minmax(link.a, link.b) == std::minmax(fault.from, fault.to)) return true;
  }
  complaints.add(
      value.place, "no link between " + quoted(fault.from) + " and " + quoted(fault.to),
      reading.topology.links.empty() ? "network.topology has no links" : "name the ends of a link of the topology");
  return false;
}

// --- Nodes: the value of the kind's own key, or a field of a mapping.
bool read_hit_nodes(const Yaml& value, std::string_view field, const FaultReading& reading, Fault& fault) {
  fault.groups.resize(1);
  return read_nodes(value, field, reading.names, fault.groups[0], reading.complaints);
}

std::string nodes_text(const Fault& fault, const Scenario& scenario) {
  DKV_ASSERT(fault.groups.size() == 1);
  return set_text(fault.groups[0], scenario);
}

// --- Nodes whose disks become copies of another node's disk.
bool read_copy(const Fields& fields, const FaultReading& reading, Fault& fault) {
  const Yaml* from = fields.need("from", "n1");
  const Yaml* to = fields.need("to", "n3");
  NodeId source = kNoNode;
  if (from == nullptr || to == nullptr || !read_node(*from, "from", reading.names, source, reading.complaints)) {
    return false;
  }
  fault.groups = {{}, {source}};
  if (!read_nodes(*to, "to", reading.names, fault.groups[0], reading.complaints)) return false;
  if (std::ranges::find(fault.groups[0], source) == fault.groups[0].end()) return true;
  reading.complaints.add(to->place, "'to' names the node of 'from'", "a disk is copied to another node");
  return false;
}

std::string copy_text(const Fault& fault, const Scenario& scenario) {
  DKV_ASSERT(fault.groups.size() == 2 && fault.groups[1].size() == 1);
  DKV_ASSERT(fault.groups[1][0] < scenario.cluster.members.size());
  return "from: " + flow_word(scenario.cluster.members[fault.groups[1][0]].name) +
         ", to: " + set_text(fault.groups[0], scenario);
}

}  // namespace

std::vector<std::string_view> place_keys(FaultPlace place) {
  switch (place) {
    case FaultPlace::kDirection:
    case FaultPlace::kCopy: return {"from", "to"};
    case FaultPlace::kLinks: return {"between", "of"};
    case FaultPlace::kNodes: return {"nodes"};
    case FaultPlace::kSets:
    case FaultPlace::kEnds: break;  // never in a mapping
  }
  return {};
}

bool read_place(const Fields& fields, const FaultReading& reading, Fault& fault) {
  switch (reading.traits.place) {
    case FaultPlace::kDirection: return read_direction(fields, reading, fault);
    case FaultPlace::kLinks: return read_links(fields, reading, fault);
    case FaultPlace::kCopy: return read_copy(fields, reading, fault);
    case FaultPlace::kNodes: {
      const Yaml* nodes = fields.need("nodes", "[n1]");
      return nodes != nullptr && read_hit_nodes(*nodes, "nodes", reading, fault);
    }
    case FaultPlace::kSets:
    case FaultPlace::kEnds: break;
  }
  DKV_ASSERT(!"a place that no mapping can say");
  return false;
}

bool read_bare_place(const Yaml& value, const FaultReading& reading, Fault& fault) {
  switch (reading.traits.place) {
    case FaultPlace::kSets: return read_partition(value, reading.names, fault.groups, reading.complaints);
    case FaultPlace::kEnds: return read_ends(value, reading, fault);
    case FaultPlace::kNodes: return read_hit_nodes(value, reading.traits.word, reading, fault);
    case FaultPlace::kDirection:
    case FaultPlace::kCopy:
    case FaultPlace::kLinks: break;
  }
  DKV_ASSERT(!"a place that needs a mapping");
  return false;
}

std::string place_text(const Fault& fault, const Scenario& scenario) {
  const FaultTraits& traits = traits_of(fault.kind);
  switch (traits.place) {
    case FaultPlace::kSets: return sets_text(fault, scenario);
    case FaultPlace::kEnds: return "[" + flow_word(fault.from) + ", " + flow_word(fault.to) + "]";
    case FaultPlace::kNodes: return (traits.mapping.empty() ? "" : "nodes: ") + nodes_text(fault, scenario);
    case FaultPlace::kDirection: return direction_text(fault, scenario);
    case FaultPlace::kLinks: return links_text(fault, scenario);
    case FaultPlace::kCopy: return copy_text(fault, scenario);
  }
  return {};
}

bool read_partition(const Yaml& value, const NodeNames& names, std::vector<std::vector<NodeId>>& groups,
                    Complaints& complaints) {
  return read_sets(value, "partition", "[[n1, n2], rest]", "a partition with", names, groups, complaints);
}

}  // namespace dkv::sim
