#pragma once

#include <cstdint>

#include "cli/fuzz/fuzz_report.h"
#include "cli/fuzz/seed_maker.h"

namespace dkv::cli {

// Cuts the run of each group's first seed, and writes what is left beside its capsule. An interrupt ends it.
void shrink_groups(const SeedMaker& maker, std::uint32_t jobs, FuzzReport& report);

}  // namespace dkv::cli
