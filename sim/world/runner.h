#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "sim/scenario/scenario.h"
#include "sim/verdict/result.h"
#include "sim/watch/observer.h"
#include "sim/world/world.h"

namespace dkv::sim {

// Plays a scenario to its end. A null schedule is drawn from the scenario and the seed. The same arguments give the
// same result. wall_seconds stays 0, because the simulator has no clock.
RunResult run(std::shared_ptr<const Scenario> scenario, std::uint64_t seed, std::shared_ptr<const Schedule> schedule,
              const WorldOptions& options = {}, Observer* observer = nullptr);

// The result of a world that has ended.
RunResult summarize(const World& world);

// Whether the number of the result is within the bound.
bool holds(const Expectation& expect, const RunResult& result);
// For an expectation that does not hold: "stale_reads == 0: it is 3", or "...: nothing to judge, no get was judged".
std::string why_failed(const Expectation& expect, const RunResult& result);
// As a failed expectation shows it: at most ten digits.
std::string number_text(double value);

}  // namespace dkv::sim
