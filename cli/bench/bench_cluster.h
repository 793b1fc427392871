#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/bench/load_protocol.h"
#include "engine/core/types.h"

namespace dkv::cli {

struct ClusterBenchArguments {
  std::vector<std::string> at;  // "host:port" of servers that run; empty: nodes of its own, beside others
  LoadProtocol protocol = LoadProtocol::kDistriKv;  // of what runs there
  std::uint32_t clients = 50;
  std::uint32_t value_bytes = 100;
  std::uint64_t keys = 100'000;
  std::uint32_t repetitions = 3;
  TimeNs for_ns = 3 * kSecond;  // each measurement
  double rate_per_second = 0;   // open loop; with --at only
  std::string folder;           // of its own servers' data; empty: $TMPDIR, or the current one
  bool json = false;
};

// Measures and prints; answers with the exit status.
int measure_cluster(const ClusterBenchArguments& arguments);

}  // namespace dkv::cli
