#include "viz/model/key.h"

#include <cstdio>

#include "engine/core/actor_name.h"

namespace dkv::viz {
namespace {

void mark_differing(std::vector<Holder>& holders, ConflictPolicy policy) {
  ObjectPtr all;
  for (const Holder& one : holders) {
    if (one.object) all = all ? merge(all, one.object, policy) : one.object;
  }
  for (Holder& one : holders) {
    if (all) one.differs = !one.object || one.object->digest() != all->digest();
  }
}

std::optional<std::string> find_value(const ObjectPtr& object, const Dot& dot) {
  for (const Sibling& one : object ? object->siblings() : std::span<const Sibling>()) {
    if (one.dot == dot && one.cold_bytes == 0 && !one.tombstone) return std::string(one.value.view());
  }
  return std::nullopt;
}

}  // namespace

std::string dot_name(const sim::World& world, const Dot& dot) {
  const std::string count = "." + std::to_string(dot.actor.epoch) + ":" + std::to_string(dot.counter);
  const std::optional<NodeId> node = node_of(dot.actor.id);
  if (node && *node < world.node_count()) return world.scenario().cluster.members[*node].name + count;
  char digits[8];
  std::snprintf(digits, sizeof digits, "#%04x", static_cast<unsigned>(dot.actor.id.low & 0xffff));
  return digits + count;
}

std::optional<std::string> value_of(const sim::World& world, const Key& key, const Sibling& sibling) {
  if (sibling.tombstone) return std::nullopt;
  if (sibling.cold_bytes == 0) return std::string(sibling.value.view());
  const auto primaries = world.placement().primaries(world.placement().partition(key.hash()));
  for (NodeId node = 0; node < world.node_count(); ++node) {
    if (const ObjectPtr* object = world.image(node).find(key)) {
      if (auto value = find_value(*object, sibling.dot)) return value;
    }
    for (const NodeId owner : primaries) {
      const auto* hint = world.image(node).find_hint(owner, key);
      if (!hint) continue;
      if (auto value = find_value(hint->object, sibling.dot)) return value;
    }
  }
  return std::nullopt;
}

std::vector<Holder> holders_of(const sim::World& world, const Key& key) {
  std::vector<Holder> holders;
  const PartitionId partition = world.placement().partition(key.hash());
  const auto primaries = world.placement().primaries(partition);
  int number = 0;
  for (const NodeId node : world.placement().preference_list(partition)) {
    ++number;
    const bool primary = number <= static_cast<int>(primaries.size());
    const sim::Image& disk = world.image(node);
    const Node* process = world.node(node);
    const ObjectPtr* durable = disk.find(key);
    Holder holder{.node = node,
                  .number = primary ? number : 0,
                  .process = world.node_view(node).process,
                  .object = process   ? process->store().peek(key)
                            : durable ? *durable
                                      : ObjectPtr()};
    holder.durable = holder.object && durable && (*durable)->digest() == holder.object->digest();
    if (primary || holder.object) holders.push_back(holder);
    for (const NodeId owner : primaries) {
      const auto* hint = process ? process->hints().find(owner, key) : nullptr;
      const auto* kept = disk.find_hint(owner, key);
      if (!hint && (process || !kept)) continue;
      holders.push_back({.node = node,
                         .owner = owner,
                         .process = holder.process,
                         .object = hint ? hint->object : kept->object,
                         .durable = kept != nullptr});
    }
  }
  mark_differing(holders, world.scenario().cluster.node.policy_of(key));
  return holders;
}

std::vector<Key> keys_with(const sim::World& world, const std::string& text, std::size_t most) {
  std::vector<Key> found;
  const auto& keys = world.clients().keys();
  // A limit, because a search through ten million keys in every frame would be too slow.
  constexpr std::size_t kLookedAtMax = 50'000;
  // Keys of steps and commands are at the end. They matter most to a story.
  for (std::size_t i = 0; i < keys.size() && i < kLookedAtMax && found.size() < most; ++i) {
    const Key& key = keys[keys.size() - 1 - i];
    if (text.empty() || key.key().find(text) != std::string_view::npos) found.push_back(key);
  }
  return found;
}

}  // namespace dkv::viz
