#pragma once

#include <cstdint>

namespace dkv {

enum class MetricType : std::uint8_t {
  kCounter,  // grows while the process lives
  kGauge,    // may grow and shrink
  kFlag,     // 1 or 0
};
enum class MetricUnit : std::uint8_t { kNumber, kBytes, kNanoseconds };

// A number that is shown to people and programs, as one row of a table. /metrics, the statistics and the results of
// the simulator read the same tables, so that a number has one name and one explanation. `Of` is the type of the
// object that counts.
template <class Of>
struct Metric {
  const char* name;  // "store_merges". In /metrics a counter ends in "_total" and nanoseconds in "_seconds"
  MetricType type;
  MetricUnit unit;
  const char* help;  // a few words in lower case, without a full stop
  std::uint64_t (*read)(const Of&);
  const char* run_metric = nullptr;  // metric of a simulated run that sums this over all lives of all nodes; null: none
};

}  // namespace dkv
