#include <string>

#include "engine/input/units.h"
#include "sim/faults/catalogue.h"
#include "sim/scenario/fault_fields.h"
#include "sim/scenario/load.h"

namespace dkv::sim {

std::string write_fault(const Fault& fault, const Scenario& scenario) {
  std::string text = "{at: " + duration_text(fault.at_ns);
  if (fault.for_ns != 0) text += ", for: " + duration_text(fault.for_ns);
  text += std::string(", ") + fault_name(fault.kind) + ": " + write_fault_kind(fault, scenario);
  if (fault.random) text += ", drawn: true";
  return text + "}";
}

std::string write_schedule(const Schedule& schedule, const Scenario& scenario) {
  if (schedule.empty()) return "schedule: []\n";
  std::string text = "schedule:\n";
  for (const Fault& fault : schedule) text += "  - " + write_fault(fault, scenario) + "\n";
  return text;
}

}  // namespace dkv::sim
