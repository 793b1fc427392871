#pragma once

#include "cli/fuzz/fuzz_report.h"
#include "cli/fuzz/seed_maker.h"

namespace dkv::cli {

// Explains the run of each group's first seed: the first finding of it. At most kGroupsExplainedMax groups.
inline constexpr std::size_t kGroupsExplainedMax = 5;
void explain_groups(const SeedMaker& maker, FuzzReport& report);

}  // namespace dkv::cli
