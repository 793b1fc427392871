#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "engine/input/fields.h"
#include "sim/kernel/distribution.h"
#include "sim/scenario/nodes.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/vocabulary.h"

// The parts of the loader, one file each. Every reader leaves defaults where a field is missing or wrong, and
// complains.
namespace dkv::sim {

// read_distribution.cpp. A duration, or a mapping with the name of one shape. False after a complaint.
bool read_distribution(const Yaml& value, std::string_view field, Distribution& out, Complaints& complaints);

// read_cluster.cpp. Answers whether the names of the nodes can be relied on.
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

// A fault with the place of its item; flapping and rolling ones share one.
struct PlacedFault {
  Fault fault;
  Place place;
};
inline constexpr std::size_t kFaultItemsMax = 5000;
inline constexpr std::size_t kFaultsMax = 50'000;

// read_faults.cpp. The faults come in the file's order. palette null: random ones are not allowed here.
std::vector<PlacedFault> read_faults(const Yaml& value, const NodeNames& names, const Scenario& scenario,
                                     std::optional<Palette>* palette, Complaints& complaints);
// False after a complaint: the kind breaks what only the log backend has.
bool check_backend(FaultKind kind, const Place& place, const Scenario& scenario, Complaints& complaints);
// read_repeated.cpp: `flap` and `rolling`, which stand for several faults.
void read_flap(const Yaml& value, const NodeNames& names, TimeNs at_ns, const Place& place,
               std::vector<PlacedFault>& faults, Complaints& complaints);
void read_rolling(const Yaml& value, const NodeNames& names, TimeNs at_ns, const Place& place,
                  std::vector<PlacedFault>& faults, Complaints& complaints);
// read_palette.cpp
void read_palette(const Yaml& value, const Scenario& scenario, Palette& palette, Complaints& complaints);

// check_faults.cpp. Complains about faults that make no sense together: a crash of a node that is down, and the like.
void check_faults(const std::vector<PlacedFault>& faults, const Scenario& scenario, Complaints& complaints);

// read_commands.cpp. Ascending by at_event; those before one event in the file's order.
Commands read_commands(const Yaml& value, const NodeNames& names, Complaints& complaints);

// read_expect.cpp
void read_expect(const Yaml& value, Scenario& scenario, Complaints& complaints);

// Stable, ascending by at_ns.
Schedule sorted_schedule(std::vector<PlacedFault> faults);

}  // namespace dkv::sim
