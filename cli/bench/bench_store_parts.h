// Shared code of the parts of bench store, besides the rig.
#pragma once

#include <filesystem>
#include <vector>

#include "cli/bench/bench_store_rig.h"

namespace dkv::cli {

// The seconds for one get of a value that is not in the cache, and for a bare pread of the same bytes.
struct ColdGets {
  double store_seconds = 0;
  double bare_seconds = 0;
};
// Gets one key at a time, each once in each round. drop: removes the bytes from the memory of the operating system
// first.
Result<ColdGets> cold_gets(BenchStore& rig, const std::filesystem::path& folder, const std::vector<Key>& keys,
                           bool drop, std::uint32_t repetitions);

}  // namespace dkv::cli
