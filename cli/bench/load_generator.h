#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "cli/bench/load_protocol.h"
#include "engine/core/result.h"
#include "engine/core/types.h"
#include "engine/runtime/net/address.h"
#include "sim/kernel/histogram.h"

namespace dkv::cli {

struct Load {
  LoadProtocol protocol = LoadProtocol::kDistriKv;
  LoadKind kind = LoadKind::kPut;
  std::vector<Address> targets;  // connections go round among them
  std::uint32_t clients = 50;    // connections, one request each at a time
  std::uint64_t first_key = 0;
  std::uint64_t keys = 100'000;  // puts: each once, in order, and round again; gets: at random
  std::uint32_t value_bytes = 100;
  std::uint64_t operations = 0;  // as many as this, or
  TimeNs for_ns = 0;             // for so long
  double rate_per_second = 0;    // open loop: requests are due at this pace whatever the answers do; 0: closed loop
  std::uint64_t seed = 1;
};

struct LoadResult {
  std::uint64_t done = 0;
  std::uint64_t failed = 0;
  double seconds = 0;
  // Closed loop: from sending to the answer. Open loop: from when the request was due, so that one that had to wait for
  // a slow answer before it counts in full.
  sim::Histogram latency;
  double per_second() const noexcept { return seconds > 0 ? static_cast<double>(done) / seconds : 0; }
};

// Runs the load in the calling thread. progress is told the part that is done, some times a second; may be empty.
// Fails when a target can't be reached or a connection breaks.
Result<LoadResult> run_load(const Load& load, const std::function<void(double)>& progress = {});

}  // namespace dkv::cli
