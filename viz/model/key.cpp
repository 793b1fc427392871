#include "viz/model/key.h"

#include <algorithm>
#include <cstdio>

#include "engine/core/actor_name.h"
#include "sim/story/text.h"

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

std::string absence_words(const Holder& holder) {
  const std::string at = holder.absence_ns < 0 ? std::string() : ", at " + story::clock_time(holder.absence_ns);
  switch (holder.absence) {
    case Holder::Absence::kNone: return "";
    case Holder::Absence::kNever: return "never heard of it";
    case Holder::Absence::kDamaged: return "found it damaged, and forgot it" + at;
    case Holder::Absence::kForgotten: return "forgot the tombstone" + at;
    case Holder::Absence::kDiskGone: return "lost it with its disk" + at;
    case Holder::Absence::kProcessEnd: return "lost it with its process" + at;
    case Holder::Absence::kNotKnown: return "has nothing, and why is not known";
  }
  return "";
}

void explain_absences(const Branch& branch, const sim::World& world, const Key& key, KeyNumber number,
                      std::vector<Holder>& holders) {
  using Absence = Holder::Absence;
  std::vector<sim::Oracle::WriteView> writes;
  if (world.judge()) writes = world.judge()->history_of(key);
  for (Holder& one : holders) {
    if (one.object || one.owner != kNoNode || one.process != sim::ProcessState::kUp) continue;
    one.absence = !world.judge() ? Absence::kNotKnown : Absence::kNever;
    for (const sim::Oracle::WriteView& write : writes) {
      if (std::ranges::find(write.held_by, one.node) != write.held_by.end()) one.absence = Absence::kNotKnown;
    }
    // The last event that took it, up to the shown moment.
    for (const Note& note : branch.takings) {
      if (note.event > world.events()) break;
      if (note.node != short_node(one.node)) continue;
      if (note.kind == NoteKind::kNode) {
        if (one.absence == Absence::kNever) continue;
        const auto change = static_cast<sim::NodeChange>(note.what);
        one.absence = change == sim::NodeChange::kWiped ? Absence::kDiskGone : Absence::kProcessEnd;
      } else if (note.key == number) {
        one.absence =
            static_cast<Observed>(note.what) == Observed::kDamageFound ? Absence::kDamaged : Absence::kForgotten;
      } else {
        continue;
      }
      one.absence_ns = note.at_ns;
    }
  }
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
