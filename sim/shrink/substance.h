#pragma once

#include "sim/scenario/scenario.h"
#include "sim/shrink/target.h"
#include "sim/verdict/result.h"

namespace dkv::sim {

// "ops_ok >= 100" also fails in a run without a single operation, and such a run says nothing. A target of this kind
// demands operations beside its failure: operations of its metric, or any if the metric is about none. Where operations
// of the first run were not done, it demands one that was not done.

// Completes the target, whose run came to this result. False: the run itself has no such operation, and so there is
// nothing to keep.
bool keep_substance(const Scenario& scenario, const RunResult& result, Target& target);
// Whether a run has what the target demands beside its failure.
bool has_substance(const Target& target, const RunResult& result);

}  // namespace dkv::sim
