#include <utility>
#include <vector>

#include "engine/input/units.h"
#include "sim/faults/catalogue.h"
#include "sim/scenario/read.h"
#include "sim/scenario/vocabulary.h"

namespace dkv::sim {

namespace {

constexpr Range<TimeNs> kStretch{kMillisecond, kDay};
constexpr std::uint64_t kTimesMax = 1000;

// The fields that both have: the nodes, the time away, the time back, and the effect.
struct Repeated {
  std::vector<NodeId> nodes;
  TimeNs down_ns = 0;
  TimeNs up_ns = 0;
  FaultKind how = FaultKind::kPartition;
};

// False after a complaint.
bool read_common(const Fields& fields, const NodeNames& names, Repeated& repeated, Complaints& complaints) {
  const Yaml* nodes = fields.need("nodes", "[n3]");
  fields.need("down", "500ms");
  fields.need("up", "500ms");
  const bool nodes_good = nodes != nullptr && read_nodes(*nodes, "nodes", names, repeated.nodes, complaints);
  const bool down_good = fields.duration("down", kStretch, repeated.down_ns);
  const bool up_good = fields.duration("up", kStretch, repeated.up_ns);
  const bool how_good = fields.find("how") == nullptr || fields.word("how", how_words(), repeated.how);
  return nodes_good && down_good && up_good && how_good;
}

bool cuts_off_everyone(const Fields& fields, const Repeated& repeated, const NodeNames& names,
                       const std::vector<NodeId>& nodes, Complaints& complaints) {
  if (traits_of(repeated.how).place != FaultPlace::kSets || nodes.size() < names.count()) return false;
  complaints.add(fields.place_of("nodes"), "a partition that leaves no node on the other side",
                 "remove at least one node, or write how: pause");
  return true;
}

Fault away(const Repeated& repeated, const std::vector<NodeId>& nodes, const NodeNames& names, TimeNs at_ns) {
  Fault fault;
  fault.at_ns = at_ns;
  fault.for_ns = repeated.down_ns;
  fault.groups = {nodes};
  fault.kind = repeated.how;
  if (traits_of(fault.kind).place != FaultPlace::kSets) return fault;
  std::vector<bool> hit(names.count(), false);
  for (const NodeId node : nodes) hit[node] = true;
  std::vector<NodeId> rest;
  for (NodeId node = 0; node < names.count(); ++node) {
    if (!hit[node]) rest.push_back(node);
  }
  fault.groups.push_back(std::move(rest));
  return fault;
}

}  // namespace

void read_flap(const Yaml& value, const NodeNames& names, TimeNs at_ns, const Place& place,
               std::vector<PlacedFault>& faults, Complaints& complaints) {
  const Fields fields(value, "flap", kFlapKeys, complaints);
  if (!fields.is_map()) return;
  Repeated repeated;
  std::uint64_t times = 0;
  fields.need("times", "6");
  const bool times_good = fields.whole("times", {1, kTimesMax}, times);
  if (!read_common(fields, names, repeated, complaints) || !times_good) return;
  if (cuts_off_everyone(fields, repeated, names, repeated.nodes, complaints)) return;
  for (std::uint64_t i = 0; i < times; ++i) {
    const TimeNs start_ns = at_ns + static_cast<TimeNs>(i) * (repeated.down_ns + repeated.up_ns);
    faults.push_back({away(repeated, repeated.nodes, names, start_ns), place});
  }
}

void read_rolling(const Yaml& value, const NodeNames& names, TimeNs at_ns, const Place& place,
                  std::vector<PlacedFault>& faults, Complaints& complaints) {
  const Fields fields(value, "rolling", kRollingKeys, complaints);
  if (!fields.is_map()) return;
  Repeated repeated;
  repeated.how = FaultKind::kCrash;
  if (!read_common(fields, names, repeated, complaints)) return;
  for (const NodeId node : repeated.nodes) {
    if (cuts_off_everyone(fields, repeated, names, {node}, complaints)) return;
    faults.push_back({away(repeated, {node}, names, at_ns), place});
    at_ns += repeated.down_ns + repeated.up_ns;
  }
}

}  // namespace dkv::sim
