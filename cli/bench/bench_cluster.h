#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/bench/load_protocol.h"
#include "engine/core/types.h"

namespace dkv::cli {

struct ClusterBenchArguments {
  std::vector<std::string> at;  // "host:port" of running servers; empty: starts its own nodes, and other servers
  LoadProtocol protocol = LoadProtocol::kDistriKv;  // of the running servers
  std::uint32_t clients = 50;
  std::uint32_t value_bytes = 100;
  std::uint64_t keys = 100'000;
  std::uint32_t repetitions = 3;
  TimeNs for_ns = 3 * kSecond;  // duration of each measurement
  double rate_per_second = 0;   // open loop; only with --at
  std::string folder;           // for the data of its own servers; empty: $TMPDIR, or the current folder
  bool json = false;
};

// Measures and prints. Returns the exit status.
int measure_cluster(const ClusterBenchArguments& arguments);

}  // namespace dkv::cli
