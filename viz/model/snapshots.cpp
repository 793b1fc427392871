#include "viz/model/snapshots.h"

#include <algorithm>

#include "engine/core/assert.h"

namespace dkv::viz {

std::int64_t Spacing::allowed_ns(std::int64_t distance_ns) const noexcept {
  return std::clamp(distance_ns / 4, near_ns, std::max(near_ns, far_ns));
}

void Snapshots::add(SnapshotPtr snapshot) {
  const auto place = std::ranges::lower_bound(all_, snapshot->event, {}, [](const auto& one) { return one->event; });
  if (place != all_.end() && (*place)->event == snapshot->event) {
    *place = std::move(snapshot);
  } else {
    all_.insert(place, std::move(snapshot));
  }
}

const SnapshotPtr& Snapshots::before(EventNumber event) const {
  const auto after = std::ranges::upper_bound(all_, event, {}, [](const auto& one) { return one->event; });
  DKV_ASSERT(after != all_.begin());
  return *std::prev(after);
}

const SnapshotPtr& Snapshots::before_time(TimeNs at_ns) const {
  const auto after = std::ranges::upper_bound(all_, at_ns, {}, [](const auto& one) { return one->world.now(); });
  DKV_ASSERT(!all_.empty());
  return after == all_.begin() ? all_.front() : *std::prev(after);
}

bool Snapshots::any(EventNumber from, EventNumber to) const noexcept {
  const auto first = std::ranges::lower_bound(all_, from, {}, [](const auto& one) { return one->event; });
  return first != all_.end() && (*first)->event <= to;
}

void Snapshots::cut_after(EventNumber event) {
  std::erase_if(all_, [event](const SnapshotPtr& one) { return one->event > event; });
}

bool Snapshots::remove(const Snapshot* snapshot) {
  return std::erase_if(all_, [snapshot](const SnapshotPtr& one) { return one.get() == snapshot; }) > 0;
}

const Snapshot* Snapshots::least_useful(std::int64_t focus_cost_ns, const Spacing& spacing, bool keep_last,
                                        double& usefulness) const {
  const Snapshot* least = nullptr;
  const std::size_t end = all_.size() - (keep_last && all_.size() > 2 ? 1 : 0);
  for (std::size_t i = 1; i < end; ++i) {
    const std::int64_t at_ns = all_[i]->cost_ns;
    // There is no snapshot after the last one. Without it, everything that was played since its predecessor must be
    // played again.
    const std::int64_t next_ns = i + 1 < all_.size() ? all_[i + 1]->cost_ns : at_ns + spacing.far_ns;
    const std::int64_t gap_ns = next_ns - all_[i - 1]->cost_ns;
    const std::int64_t distance_ns = at_ns > focus_cost_ns ? at_ns - focus_cost_ns : focus_cost_ns - at_ns;
    const double use = static_cast<double>(gap_ns) / static_cast<double>(spacing.allowed_ns(distance_ns));
    if (least && use >= usefulness) continue;
    least = all_[i].get();
    usefulness = use;
  }
  return least;
}

}  // namespace dkv::viz
