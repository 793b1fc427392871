#pragma once

#include <vector>

#include "cli/run/source.h"
#include "cli/terminal/json.h"
#include "cli/terminal/page.h"
#include "sim/scenario/scenario.h"
#include "sim/verdict/result.h"
#include "sim/why/chain.h"
#include "sim/world/world.h"

namespace dkv::cli {

// Explains the findings of a run, see sim/why/explain.h. Plays it again when there is something to explain.
std::vector<why::Chain> explain(const Source& source, const sim::WorldOptions& options, const sim::RunResult& result,
                                bool all);

void print_chain(Page& page, const why::Chain& chain);
// Prints the chains as numbered steps: of each invariant the first one.
void print_chains(Page& page, const std::vector<why::Chain>& chains);
Json chain_json(const why::Chain& chain, const sim::Scenario& scenario);
// A list of objects, one a chain, in the same order.
Json chains_json(const std::vector<why::Chain>& chains, const sim::Scenario& scenario);

}  // namespace dkv::cli
