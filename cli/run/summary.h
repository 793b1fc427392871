#pragma once

#include <string>
#include <vector>

#include "cli/run/source.h"
#include "cli/terminal/page.h"
#include "sim/scenario/scenario.h"
#include "sim/verdict/result.h"
#include "sim/why/chain.h"

namespace dkv::cli {

// Prints the summary after the story: results of clients, work of the cluster, findings of the oracles with their
// chains, the verdict.
void summarize(Page& page, const sim::RunResult& result, const sim::Scenario& scenario,
               const std::vector<why::Chain>& chains);
// Prints only the failures, their chains and the verdict.
void summarize_briefly(Page& page, const sim::RunResult& result, const sim::Scenario& scenario,
                       const std::vector<why::Chain>& chains);

}  // namespace dkv::cli
