#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/run/source.h"

namespace dkv::cli {

// The content of a trace's first and last line: enough to play the run again.
struct TraceEnds {
  std::string build;
  std::string scenario_name;
  std::uint64_t seed = 0;
  std::string scenario_text;  // empty: from the swarm
  std::vector<std::string> overrides;
  std::optional<std::uint64_t> swarm_seed;
  std::string schedule_text;
  std::optional<std::uint64_t> fingerprint;  // from the last line; not set when the trace ends before the run did
};

bool is_trace(const std::string& path);
// Reads the whole file with bounded memory.
Found<TraceEnds> read_trace(const std::string& path);

}  // namespace dkv::cli
