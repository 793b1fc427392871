#include "sim/oracle/writes.h"

namespace dkv::sim {

Dots::OfActor& Dots::of_actor(std::uint32_t key, const Actor& actor) {
  if (key >= keys_.size()) keys_.resize(key + 1);
  for (OfActor& known : keys_[key]) {
    if (actors_[known.actor] == actor) return known;
  }
  const auto [index, fresh] = actor_index_.try_emplace(actor, static_cast<std::uint32_t>(actors_.size()));
  if (fresh) actors_.push_back(actor);
  return keys_[key].emplace_back(OfActor{.actor = index->second, .tags = {}});
}

std::uint32_t& Dots::place_of(std::uint32_t key, const Dot& dot, std::uint32_t& actor) {
  OfActor& of = of_actor(key, dot.actor);
  actor = of.actor;
  const Name name{key, of.actor, dot.counter};
  const std::uint64_t at = dot.counter - 1;  // wraps for a forged counter 0, and is then far too large
  if (at < of.tags.size() && of.tags[at] != 0) return of.tags[at];
  if (at >= of.tags.size() + kGapMax || far_.contains(name)) return far_[name];
  if (at >= of.tags.size()) of.tags.resize(at + 1, 0);
  return of.tags[at];
}

WriteTag Dots::note(Write& write, WriteTag tag, const Dot& dot) {
  std::uint32_t actor = 0;
  std::uint32_t& named = place_of(write.key, dot, actor);
  if (named != 0) return named;
  named = static_cast<std::uint32_t>(tag);
  if (write.actor == 0) {
    write.actor = actor + 1;
    write.counter = dot.counter;
  }
  return tag;
}

}  // namespace dkv::sim
