#pragma once

#include <cstdint>
#include <vector>

#include "viz/model/clients.h"
#include "viz/model/log_reader.h"
#include "viz/model/session.h"

namespace dkv::viz {

struct Workspace;

// The operations of the shown branch, and two curves: operations per second, and their latencies.
class OperationPlots {
 public:
  // Adds the operations since the last call. Of a long run only the last ones are kept.
  void update(const Session& session);

  const std::vector<OperationRecord>& operations() const noexcept { return operations_; }  // ascending by event
  const std::vector<std::uint32_t>& sessions() const noexcept { return sessions_; }        // with operations; ascending

  // Draws into the current window, over its whole width. The first `labels` pixels are for words.
  void draw_rate(Workspace& workspace, TimeNs from_ns, TimeNs to_ns, float labels, float height) const;
  void draw_latency(Workspace& workspace, TimeNs from_ns, TimeNs to_ns, float labels, float height) const;

 private:
  static constexpr std::size_t kMost = 400'000;
  // What the curves show; they are computed again when it changes.
  struct Curve {
    BranchId branch = kNoBranch;
    std::size_t points = 0;
    TimeNs from_ns = 0, to_ns = 0;
    std::size_t count = 0;
    friend bool operator==(const Curve&, const Curve&) = default;
  };
  const std::vector<TrafficStep>& steps(const Branch& branch, TimeNs from_ns, TimeNs to_ns, std::size_t count) const;

  mutable Curve curve_;
  mutable std::vector<TrafficStep> steps_;
  BranchId branch_ = kNoBranch;
  LogReader reader_;
  std::vector<OperationRecord> operations_;
  std::vector<std::uint32_t> sessions_;
};

}  // namespace dkv::viz
