#pragma once

#include <cstdint>
#include <vector>

#include "viz/model/session.h"

namespace dkv::viz {

struct Workspace;

// The operations of the shown branch, and two curves: operations per second, and their latencies.
class OperationPlots {
 public:
  // Adds the operations since the last call.
  void update(const Session& session);

  const std::vector<OperationRecord>& operations() const noexcept { return operations_; }  // ascending by event
  const std::vector<std::uint32_t>& sessions() const noexcept { return sessions_; }        // with operations; ascending

  // Draws into the current window, over its whole width. The first `labels` pixels are for words.
  void draw_rate(Workspace& workspace, TimeNs from_ns, TimeNs to_ns, float labels, float height) const;
  void draw_latency(Workspace& workspace, TimeNs from_ns, TimeNs to_ns, float labels, float height) const;

 private:
  BranchId branch_ = kNoBranch;
  EventNumber explored_ = 0;
  std::uint64_t log_bytes_ = 0;
  std::vector<OperationRecord> operations_;
  std::vector<std::uint32_t> sessions_;
};

}  // namespace dkv::viz
