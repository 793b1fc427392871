#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/input/fields.h"
#include "sim/scenario/nodes.h"
#include "sim/scenario/scenario.h"

// The text of one fault in a scenario file: the value after the word of its kind. The catalogue names the fields of
// each kind. Only fault_fields.cpp reads and writes them.
namespace dkv::sim {

// The fields of each mapping that can describe a fault ("direction", "links_fault", ...).
std::span<const KeySet> fault_mappings();

// Reads the parameters of the fault. False after a complaint.
bool read_fault_kind(const Yaml& value, FaultKind kind, const NodeNames& names, const TopologySpec& topology,
                     Fault& fault, Complaints& complaints);
// Writes the fault. read_fault_kind() reads it back unchanged.
std::string write_fault_kind(const Fault& fault, const Scenario& scenario);

// Reads the value of `partition`, of a fault or a command: at least two sets of nodes. False after a complaint.
bool read_partition(const Yaml& value, const NodeNames& names, std::vector<std::vector<NodeId>>& groups,
                    Complaints& complaints);

}  // namespace dkv::sim
