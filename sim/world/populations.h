#pragma once

#include <string_view>
#include <vector>

#include "sim/scenario/scenario.h"
#include "sim/verdict/result.h"

namespace dkv::sim {

// A share, a percentile or a promise says nothing about a run in which the thing that it counts never happened.

// Why the value of the metric means nothing, for example "no get was done"; null when it means something.
const char* nothing_behind(std::string_view metric, const RunResult& result) noexcept;

// The invariants that no event of the run could have broken. Those that broke, or that the result names as not judged
// already, are not among them.
std::vector<NotJudged> nothing_to_judge(const RunResult& result, const Scenario& scenario);

}  // namespace dkv::sim
