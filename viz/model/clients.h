#pragma once

#include <array>
#include <cstdint>
#include <numeric>
#include <vector>

#include "sim/world/world.h"
#include "viz/model/branch.h"

namespace dkv::viz {

// The results of clients in one step of time. All steps are equally long.
struct TrafficStep {
  TimeNs from_ns = 0;
  std::array<std::uint32_t, sim::kOperationKinds> done{};  // by OperationKind
  std::uint32_t refused = 0;
  std::uint32_t unknown = 0;  // no answer, or an unknown outcome
  TimeNs p50_ns = -1;         // of the operations that were done; -1: there is none
  TimeNs p99_ns = -1;
  TimeNs worst_ns = -1;

  std::uint32_t answered() const noexcept { return std::accumulate(done.begin(), done.end(), 0u); }
  std::uint32_t failed() const noexcept { return refused + unknown; }
};
// The operations that ended in [from_ns, to_ns), in `steps` steps (at least 1). Available for the whole run, even
// where the log was dropped.
std::vector<TrafficStep> traffic(const Branch& branch, TimeNs from_ns, TimeNs to_ns, std::size_t steps);

// A time span in which a fault was on, for the shading behind curves.
struct FaultSpan {
  std::uint32_t fault = 0;  // see World::fault()
  sim::FaultKind kind = sim::FaultKind::kPartition;
  TimeNs from_ns = 0;
  TimeNs to_ns = 0;  // equal to from_ns for a fault that strikes once
  bool by_command = false;
};
// The faults of the schedule as planned, and those of commands as they were.
std::vector<FaultSpan> fault_spans(const Branch& branch, const sim::World& world);

}  // namespace dkv::viz
