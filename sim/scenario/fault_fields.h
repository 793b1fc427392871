#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/input/fields.h"
#include "sim/scenario/nodes.h"
#include "sim/scenario/scenario.h"

// How a scenario file describes one fault: the value behind the word of its kind. The catalogue names the fields of
// each kind; fault_fields.cpp is the only place that reads and writes them.
namespace dkv::sim {

// The fields of each mapping that describes a fault ("direction", "links_fault", ...).
std::span<const KeySet> fault_mappings();

// Fills in what the fault does. False after a complaint.
bool read_fault_kind(const Yaml& value, FaultKind kind, const NodeNames& names, const TopologySpec& topology,
                     Fault& fault, Complaints& complaints);
// What read_fault_kind() reads as the same fault again.
std::string write_fault_kind(const Fault& fault, const Scenario& scenario);

// What stands behind `partition`, of a fault or a command: two sets of nodes or more. False after a complaint.
bool read_partition(const Yaml& value, const NodeNames& names, std::vector<std::vector<NodeId>>& groups,
                    Complaints& complaints);

}  // namespace dkv::sim
