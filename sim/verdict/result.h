#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/core/names.h"
#include "engine/core/types.h"
#include "sim/faults/fault.h"
#include "sim/kernel/histogram.h"
#include "sim/verdict/counts.h"
#include "sim/verdict/invariants.h"

namespace dkv::sim {

struct Violation {
  Invariant invariant = Invariant::kNoLostWrite;
  Breach breach = Breach::kLost;  // one of that invariant
  TimeNs at_ns = 0;
  NodeId node = kNoNode;
  std::string key;  // as people read it: "bucket/key", or the key alone; empty: none
  std::string detail;
  std::vector<WriteTag> writes;  // that it is about; the first one is its subject
  NodeId other = kNoNode;        // a second node: the owner of a hint, the receiver of a message, another holder
};

// An invariant that this run could not judge.
struct NotJudged {
  Invariant invariant = Invariant::kNoLostWrite;
  std::string why;
};

// A loss that no store could have prevented, with its proof.
struct Excused {
  TimeNs at_ns = 0;  // the time when the last durable copy was destroyed
  NodeId node = kNoNode;
  std::string key;
  std::string detail;
  WriteTag write = 0;  // that is lost
};

// A get that did not show an acknowledged write.
struct StaleRead {
  TimeNs at_ns = 0;       // when its client had the answer
  TimeNs started_ns = 0;  // when its client began it
  std::uint32_t session = 0;
  std::string key;
  WriteTag missed = 0;          // was acknowledged before the get began
  std::uint8_t write_need = 0;  // the w of that write
};

// The operations of clients, by outcome.
struct OperationCount {
  std::uint64_t ok = 0;
  std::uint64_t refused = 0;  // certainly not done
  std::uint64_t unknown = 0;
};
enum class OperationKind : std::uint8_t { kGet, kPut, kDelete };
inline constexpr std::size_t kOperationKinds = enumerators<OperationKind>();
const char* operation_name(OperationKind kind) noexcept;

struct RunResult {
  std::string scenario;
  std::uint64_t seed = 0;
  bool pass = false;
  std::uint64_t fingerprint = 0;
  std::uint64_t events = 0;
  TimeNs sim_ns = 0;
  double wall_seconds = 0;  // filled in by the caller that owns a clock
  std::array<OperationCount, kOperationKinds> operations{};
  std::array<Histogram, kOperationKinds> latency{};
  WorldCounters world;
  JudgeCounters judge;
  TimeNs converged_after_ns = 0;  // since the heal; the whole limit if the replicas did not agree
  std::uint64_t siblings_read_max = 0;
  std::uint64_t steps_failed = 0;
  std::uint64_t violations_in_all = 0;         // including violations that are not kept
  std::vector<Violation> violations;           // not expected by the scenario
  std::vector<Violation> expected_violations;  // announced by the scenario
  std::vector<NotJudged> not_judged;
  std::vector<Excused> excused;
  std::vector<Excused> discarded;      // acknowledged writes that last-write-wins discarded, the first hundred
  std::vector<StaleRead> stale_reads;  // the first hundred
  std::vector<std::string> failed_expectations;  // "stale_reads == 0: it is 3 (line 41)"
  Schedule faults;
  // Every number that an expectation may name, from metrics_of(). Every run has the same keys.
  std::map<std::string, double> metrics;
};

// The names of all metrics, each with a line of explanation, ascending by name. The scenario loader checks against
// this list, and the reference documentation shows it.
struct MetricName {
  const char* name;
  const char* meaning;
};
const std::vector<MetricName>& metric_names();
// Computes the values from the other members of the result.
std::map<std::string, double> metrics_of(const RunResult& result);

}  // namespace dkv::sim
