#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/input/fields.h"
#include "sim/faults/catalogue.h"
#include "sim/scenario/nodes.h"
#include "sim/scenario/scenario.h"

// The nodes or links that a fault hits, as a scenario file names them. A part of fault_fields.h.
namespace dkv::sim {

// The inputs of a fault's reader.
struct FaultReading {
  const FaultTraits& traits;
  const NodeNames& names;
  const TopologySpec& topology;
  Complaints& complaints;
};

// The keys of a mapping that name the place. Empty for a place that is not written in a mapping.
std::vector<std::string_view> place_keys(FaultPlace place);
// Reads the place from a mapping. False after a complaint.
bool read_place(const Fields& fields, const FaultReading& reading, Fault& fault);
// Reads the place from a bare value, which names nothing else. False after a complaint.
bool read_bare_place(const Yaml& value, const FaultReading& reading, Fault& fault);
// Writes the place: the fields of the mapping, or the bare value.
std::string place_text(const Fault& fault, const Scenario& scenario);

}  // namespace dkv::sim
