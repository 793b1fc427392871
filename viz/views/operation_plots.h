#pragma once

#include <cstdint>
#include <vector>

#include "viz/model/session.h"

namespace dkv::viz {

struct Desk;

// The operations of the shown branch, and curves over them: how many a second, how long they took.
class OperationPlots {
 public:
  // Gathers what is new since the last call.
  void update(const Session& session);

  const std::vector<OperationRecord>& operations() const noexcept { return operations_; }  // ascending by event
  const std::vector<std::uint32_t>& sessions() const noexcept { return sessions_; }        // that have any, ascending

  // Into the current window, over its whole width; `labels` of it are for words at the left.
  void draw_rate(Desk& desk, TimeNs from_ns, TimeNs to_ns, float labels, float height) const;
  void draw_latency(Desk& desk, TimeNs from_ns, TimeNs to_ns, float labels, float height) const;

 private:
  BranchId branch_ = kNoBranch;
  EventNumber explored_ = 0;
  std::uint64_t log_bytes_ = 0;
  std::vector<OperationRecord> operations_;
  std::vector<std::uint32_t> sessions_;
};

}  // namespace dkv::viz
