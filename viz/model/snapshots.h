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
  std::uint64_t bytes = 0;            // what the copy takes beyond what all copies share
  std::optional<story::Story> story;  // as it stood then; none when the moment was not reached for the first time
  sim::World world;                   // may lack the last commands of its moment
};
using SnapshotPtr = std::shared_ptr<const Snapshot>;

// How far apart snapshots may lie, in processing time: from one to the next at a distance from the focus.
struct Spacing {
  std::int64_t near_ns = 8'000'000;
  std::int64_t far_ns = 60'000'000;
  // near_ns at the focus, growing with the distance, so that their number grows with its logarithm; from far_ns on it
  // stays, so that no place is out of reach.
  std::int64_t allowed_ns(std::int64_t distance_ns) const noexcept;
};

// Those of one branch, ascending by event; branches share what they have in common. The first is at moment 0 and stays.
class Snapshots {
 public:
  void add(SnapshotPtr snapshot);  // replaces one of the same event
  // The last one at or before the event, or the time; there is always the first.
  const SnapshotPtr& before(EventNumber event) const;
  const SnapshotPtr& before_time(TimeNs at_ns) const;
  // True when there is one in [from, to].
  bool any(EventNumber from, EventNumber to) const noexcept;
  // Forgets all that come after the event.
  void cut_after(EventNumber event);
  bool remove(const Snapshot* snapshot);

  // The one that is missed least with the focus there: removing it leaves the smallest gap in proportion to what is
  // allowed at its distance. Null when only the first is left. usefulness: that proportion.
  const Snapshot* least_useful(std::int64_t focus_cost_ns, const Spacing& spacing, double& usefulness) const;

  const std::vector<SnapshotPtr>& all() const noexcept { return all_; }

 private:
  std::vector<SnapshotPtr> all_;
};

}  // namespace dkv::viz
