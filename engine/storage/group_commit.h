#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/core/types.h"
#include "engine/ports/storage.h"

namespace dkv {

// When the log's next write leaves, under SyncPolicy::kAlways. Without a pause, writers that wait for their answers
// fall into two halves: while one half's sync is under way the other gathers, and each sync serves half of them. So
// after a sync that served many writers the next write waits until about as many appends have come. The wait is
// short against the time of a sync (compare commit_delay and commit_siblings of PostgreSQL). A few writers never
// wait.
class GroupCommit {
 public:
  static constexpr std::uint64_t kCrowdMin = 8;  // appends that one sync made durable
  static constexpr TimeNs kHoldMaxNs = 2 * kMillisecond;
  static constexpr TimeNs kHoldPartOfSync = 4;  // of what the last sync took

  void issued(TimeNs now_ns) noexcept { issued_ns_ = now_ns; }
  // The write is durable: `served` appends were in it, and the last one so far is `last`.
  void landed(TimeNs now_ns, std::uint64_t served, AppendId last) noexcept {
    const TimeNs sync_ns = now_ns - issued_ns_;
    hold_until_ns_ = served < kCrowdMin ? 0 : now_ns + std::min(sync_ns / kHoldPartOfSync, kHoldMaxNs);
    enough_ = last + served;
  }
  // Whether a write that could leave now is to wait for others.
  bool holds(TimeNs now_ns, AppendId last) const noexcept { return now_ns < hold_until_ns_ && last < enough_; }
  TimeNs hold_until_ns() const noexcept { return hold_until_ns_; }

 private:
  TimeNs issued_ns_ = 0;
  TimeNs hold_until_ns_ = 0;
  AppendId enough_ = 0;
};

}  // namespace dkv
