#include "viz/model/key.h"

#include <algorithm>
#include <cstdio>
#include <map>

namespace dkv::viz {
namespace {

// Which node has which actor now: a disk's identity outlives its process.
class Names {
 public:
  explicit Names(const sim::World& world) : world_(world) {
    for (NodeId node = 0; node < world.node_count(); ++node) {
      if (const auto& identity = world.image(node).identity()) nodes_[identity->id] = node;
      if (const Node* const up = world.node(node)) nodes_[up->actor().id] = node;
    }
  }
  DotView name(const Dot& dot) const {
    const auto found = nodes_.find(dot.actor.id);
    DotView view{.dot = dot, .node = found == nodes_.end() ? kNoNode : found->second, .text = {}};
    if (view.node != kNoNode) {
      view.text = world_.scenario().cluster.members[view.node].name;
    } else {
      char digits[8];
      std::snprintf(digits, sizeof digits, "?%04x", static_cast<unsigned>(dot.actor.id.high >> 48));
      view.text = digits;
    }
    view.text += "." + std::to_string(dot.actor.epoch) + ":" + std::to_string(dot.counter);
    return view;
  }

 private:
  const sim::World& world_;
  std::map<ActorId, NodeId> nodes_;
};

// The bytes that any disk's record has for a dot: a dot names one value for ever.
class Values {
 public:
  Values(const sim::World& world, const Key& key, const KeyPlace& place) {
    for (NodeId node = 0; node < world.node_count(); ++node) {
      if (const ObjectPtr* object = world.image(node).find(key)) add(*object);
      for (std::uint32_t i = 0; i < place.primaries; ++i) {
        if (const auto* hint = world.image(node).find_hint(place.preference[i], key)) add(hint->object);
      }
    }
  }
  std::optional<std::string> find(const Sibling& sibling) const {
    if (sibling.tombstone) return std::nullopt;
    if (sibling.cold_bytes == 0) return std::string(sibling.value.view());
    const auto found = values_.find(sibling.dot);
    return found == values_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  void add(const ObjectPtr& object) {
    for (const Sibling& sibling : object ? object->siblings() : std::span<const Sibling>()) {
      if (sibling.cold_bytes == 0 && !sibling.tombstone) values_.try_emplace(sibling.dot, sibling.value.view());
    }
  }
  std::map<Dot, std::string> values_;
};

StateView view_of(const Object& object, const Names& names, const Values& values) {
  StateView view{.digest = object.digest(), .versions = {}, .seen = {}, .isolated = {}, .deleted = object.deleted()};
  for (const Sibling& sibling : object.siblings()) {
    view.versions.push_back({.dot = names.name(sibling.dot),
                             .hlc = sibling.hlc,
                             .tag = sibling.tag,
                             .tombstone = sibling.tombstone,
                             .expires_wall_ns = sibling.expires_wall_ns,
                             .bytes = sibling.cold_bytes > 0 ? sibling.cold_bytes : sibling.value.size(),
                             .value = values.find(sibling)});
  }
  for (const Dot& dot : object.seen().entries()) view.seen.push_back(names.name(dot));
  for (const Dot& dot : object.seen().isolated()) view.isolated.push_back(names.name(dot));
  return view;
}

}  // namespace

KeyView look_at_key(const sim::World& world, const Key& key) {
  KeyView view{.key = key, .place = place_of(world, key), .replicas = {}, .agree = true};
  const Names names(world);
  const Values values(world, key, view.place);
  std::optional<std::uint64_t> first;
  for (std::size_t i = 0; i < view.place.preference.size(); ++i) {
    const NodeId node = view.place.preference[i];
    ReplicaView replica{.node = node,
                        .primary = i < view.place.primaries,
                        .process = world.node_state(node).process,
                        .visible = {},
                        .durable = {},
                        .hints = {}};
    // While it starts, what it shows is not yet what it holds.
    const Node* const up = serving(world, node);
    const ObjectPtr shown = up ? up->store().find(key) : ObjectPtr();
    if (shown) replica.visible = view_of(*shown, names, values);
    if (const ObjectPtr* durable = world.image(node).find(key); durable && *durable) {
      replica.durable = view_of(**durable, names, values);
    }
    for (std::uint32_t owner = 0; owner < view.place.primaries; ++owner) {
      const NodeId to = view.place.preference[owner];
      const auto* const kept = world.image(node).find_hint(to, key);
      const HintTable::Hint* const held = up ? up->hints().find(to, key) : nullptr;
      const ObjectPtr object = held ? held->object : kept ? kept->object : ObjectPtr();
      if (object) replica.hints.push_back({to, view_of(*object, names, values), kept != nullptr});
    }
    if (replica.primary && up) {
      const std::uint64_t digest = shown ? shown->digest() : 0;
      if (!first) first = digest;
      if (*first != digest) view.agree = false;
    }
    if (replica.primary || replica.visible || replica.durable || !replica.hints.empty()) {
      view.replicas.push_back(std::move(replica));
    }
  }
  return view;
}

std::vector<Key> keys_with(const sim::World& world, const std::string& text, std::size_t most) {
  std::vector<Key> found;
  for (const Key& key : world.clients().keys()) {
    if (found.size() >= most) break;
    if (text.empty() || key.key().find(text) != std::string_view::npos) found.push_back(key);
  }
  std::ranges::sort(found, [](const Key& a, const Key& b) {
    return a.key().size() != b.key().size() ? a.key().size() < b.key().size() : a.key() < b.key();
  });
  return found;
}

}  // namespace dkv::viz
