#pragma once

#include <string>

#include "cli/run/source.h"
#include "cli/terminal/page.h"
#include "sim/scenario/scenario.h"
#include "sim/verdict/result.h"

namespace dkv::cli {

// Prints the summary after the story: results of clients, work of the cluster, findings of the oracles, the verdict.
void summarize(Page& page, const sim::RunResult& result, const sim::Scenario& scenario);
// Prints only the failures and the verdict.
void summarize_briefly(Page& page, const sim::RunResult& result, const sim::Scenario& scenario);

}  // namespace dkv::cli
