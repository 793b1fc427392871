#pragma once

#include "cli/verdict/picture.h"
#include "cli/verdict/verdict_run.h"

namespace dkv::cli {

// The probability over the time of the run, with its intervals and its greatest jump.
Picture chart_of(const LostRun& run, const Verdict& verdict);

}  // namespace dkv::cli
