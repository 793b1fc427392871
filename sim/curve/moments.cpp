#include "sim/curve/moments.h"

#include <iterator>
#include <utility>

#include "engine/core/assert.h"

namespace dkv::sim {

Moments::Moments(std::shared_ptr<const World> beginning, std::uint64_t bytes_max) : bytes_max_(bytes_max) {
  DKV_ASSERT(beginning);
  const std::uint64_t event = beginning->events();
  kept_.emplace(event, Kept{std::move(beginning), 0});
}

std::shared_ptr<const World> Moments::at(std::uint64_t event) {
  const auto after = kept_.upper_bound(event);
  DKV_ASSERT(after != kept_.begin());  // a moment before the beginning
  const Kept& nearest = std::prev(after)->second;
  if (nearest.world->events() == event || nearest.world->ended()) return nearest.world;
  auto world = std::make_shared<World>(*nearest.world);
  while (world->events() < event && world->step()) {
  }
  events_played_ += world->events() - nearest.world->events();
  keep(world->events(), world);
  return world;
}

// When the budget is spent, the moment goes that leaves the smallest gap: it is the cheapest to play again.
void Moments::keep(std::uint64_t event, std::shared_ptr<const World> world) {
  const std::uint64_t bytes = world->copy_bytes();
  if (!kept_.emplace(event, Kept{std::move(world), bytes}).second) return;
  bytes_ += bytes;
  while (bytes_ > bytes_max_ && kept_.size() > 1) {
    auto victim = kept_.end();
    std::uint64_t least = UINT64_MAX;
    for (auto one = std::next(kept_.begin()); one != kept_.end(); ++one) {
      const std::uint64_t gap = one->first - std::prev(one)->first;
      if (gap < least) {
        least = gap;
        victim = one;
      }
    }
    bytes_ -= victim->second.bytes;
    kept_.erase(victim);
  }
}

}  // namespace dkv::sim
