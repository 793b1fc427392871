#pragma once

#include <string>

#include "engine/core/result.h"
#include "sim/capsule/source.h"
#include "sim/scenario/command.h"

namespace dkv::sim {

// "{at_event: 120, crash: [n1]}".
std::string write_command(const Command& command, const Scenario& scenario);
// "crash: [n1]", "put: cart, value: milk, via: n1": the same without its event.
std::string command_text(const Command& command, const Scenario& scenario);
// `commands:` and a list; empty for none.
std::string write_commands(const Commands& commands, const Scenario& scenario);

// A scenario file that plays the source's run with these commands in place of its own: the same schedule from the same
// seed. The source's text stays as it is wherever it can. Fails for a run of the swarm, which has no text, and when the
// source's schedule is not the one that its scenario and seed draw, and can't be said in a scenario either.
Result<std::string> write_scenario(const Source& source, const Commands& commands);

}  // namespace dkv::sim
