// What the parts of bench store share beside the rig.
#pragma once

#include <filesystem>
#include <vector>

#include "cli/bench/bench_store_rig.h"

namespace dkv::cli {

// Seconds for one get of a value that is not in the cache, and for a bare pread of the same bytes.
struct ColdGets {
  double store_seconds = 0;
  double bare_seconds = 0;
};
// One at a time, each key once in each round. drop: the operating system has none of the bytes in memory either.
Result<ColdGets> cold_gets(BenchStore& rig, const std::filesystem::path& folder, const std::vector<Key>& keys,
                           bool drop, std::uint32_t repetitions);

}  // namespace dkv::cli
