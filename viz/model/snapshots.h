#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "sim/story/story.h"
#include "sim/world/world.h"
#include "viz/model/records.h"

namespace dkv::viz {

// A copy of the world at a moment, from which the run can be played again.
struct Snapshot {
  EventNumber event = 0;
  std::int64_t cost_ns = 0;           // of playing the run up to here
  std::uint64_t bytes = 0;            // the memory of this copy, without the parts that all copies share
  std::optional<story::Story> story;  // as of this moment; none when the moment was not reached for the first time
  sim::World world;                   // the last commands of its moment may be missing
};
using SnapshotPtr = std::shared_ptr<const Snapshot>;

// The allowed gap between neighbouring snapshots, in processing time, by their distance from the focus.
struct Spacing {
  std::int64_t near_ns = 8'000'000;
  std::int64_t far_ns = 60'000'000;
  // near_ns at the focus, growing with the distance, so that the number of snapshots grows with the logarithm of the
  // run. It grows up to far_ns, so that every moment can be reached quickly enough.
  std::int64_t allowed_ns(std::int64_t distance_ns) const noexcept;
};

// The snapshots of one branch, ascending by event. Branches share common ones. The first is at moment 0 and stays.
class Snapshots {
 public:
  void add(SnapshotPtr snapshot);  // replaces the one of the same event
  // The last one at or before the event or the time. The first always exists.
  const SnapshotPtr& before(EventNumber event) const;
  const SnapshotPtr& before_time(TimeNs at_ns) const;
  // True when there is a snapshot in [from, to].
  bool any(EventNumber from, EventNumber to) const noexcept;
  // Forgets all snapshots after the event.
  void cut_after(EventNumber event);
  bool remove(const Snapshot* snapshot);

  // The snapshot whose removal harms least: it leaves the smallest gap in proportion to the allowed one at its
  // distance from the focus. usefulness: that proportion. Null when only the first is left. keep_last: the last one
  // stays, because the run goes on from there.
  const Snapshot* least_useful(std::int64_t focus_cost_ns, const Spacing& spacing, bool keep_last,
                               double& usefulness) const;

  const std::vector<SnapshotPtr>& all() const noexcept { return all_; }

 private:
  std::vector<SnapshotPtr> all_;
};

}  // namespace dkv::viz
