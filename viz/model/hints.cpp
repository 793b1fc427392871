#include "viz/model/hints.h"

#include "viz/model/ring.h"

namespace dkv::viz {

std::vector<HintView> hints_of(const sim::World& world, std::size_t most) {
  std::vector<HintView> hints;
  for (NodeId holder = 0; holder < world.node_count(); ++holder) {
    const std::size_t limit = hints.size() + most;
    const TimeNs wall_ns = world.wall_now(holder);
    const sim::Image& disk = world.image(holder);
    if (const Node* const up = serving(world, holder)) {
      for (const auto& [id, hint] : up->hints().all()) {
        if (hints.size() >= limit) break;
        hints.push_back({.holder = holder,
                         .owner = id.first,
                         .key = id.second,
                         .age_ns = wall_ns - hint.created_wall_ns,
                         .in_flight = hint.in_flight,
                         .durable = disk.find_hint(id.first, id.second) != nullptr,
                         .owner_seen = up->peers().reachable(id.first),
                         .siblings = static_cast<std::uint32_t>(hint.object->siblings().size())});
      }
      continue;
    }
    for (const sim::Image::HintKey& id : disk.hint_keys()) {
      if (hints.size() >= limit) break;
      const sim::Image::Hint& hint = *disk.find_hint(id.owner, id.key);
      hints.push_back({.holder = holder,
                       .owner = id.owner,
                       .key = id.key,
                       .age_ns = wall_ns - hint.created_wall_ns,
                       .durable = true,
                       .holder_down = true,
                       .siblings = static_cast<std::uint32_t>(hint.object->siblings().size())});
    }
  }
  return hints;
}

}  // namespace dkv::viz
