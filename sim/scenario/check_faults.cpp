#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/input/units.h"
#include "sim/faults/catalogue.h"
#include "sim/scenario/read.h"

namespace dkv::sim {

namespace {

// The resource for which faults exclude each other on one node (or link). A process that is down cannot be paused
// either.
FaultHolds family_of(const FaultTraits& traits) {
  return traits.takes_away() ? FaultHolds::kDown : traits.holds;
}

std::string state_words(const PlacedFault& earlier, TimeNs until_ns) {
  const std::string until =
      until_ns == std::numeric_limits<TimeNs>::max() ? "until the heal" : "until " + duration_text(until_ns);
  const std::string since = " (line " + std::to_string(earlier.place.line) + ", " + until + ")";
  switch (traits_of(earlier.fault.kind).holds) {
    case FaultHolds::kPaused: return "is paused" + since;
    case FaultHolds::kClock: return "has a skewed clock" + since;
    case FaultHolds::kReads: return "has read errors" + since;
    case FaultHolds::kDown:
    case FaultHolds::kLink: return "is down" + since;
    case FaultHolds::kNothing: break;
  }
  return {};  // such faults are not checked
}

// The names of the things that a fault holds: "node n1", "the link between a and b".
std::vector<std::string> subjects_of(const Fault& fault, FaultHolds family, const Scenario& scenario) {
  if (family == FaultHolds::kLink) {
    const auto [a, b] = std::minmax(fault.from, fault.to);
    return {"the link between " + quoted(a) + " and " + quoted(b)};
  }
  std::vector<std::string> subjects;
  if (fault.groups.empty()) return subjects;
  for (const NodeId node : fault.groups[0]) {
    if (node < scenario.cluster.members.size()) {
      subjects.push_back("node " + quoted(scenario.cluster.members[node].name));
    }
  }
  return subjects;
}

class Sweep {
 public:
  Sweep(const Scenario& scenario, Complaints& complaints) : scenario_(scenario), complaints_(complaints) {}

  // Faults must be added in ascending order of time.
  void add(const PlacedFault& placed) {
    const Fault& fault = placed.fault;
    const FaultTraits& traits = traits_of(fault.kind);
    const FaultHolds family = family_of(traits);
    if (family == FaultHolds::kNothing) return;
    const TimeNs until_ns = fault.for_ns == 0 ? std::numeric_limits<TimeNs>::max() : fault.at_ns + fault.for_ns;
    for (const std::string& subject : subjects_of(fault, family, scenario_)) {
      Held& held = held_[{family, subject}];
      if (held.by != nullptr && fault.at_ns < held.until_ns) {
        complaints_.add(placed.place,
                        std::string(traits.word) + " at " + duration_text(fault.at_ns) + ": " + subject + " " +
                            state_words(*held.by, held.until_ns) + " already",
                        "begin later, or shorten the other fault with 'for'");
      }
      if (held.by == nullptr || until_ns > held.until_ns) held = {&placed, until_ns};
    }
  }

 private:
  struct Held {
    const PlacedFault* by = nullptr;
    TimeNs until_ns = 0;
  };

  const Scenario& scenario_;
  Complaints& complaints_;
  std::map<std::pair<FaultHolds, std::string>, Held> held_;
};

}  // namespace

void check_faults(const std::vector<PlacedFault>& faults, const Scenario& scenario, Complaints& complaints) {
  std::vector<const PlacedFault*> by_time;
  for (const PlacedFault& placed : faults) {
    by_time.push_back(&placed);
    if (placed.fault.at_ns < scenario.run_ns) continue;
    complaints.add(placed.place,
                   "this fault begins at " + duration_text(placed.fault.at_ns) + ", after the end of the run",
                   "the run ends after " + duration_text(scenario.run_ns) + ": move the fault, or make 'run' longer");
  }
  std::stable_sort(by_time.begin(), by_time.end(),
                   [](const PlacedFault* a, const PlacedFault* b) { return a->fault.at_ns < b->fault.at_ns; });
  Sweep sweep(scenario, complaints);
  for (const PlacedFault* placed : by_time) sweep.add(*placed);
}

}  // namespace dkv::sim
