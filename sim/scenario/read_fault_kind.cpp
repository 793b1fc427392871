#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/input/units.h"
#include "sim/scenario/read.h"
#include "sim/scenario/vocabulary.h"

namespace dkv::sim {

namespace {

constexpr TimeNs kSkewMax = 30 * kDay;
constexpr std::string_view kReorderBy = "{uniform: [1ms, 20ms]}";

// The delay, with the words that would write it again.
bool read_delay(const Yaml& value, std::string_view field, Fault& fault, Complaints& complaints) {
  if (!read_distribution(value, field, fault.delay, complaints)) return false;
  fault.delay_text = flow_text(value);
  return true;
}

bool read_direction(const Yaml& value, std::string_view key, const NodeNames& names, Fault& fault,
                    Complaints& complaints) {
  const Fields fields(value, key, kDirectionKeys, complaints);
  const Yaml* from = fields.need("from", "n1");
  const Yaml* to = fields.find("to");
  if (from == nullptr) return false;
  std::vector<const Yaml*> sets{from};
  if (to != nullptr) sets.push_back(to);
  return read_groups(sets, key, names, fault.groups, complaints);
}

// Neither 'between' nor 'of': all links.
bool read_which_links(const Fields& fields, std::string_view key, const NodeNames& names, Fault& fault,
                      Complaints& complaints) {
  const Yaml* between = fields.find("between");
  const Yaml* of = fields.find("of");
  if (between != nullptr && of != nullptr) {
    complaints.add(of->place, "'" + std::string(key) + "' has both 'between' and 'of'",
                   "between: [[n1], [n2, n3]] for the links from one set to the other, or of: n1 for all links of n1");
    return false;
  }
  if (of != nullptr) {
    fault.groups.resize(1);
    return read_nodes(*of, "of", names, fault.groups[0], complaints);
  }
  if (between == nullptr) return true;
  const std::size_t before = complaints.size();
  const auto items = read_list(*between, "between", "[[n1], [n2, n3]]", kNodesMax, complaints);
  if (complaints.size() != before || between->kind != Yaml::Kind::kList) return false;
  if (items.size() < 2) {
    complaints.add(between->place, "'between' has " + std::to_string(items.size()) + " sets of nodes",
                   "at least two are needed, such as [[n1], [n2, n3]]");
    return false;
  }
  std::vector<const Yaml*> sets;
  for (const Yaml& item : items) sets.push_back(&item);
  return read_groups(sets, "between", names, fault.groups, complaints);
}

bool read_links_fault(const Yaml& value, std::string_view key, const NodeNames& names, Fault& fault,
                      Complaints& complaints) {
  const Fields fields(value, key, kLinksFaultKeys, complaints);
  if (!fields.is_map()) return false;
  const bool has_rate = fault.kind != FaultKind::kDelay;
  const bool has_delay = fault.kind == FaultKind::kDelay || fault.kind == FaultKind::kReorder;
  bool good = read_which_links(fields, key, names, fault, complaints);
  if (has_rate) {
    good = fields.need("rate", "5%") != nullptr && fields.percent("rate", fault.rate_ppm) && good;
  } else if (fields.find("rate") != nullptr) {
    complaints.add(fields.place_of("rate"), "'rate' in a delay", "a delay holds for every message: leave it out");
    good = false;
  }
  const Yaml* by = fault.kind == FaultKind::kDelay ? fields.need("by", "20ms") : fields.find("by");
  if (has_delay && by != nullptr) {
    good = read_delay(*by, "by", fault, complaints) && good;
  } else if (fault.kind == FaultKind::kReorder) {
    fault.delay = Distribution::uniform(kMillisecond, 20 * kMillisecond);
    fault.delay_text = kReorderBy;
  } else if (by != nullptr) {
    complaints.add(by->place, "'by' in '" + std::string(key) + "'", "it belongs to delay and reorder");
    good = false;
  } else if (has_delay) {
    good = false;
  }
  return good;
}

bool read_link_down(const Yaml& value, const NodeNames& names, const TopologySpec& topology, Fault& fault,
                    Complaints& complaints) {
  const std::size_t before = complaints.size();
  const auto ends = read_list(value, "link_down", "[east, west]", kNodesMax, complaints);
  if (complaints.size() != before || value.kind != Yaml::Kind::kList) return false;
  if (ends.size() != 2) {
    complaints.add(value.place, "'link_down' has " + std::to_string(ends.size()) + " items",
                   "a link has two ends, such as [east, west]");
    return false;
  }
  std::vector<std::string> known = topology.places;
  for (std::size_t node = 0; node < names.count(); ++node) known.push_back(names.words()[node]);
  for (const Yaml& end : ends) {
    if (!is_word(end, "link_down", "[east, west]", complaints)) return false;
    if (std::find(known.begin(), known.end(), end.text) != known.end()) continue;
    if (names.complete()) {
      complaints.add(end.place, "unknown place " + quoted(end.text) + " in 'link_down'", suggest(end.text, known));
    }
    return false;
  }
  fault.from = ends[0].text;
  fault.to = ends[1].text;
  for (const TopologyLink& link : topology.links) {
    if ((link.a == fault.from && link.b == fault.to) || (link.a == fault.to && link.b == fault.from)) return true;
  }
  complaints.add(value.place, "no link between " + quoted(fault.from) + " and " + quoted(fault.to),
                 topology.links.empty() ? "network.topology has no links" : "name the ends of a link of the topology");
  return false;
}

bool read_nodes_by(const Yaml& value, std::string_view key, const NodeNames& names, Fault& fault,
                   Complaints& complaints) {
  const bool skew = fault.kind == FaultKind::kClockSkew;
  const Fields fields(value, key, kNodesByKeys, complaints);
  if (!fields.is_map()) return false;
  const Yaml* nodes = fields.need("nodes", "[n1]");
  const Yaml* by = fields.need("by", skew ? "-2s" : "20ms");
  fault.groups.resize(1);
  const bool nodes_good = nodes != nullptr && read_nodes(*nodes, "nodes", names, fault.groups[0], complaints);
  if (by == nullptr) return false;
  if (skew) return read_duration(*by, "by", {-kSkewMax, kSkewMax}, fault.skew_ns, complaints) && nodes_good;
  return read_delay(*by, "by", fault, complaints) && nodes_good;
}

bool read_nodes_rate(const Yaml& value, std::string_view key, const NodeNames& names, Fault& fault,
                     Complaints& complaints) {
  const Fields fields(value, key, kNodesRateKeys, complaints);
  if (!fields.is_map()) return false;
  const Yaml* nodes = fields.need("nodes", "[n1]");
  const bool rate_good = fields.need("rate", "5%") != nullptr && fields.percent("rate", fault.rate_ppm);
  fault.groups.resize(1);
  return nodes != nullptr && read_nodes(*nodes, "nodes", names, fault.groups[0], complaints) && rate_good;
}

}  // namespace

bool read_partition(const Yaml& value, const NodeNames& names, std::vector<std::vector<NodeId>>& groups,
                    Complaints& complaints) {
  const std::size_t before = complaints.size();
  const auto items = read_list(value, "partition", "[[n1, n2], rest]", kNodesMax, complaints);
  if (complaints.size() != before || value.kind != Yaml::Kind::kList) return false;
  if (items.size() < 2) {
    complaints.add(value.place, "a partition with " + std::to_string(items.size()) + " sets of nodes",
                   "at least two are needed, such as [[n1, n2], rest]");
    return false;
  }
  std::vector<const Yaml*> sets;
  for (const Yaml& item : items) sets.push_back(&item);
  return read_groups(sets, "partition", names, groups, complaints);
}

bool check_backend(FaultKind kind, const Place& place, const Scenario& scenario, Complaints& complaints) {
  const StorageOptions& storage = scenario.cluster.node.storage;
  const bool of_disk = kind == FaultKind::kSlowDisk || kind >= FaultKind::kFailSync;
  if (!of_disk || storage_traits(storage).uses_disk) return true;
  const std::string backend(storage_backend_name(storage.backend));
  complaints.add(place, "'" + std::string(fault_name(kind)) + "' with backend: " + backend,
                 "that backend uses no disk that could break: leave the fault out, or write backend: log in "
                 "'cluster.storage'");
  return false;
}

bool read_fault_kind(const Yaml& value, std::string_view key, FaultKind kind, const NodeNames& names,
                     const TopologySpec& topology, Fault& fault, Complaints& complaints) {
  fault.kind = kind;
  switch (kind) {
    case FaultKind::kPartition: return read_partition(value, names, fault.groups, complaints);
    case FaultKind::kOneWay:
    case FaultKind::kClog: return read_direction(value, key, names, fault, complaints);
    case FaultKind::kLoss:
    case FaultKind::kDuplicate:
    case FaultKind::kReorder:
    case FaultKind::kDelay: return read_links_fault(value, key, names, fault, complaints);
    case FaultKind::kLinkDown: return read_link_down(value, names, topology, fault, complaints);
    case FaultKind::kCrash:
    case FaultKind::kPowerLoss:
    case FaultKind::kPause:
    case FaultKind::kWipe:
    case FaultKind::kFailSync:
    case FaultKind::kBitRot:
    case FaultKind::kMisdirected:
    case FaultKind::kStalledDisk:
    case FaultKind::kDiskFull:
      fault.groups.resize(1);
      return read_nodes(value, key, names, fault.groups[0], complaints);
    case FaultKind::kSlow:
    case FaultKind::kSlowDisk:
    case FaultKind::kClockSkew: return read_nodes_by(value, key, names, fault, complaints);
    case FaultKind::kReadErrors: return read_nodes_rate(value, key, names, fault, complaints);
  }
  return false;
}

}  // namespace dkv::sim
