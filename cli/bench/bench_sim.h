#pragma once

#include <cstdint>

#include "sim/scenario/scenario.h"

namespace dkv::cli {

struct SimBenchArguments {
  std::uint32_t nodes = 5;
  std::uint32_t keys = 1000;
  std::uint64_t events = 1'000'000;  // for each variant and repetition
  std::uint32_t repetitions = 5;
  TimeNs time_ns = 0;  // if not 0, used instead of `events`: CPU time for each
  bool json = false;
};

// The parts of a simulated event's cost, in nanoseconds of CPU time. Medians over interleaved repetitions.
struct SimSpeed {
  std::uint64_t events = 0;      // of each measurement
  double events_per_second = 0;  // of CPU time, with all oracles and the codec
  double wall_events_per_second = 0;
  double total_ns = 0;    // for one event
  double queue_ns = 0;    // the same pushes and pops on a bare queue of the same depth
  double codec_ns = 0;    // total without the codec subtracted: encoding and decoding every message
  double oracles_ns = 0;  // total without the oracles subtracted
  double storage_ns = 0;  // total with the memory backend subtracted: the log store and the bytes of its disk
  double rest_ns = 0;     // node, network, clients
  double sim_seconds_per_second = 0;
  double operations_per_second = 0;
  std::uint64_t pending_events = 0;  // the average depth of the queue
  std::uint64_t peak_rss_bytes = 0;
};

SimSpeed measure_sim(const SimBenchArguments& arguments);

// The measured cluster and load: n=3, r=w=2, 64 clients almost without pauses, half gets and half puts of 100 bytes,
// uniform keys, no faults.
sim::Scenario bench_scenario(std::uint32_t nodes, std::uint32_t keys);

// The CPU time in nanoseconds of one push and one pop, at a constant depth, with the time gaps of a simulated
// cluster.
double measure_queue_ns(std::uint64_t depth, std::uint64_t pairs);

}  // namespace dkv::cli
