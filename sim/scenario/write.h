#pragma once

#include <string>
#include <string_view>

#include "sim/scenario/command.h"
#include "sim/scenario/scenario.h"

namespace dkv::sim {

// A whole scenario as a person would write it: fields at their defaults are left out, except the first ones that a
// reader looks for (nodes, n, r, w). load_scenario_text() reads it back as the same scenario, except for its name and
// the lines of its expectations. All settings must be expressible in a file.
std::string write_scenario(const Scenario& scenario);

// "{at: 1s, as: alice, put: cart, value: milk}".
std::string write_step(const Step& step, const Scenario& scenario);

// "{at_event: 120, crash: [n1]}".
std::string write_command(const Command& command, const Scenario& scenario);
// The same without the event: "crash: [n1]", "put: cart, value: milk, via: n1".
std::string command_text(const Command& command, const Scenario& scenario);
// `commands:` and a list; empty when there are none.
std::string write_commands(const Commands& commands, const Scenario& scenario);

}  // namespace dkv::sim
