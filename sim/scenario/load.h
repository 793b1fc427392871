#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "engine/input/complaint.h"
#include "sim/scenario/scenario.h"

namespace dkv::sim {

inline constexpr std::size_t kCapsuleBytesMax = 16 << 20;  // a whole scenario and its drawn faults

template <typename T>
using Loaded = tl::expected<T, std::vector<Complaint>>;

// Reads a scenario (docs/scenarios.md). overrides: "path=value" each, for example "cluster.w=1", "network.latency=5ms",
// "faults.0.at=3s"; they are put into the file's tree before it is read, so that every check applies. A complaint about
// one names the file "--set" and, as its line, which override it is.
// Fails with all mistakes that can be found at once, ascending by position, at most kComplaintsMax.
Loaded<Scenario> load_scenario_file(const std::string& path, const std::vector<std::string>& overrides = {});
Loaded<Scenario> load_scenario_text(std::string_view text, const std::string& file_name,
                                    const std::vector<std::string>& overrides = {});

// A complete schedule of faults in a file of its own (`schedule:` and a list as a scenario's `faults:`), for the nodes
// and places of the scenario. Random faults are not allowed, and nothing is asked of how the faults fit together.
Loaded<Schedule> load_schedule_file(const std::string& path, const Scenario& scenario);
Loaded<Schedule> load_schedule_text(std::string_view text, const std::string& file_name, const Scenario& scenario);

// The same file, written: load_schedule_text() reads it back unchanged. Every fault with a delay carries delay_text,
// and every node and place is one of the scenario's.
std::string write_schedule(const Schedule& schedule, const Scenario& scenario);
// One fault in one line: "{at: 5s, for: 5s, crash: [n1]}".
std::string write_fault(const Fault& fault, const Scenario& scenario);

}  // namespace dkv::sim
