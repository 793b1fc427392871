#include "engine/node/hints.h"

#include <algorithm>
#include <limits>

#include "engine/core/assert.h"

namespace dkv {

const HintTable::Hint* HintTable::find(NodeId owner, const Key& key) const {
  const auto found = hints_.find({owner, key});
  return found == hints_.end() ? nullptr : &found->second;
}

void HintTable::set(NodeId owner, const Key& key, ObjectPtr object, TimeNs created_wall_ns, Era era) {
  DKV_ASSERT(owner != kNoNode);
  DKV_ASSERT(object && object->resident());  // a delivery sends it as it is
  oldest_wall_ns_ = hints_.empty() ? created_wall_ns : std::min(oldest_wall_ns_, created_wall_ns);
  Hint& hint = hints_[{owner, key}];
  hint.object = std::move(object);
  hint.created_wall_ns = created_wall_ns;
  hint.era = era;
  DKV_ASSERT(oldest_wall_ns_ <= created_wall_ns);  // otherwise the hint would not expire in time
}

void HintTable::erase(NodeId owner, const Key& key) {
  const std::size_t erased = hints_.erase({owner, key});
  DKV_ASSERT(erased == 1);
}

void HintTable::set_in_flight(NodeId owner, const Key& key, bool in_flight) {
  if (const auto found = hints_.find({owner, key}); found != hints_.end()) found->second.in_flight = in_flight;
}

ObjectPtr HintTable::merged(const Key& key, std::span<const NodeId> owners, ConflictPolicy policy) const {
  ObjectPtr result;
  if (hints_.empty()) return result;
  for (const NodeId owner : owners) {
    if (const Hint* hint = find(owner, key)) result = merge(result, hint->object, policy);
  }
  return result;
}

Era HintTable::oldest_era(Era none) const noexcept {
  Era oldest = none;
  for (const auto& [id, hint] : hints_) oldest = std::min(oldest, hint.era);
  return oldest;
}

void HintTable::recompute_oldest() {
  oldest_wall_ns_ = std::numeric_limits<TimeNs>::max();
  for (const auto& [id, hint] : hints_) oldest_wall_ns_ = std::min(oldest_wall_ns_, hint.created_wall_ns);
}

}  // namespace dkv
