#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "cli/bench/figure.h"
#include "engine/core/result.h"

namespace dkv::cli {

struct StoreBench {
  std::filesystem::path folder;   // for its files; its creator removes it
  std::uint64_t keys = 0;         // in the store that is restarted
  std::uint64_t operations = 0;   // of a fast measurement; slow ones take a fraction of it
  std::uint32_t repetitions = 0;  // interleaved with those of the comparison
  std::vector<Figure> figures;    // in the order of measurement
};

// Each measures one part on the real disk and adds its figures: medians of wall time. Fails when the disk fails.
Result<void> measure_synced_puts(StoreBench& bench);
Result<void> measure_unsynced_puts(StoreBench& bench);
Result<void> measure_hot_gets(StoreBench& bench);
Result<void> measure_restart(StoreBench& bench);  // and cold gets from the restarted store
Result<void> measure_merge(StoreBench& bench);
Result<void> measure_compression(StoreBench& bench);
Result<void> measure_copy(StoreBench& bench);

}  // namespace dkv::cli
