#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/core/types.h"
#include "engine/ports/storage.h"

namespace dkv {

// Decides when the next write of the log is issued, under SyncPolicy::kAlways. Without a pause, writers that wait for
// their answers fall into two halves: one half gathers while the sync of the other is under way, so each sync serves
// only half of them. So after a sync that served many writers, the next write waits until about as many appends have
// arrived. The wait is short against the duration of a sync (compare commit_delay and commit_siblings of PostgreSQL).
// Few writers never wait.
class GroupCommit {
 public:
  static constexpr std::uint64_t kCrowdMin = 8;  // appends that one sync made durable
  static constexpr TimeNs kHoldMaxNs = 2 * kMillisecond;
  static constexpr TimeNs kHoldPartOfSync = 4;  // the wait is at most a quarter of the last sync's duration

  void issued(TimeNs now_ns) noexcept { issued_ns_ = now_ns; }
  // Reports that a write is durable: it held `served` appends, and `last` is the latest append so far.
  void landed(TimeNs now_ns, std::uint64_t served, AppendId last) noexcept {
    const TimeNs sync_ns = now_ns - issued_ns_;
    hold_until_ns_ = served < kCrowdMin ? 0 : now_ns + std::min(sync_ns / kHoldPartOfSync, kHoldMaxNs);
    enough_ = last + served;
  }
  // Whether a write that could be issued now should wait for more appends.
  bool holds(TimeNs now_ns, AppendId last) const noexcept { return now_ns < hold_until_ns_ && last < enough_; }
  TimeNs hold_until_ns() const noexcept { return hold_until_ns_; }

 private:
  TimeNs issued_ns_ = 0;
  TimeNs hold_until_ns_ = 0;
  AppendId enough_ = 0;
};

}  // namespace dkv
