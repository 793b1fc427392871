#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "engine/input/fields.h"
#include "sim/kernel/distribution.h"
#include "sim/scenario/nodes.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/vocabulary.h"

// The parts of the loader, one file each. Every reader complains about wrong fields, and leaves the default where a
// field is missing or wrong.
namespace dkv::sim {

// read_distribution.cpp. Reads a duration, or a mapping with the name of one shape. False after a complaint.
bool read_distribution(const Yaml& value, std::string_view field, Distribution& out, Complaints& complaints);

// read_cluster.cpp. Returns whether the names of the nodes are complete.
bool read_members(const Yaml* cluster, std::vector<Member>& members, Complaints& complaints);
void read_cluster(const Yaml& value, ClusterSpec& cluster, Complaints& complaints);

// read_network.cpp
void read_network(const Yaml& value, const NodeNames& names, const std::vector<Member>& members, NetworkSpec& network,
                  Complaints& complaints);
// read_topology.cpp
void read_topology(const Yaml& value, const std::vector<Member>& members, TopologySpec& topology,
                   Complaints& complaints);

// read_workload.cpp, read_steps.cpp
void read_workload(const Yaml& value, const NodeNames& names, const Scenario& scenario, WorkloadSpec& workload,
                   Complaints& complaints);
void read_steps(const Yaml& value, const NodeNames& names, const Scenario& scenario, std::vector<Step>& steps,
                Complaints& complaints);

// A fault with the place of its item in the file. All faults from one `flap` or `rolling` share a place.
struct PlacedFault {
  Fault fault;
  Place place;
};
inline constexpr std::size_t kFaultItemsMax = 5000;
inline constexpr std::size_t kFaultsMax = 50'000;

// read_faults.cpp. The faults are in the order of the file. palette null: random ones are not allowed.
std::vector<PlacedFault> read_faults(const Yaml& value, const NodeNames& names, const Scenario& scenario,
                                     std::optional<Palette>* palette, Complaints& complaints);
// False after a complaint that the backend has no disk for this kind of fault.
bool check_backend(FaultKind kind, const Place& place, const Scenario& scenario, Complaints& complaints);
// read_repeated.cpp. Reads `flap` and `rolling`, which stand for several faults.
void read_flap(const Yaml& value, const NodeNames& names, TimeNs at_ns, const Place& place,
               std::vector<PlacedFault>& faults, Complaints& complaints);
void read_rolling(const Yaml& value, const NodeNames& names, TimeNs at_ns, const Place& place,
                  std::vector<PlacedFault>& faults, Complaints& complaints);
// read_palette.cpp
void read_palette(const Yaml& value, const Scenario& scenario, Palette& palette, Complaints& complaints);

// check_faults.cpp. Complains about faults that contradict each other, for example a crash of a node that is down.
void check_faults(const std::vector<PlacedFault>& faults, const Scenario& scenario, Complaints& complaints);

// read_commands.cpp. Ascending by at_event; commands before the same event are in the order of the file.
Commands read_commands(const Yaml& value, const NodeNames& names, Complaints& complaints);

// read_expect.cpp
void read_expect(const Yaml& value, Scenario& scenario, Complaints& complaints);

// Sorts by at_ns; faults of equal times keep their order.
Schedule sorted_schedule(std::vector<PlacedFault> faults);

}  // namespace dkv::sim
