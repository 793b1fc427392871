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

// Reads a scenario (docs/scenarios.md). overrides: "path=value" each, for example "cluster.w=1",
// "network.latency=5ms", "faults.0.at=3s". They are put into the file's tree before it is read, so that every check
// applies to them. A complaint about an override names the file "--set", and its line is the number of the override.
// Fails with all mistakes that were found, ascending by position, at most kComplaintsMax.
Loaded<Scenario> load_scenario_file(const std::string& path, const std::vector<std::string>& overrides = {});
Loaded<Scenario> load_scenario_text(std::string_view text, const std::string& file_name,
                                    const std::vector<std::string>& overrides = {});

// Reads a complete schedule of faults from a file of its own: `schedule:` and a list, like `faults:` in a scenario.
// It is for the nodes and places of the scenario. Random faults are not allowed. It is not checked how the faults fit
// together.
Loaded<Schedule> load_schedule_file(const std::string& path, const Scenario& scenario);
Loaded<Schedule> load_schedule_text(std::string_view text, const std::string& file_name, const Scenario& scenario);

// Writes that file; load_schedule_text() reads it back unchanged. Every fault with a delay must have a delay_text,
// and every node and place must be in the scenario.
std::string write_schedule(const Schedule& schedule, const Scenario& scenario);
// One fault in one line: "{at: 5s, for: 5s, crash: [n1]}".
std::string write_fault(const Fault& fault, const Scenario& scenario);

}  // namespace dkv::sim
