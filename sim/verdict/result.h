#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/core/blob.h"
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
  WriteTag write = 0;   // that is lost
  bool remove = false;  // it was a delete
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

// What happened to a write whose client was told that it is done.
enum class SetbackKind : std::uint8_t {
  kStaleRead,  // a get did not show it
  kDiscarded,  // last-write-wins kept another write, whose writer had not seen it
  kLost,       // its last durable copy is gone
  kReturned,   // it was a delete that is lost, and a get shows what it had deleted
};
inline constexpr std::size_t kSetbackKinds = enumerators<SetbackKind>();
const char* setback_name(SetbackKind kind) noexcept;  // for programs: "stale_read"

// A node that holds a write, or a successor of it.
struct Holder {
  NodeId node = kNoNode;
  NodeId owner = kNoNode;  // the primary that its hint is for; kNoNode: its own copy
  friend bool operator==(const Holder&, const Holder&) = default;
};

// Observers are told when it happens. It has facts of the oracle only.
struct Setback {
  SetbackKind kind = SetbackKind::kStaleRead;
  TimeNs at_ns = 0;
  std::string key;
  WriteTag write = 0;  // the write that was acknowledged
  WriteTag by = 0;     // kDiscarded: the write that was kept. kReturned: the value that is back. kStaleRead: the shown
                       // write that last-write-wins prefers; 0: none
  bool remove = false, by_remove = false;        // it is a delete
  bool has_value = false, by_has_value = false;  // the value is known
  Blob value, by_value;
  NodeId node = kNoNode;        // kDiscarded, kLost: where it happened
  std::uint32_t session = 0;    // gets
  TimeNs started_ns = 0;        // gets
  TimeNs acknowledged_ns = 0;   // the write
  std::vector<Holder> holders;  // kStaleRead: that held it durably when the get ended
  std::string detail;           // kLost: the event that took the last copy
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
  std::array<Histogram, kOperationKinds> latency{};  // from the time at which the load wanted it to begin
  std::array<Histogram, kOperationKinds> service{};  // from its request to its answer
  Histogram waiting;                                 // of all kinds, in the client's own queue before the request
  WorldCounters world;
  JudgeCounters judge;
  TimeNs converged_after_ns = 0;  // since the heal; the whole limit if the replicas did not agree
  std::uint64_t siblings_read_max = 0;
  std::uint64_t contexts_refused = 0;
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
