#pragma once

#include <cstdint>

namespace dkv {

enum class MetricType : std::uint8_t {
  kCounter,  // grows while the process lives
  kGauge,    // may grow and shrink
  kFlag,     // 1 or 0
};
enum class MetricUnit : std::uint8_t { kNumber, kBytes, kNanoseconds };

// A number that is shown to people and programs, as one row of a table. /metrics, the statistics and the simulator's
// results ask the same tables, so that a number has one name and one explanation. `Of` is the thing that is counted.
template <class Of>
struct Metric {
  const char* name;  // "store_merges". In /metrics a counter ends in "_total" and nanoseconds in "_seconds"
  MetricType type;
  MetricUnit unit;
  const char* help;  // a few words, in lower case and without a full stop
  std::uint64_t (*read)(const Of&);
  const char* run_metric = nullptr;  // the metric of a simulated run that sums this over all nodes' lives; null: none
};

}  // namespace dkv
