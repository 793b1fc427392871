#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/input/fields.h"
#include "sim/faults/catalogue.h"
#include "sim/scenario/nodes.h"
#include "sim/scenario/scenario.h"

// Which nodes or links a fault hits, as a scenario file says it. A part of fault_fields.h.
namespace dkv::sim {

// What the reader of a fault goes by.
struct FaultReading {
  const FaultTraits& traits;
  const NodeNames& names;
  const TopologySpec& topology;
  Complaints& complaints;
};

// The keys of a mapping that say the place; empty for a place that no mapping says.
std::vector<std::string_view> place_keys(FaultPlace place);
// False after a complaint.
bool read_place(const Fields& fields, const FaultReading& reading, Fault& fault);
// The value is the place, and all that there is to say. False after a complaint.
bool read_bare_place(const Yaml& value, const FaultReading& reading, Fault& fault);
// The fields of the mapping that say the place, or the bare value.
std::string place_text(const Fault& fault, const Scenario& scenario);

}  // namespace dkv::sim
