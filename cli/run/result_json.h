#pragma once

#include "cli/terminal/json.h"
#include "sim/scenario/scenario.h"
#include "sim/verdict/result.h"

namespace dkv::cli {

// The result of one run for programs. docs/scenarios.md lists the metrics under "stats". Times are in seconds,
// latencies in milliseconds.
Json result_json(const sim::RunResult& result, const sim::Scenario& scenario);

}  // namespace dkv::cli
