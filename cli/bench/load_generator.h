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
  std::vector<Address> targets;  // connections are distributed among them in turn
  std::uint32_t clients = 50;    // number of connections, with one request at a time each
  std::uint64_t first_key = 0;
  std::uint64_t keys = 100'000;  // puts: each key in order, again and again; gets: random keys
  std::uint32_t value_bytes = 100;
  std::uint64_t operations = 0;  // the load ends after this many operations; or
  TimeNs for_ns = 0;             // after this time
  double rate_per_second = 0;    // open loop: requests are due at this rate, independent of answers; 0: closed loop
  std::uint64_t seed = 1;
};

struct LoadResult {
  std::uint64_t done = 0;
  std::uint64_t failed = 0;
  double seconds = 0;
  // Closed loop: the time from sending to the answer. Open loop: from the due time, so that the wait for earlier slow
  // answers is included.
  sim::Histogram latency;
  double per_second() const noexcept { return seconds > 0 ? static_cast<double>(done) / seconds : 0; }
};

// Runs the load in the calling thread. progress, which may be empty, receives the finished share several times a
// second. Fails when a target cannot be reached or a connection breaks.
Result<LoadResult> run_load(const Load& load, const std::function<void(double)>& progress = {});

}  // namespace dkv::cli
