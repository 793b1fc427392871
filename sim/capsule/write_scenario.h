#pragma once

#include <string>

#include "engine/core/result.h"
#include "sim/capsule/source.h"
#include "sim/scenario/command.h"
#include "sim/scenario/write.h"

namespace dkv::sim {

// A scenario file that plays the source's run with these commands instead of its own: the same schedule from the same
// seed. The text of the source is kept where possible. Fails for a run of the swarm, which has no text. Also fails
// when the schedule is not the one that the scenario and the seed draw, and cannot be written in a scenario either.
Result<std::string> write_scenario(const Source& source, const Commands& commands);

}  // namespace dkv::sim
