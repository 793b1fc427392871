#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/world.h"
#include "viz/model/branch.h"

namespace dkv::viz {

// An operation on the time line. finished_ns -1: its client still waits.
struct OperationBar {
  std::uint32_t session = 0;
  std::string name;  // of a scripted session; empty: the load's
  sim::OperationKind kind = sim::OperationKind::kGet;
  KeyNumber key = kNoKey;
  NodeId via = kNoNode;
  TimeNs started_ns = 0;
  TimeNs finished_ns = -1;
  EventNumber event = 0;  // that ended it; 0: still running
  OperationEnd end = OperationEnd::kDone;
  Reason reason = Reason::kNone;
  std::string value;
  std::uint16_t siblings = 0;
};
// Those that run at some time in [from_ns, to_ns]: that ended, as far as the log is at hand, and that run at world's
// moment. Ascending by session, then start. At most `most`.
std::vector<OperationBar> operation_bars(const Branch& branch, const sim::World& world, KeyTable& keys, TimeNs from_ns,
                                         TimeNs to_ns, std::size_t most);

// What clients got, in equal steps of time.
struct TrafficStep {
  TimeNs from_ns = 0;
  std::array<std::uint32_t, sim::kOperationKinds> done{};  // by OperationKind
  std::uint32_t refused = 0;
  std::uint32_t unknown = 0;  // no answer, or none that says
  TimeNs p50_ns = -1;         // of those that were done; -1: none was
  TimeNs p99_ns = -1;
  TimeNs worst_ns = -1;
};
// The operations that ended in [from_ns, to_ns), in `steps` steps (at least 1). Of the whole run, whatever the log
// holds.
std::vector<TrafficStep> traffic(const Branch& branch, TimeNs from_ns, TimeNs to_ns, std::size_t steps);

// A stretch of time in which a fault was on, for shades behind curves.
struct FaultSpan {
  std::uint32_t fault = 0;  // see World::fault()
  sim::FaultKind kind = sim::FaultKind::kPartition;
  TimeNs from_ns = 0;
  TimeNs to_ns = 0;
  bool by_command = false;
  std::string text;  // as a scenario writes it
};
// Of the schedule as planned, and of commands as they were.
std::vector<FaultSpan> fault_spans(const Branch& branch, const sim::World& world);

}  // namespace dkv::viz
