#pragma once

#include <cstdint>

#include "sim/scenario/scenario.h"

namespace dkv::cli {

struct SimBenchArguments {
  std::uint32_t nodes = 5;
  std::uint32_t keys = 1000;
  std::uint64_t events = 1'000'000;  // measured, for each variant and repetition
  std::uint32_t repetitions = 5;
  TimeNs time_ns = 0;  // instead of events: CPU time for each
  bool json = false;
};

// Where a simulated event's time goes, in nanoseconds of processor time: medians over interleaved repetitions.
struct SimSpeed {
  std::uint64_t events = 0;      // of each measurement
  double events_per_second = 0;  // of processor time, all oracles and the codec on
  double wall_events_per_second = 0;
  double total_ns = 0;    // an event
  double queue_ns = 0;    // the same pushes and pops on a bare queue of the same depth
  double codec_ns = 0;    // with less without: encoding and decoding every message
  double oracles_ns = 0;  // with less without
  double storage_ns = 0;  // with less with the memory backend: the log store, the bytes of its disk
  double rest_ns = 0;     // node, network, clients
  double sim_seconds_per_second = 0;
  double operations_per_second = 0;
  std::uint64_t pending_events = 0;  // the queue's depth, on average
  std::uint64_t peak_rss_bytes = 0;
};

SimSpeed measure_sim(const SimBenchArguments& arguments);

// The cluster and load that is measured: n=3, r=w=2, 64 clients without pause to speak of, half gets and half puts of
// 100 bytes, uniform keys, no faults.
sim::Scenario bench_scenario(std::uint32_t nodes, std::uint32_t keys);

// Nanoseconds of processor time for one push and one pop, at a steady depth with the gaps of a simulated cluster.
double measure_queue_ns(std::uint64_t depth, std::uint64_t pairs);

}  // namespace dkv::cli
