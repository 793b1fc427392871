#pragma once

#include <string>

#include "cli/run/source.h"
#include "cli/terminal/page.h"
#include "sim/scenario/scenario.h"
#include "sim/verdict/result.h"

namespace dkv::cli {

// After the story: what clients got, what the cluster did, what the oracles say, and the verdict.
void summarize(Page& page, const sim::RunResult& result, const sim::Scenario& scenario);
// Only what failed, and the verdict.
void summarize_briefly(Page& page, const sim::RunResult& result, const sim::Scenario& scenario);

}  // namespace dkv::cli
