#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/core/hash.h"
#include "engine/core/object.h"
#include "engine/core/placement.h"
#include "engine/core/types.h"

namespace dkv::sim {

// The oracle's own picture of every disk, by key number: the state that each node shows, the durable state, and the
// hints. It is built from the records that nodes append.
class Disks {
 public:
  struct Copy {
    ObjectPtr visible;
    ObjectPtr durable;
  };
  // kPutBack: the erasure came with a disk that was put back.
  enum class Reason : std::uint8_t { kNone, kDelivered, kExpired, kPutBack };
  struct Hint {
    ObjectPtr visible;                       // the state in the process; null: erased
    ObjectPtr durable;                       // null: erased
    TimeNs first_sent_ns = -1;               // since it was stored; -1: not sent yet
    std::vector<std::uint32_t> erased_tags;  // of the versions in the last hint that was erased here
    std::vector<Reason> reasons;             // of the erasures that are not durable yet, in order
  };
  struct HintName {
    NodeId node = kNoNode;
    NodeId owner = kNoNode;
    std::uint32_t key = 0;
    friend auto operator<=>(const HintName&, const HintName&) = default;
  };

  explicit Disks(std::shared_ptr<const Placement> placement);

  std::uint32_t replicas() const noexcept { return replicas_; }
  std::uint32_t nodes() const noexcept { return static_cast<std::uint32_t>(wiped_ns_.size()); }
  std::uint32_t keys() const noexcept { return static_cast<std::uint32_t>(partitions_.size()); }
  void add_key(std::uint32_t key, std::uint64_t key_hash);

  std::span<const NodeId> primaries(std::uint32_t key) const noexcept {
    return placement_->primaries(partitions_[key]);
  }
  // The node's index among the primaries of the key, or replicas() when it is none of them.
  std::uint32_t place(std::uint32_t key, NodeId node) const noexcept;

  // The node's state of the key. A node that is not a primary also has one, but a correct store never uses it.
  Copy& held(std::uint32_t key, NodeId node) {
    const std::uint32_t at = place(key, node);
    return at < replicas_ ? primary_held(key, at) : strays_[stray(key, node)];
  }
  Copy& primary_held(std::uint32_t key, std::uint32_t place) noexcept {
    return held_[std::size_t{key} * replicas_ + place];
  }
  const Copy& primary_held(std::uint32_t key, std::uint32_t place) const noexcept {
    return held_[std::size_t{key} * replicas_ + place];
  }

  Hint& hint(const HintName& name) { return hints_[pack(name)]; }
  const Hint* find_hint(const HintName& name) const;
  std::uint64_t hint_count() const noexcept { return hint_count_; }
  void set_hint(Hint& hint, ObjectPtr durable);

  // Calls use(node, as_hint, object) for each durable state of the key, node by node.
  template <typename Use>
  void each_durable(std::uint32_t key, Use&& use) const;
  // Calls use(node, owner, hint) for each present or former hint of the key.
  template <typename Use>
  void each_hint_ever(std::uint32_t key, Use&& use) const;

  void drop_unsynced(NodeId node);
  struct Gone {
    std::uint32_t key = 0;
    ObjectPtr object;
    bool hint = false;
  };
  // Empties the node's disk and returns its durable states, by key.
  std::vector<Gone> wipe(NodeId node, TimeNs now_ns);
  // The node's disk turned out to have lost durable states: it counts as partly wiped.
  void note_damage(NodeId node, TimeNs now_ns) noexcept { wiped_ns_[node] = now_ns; }
  // The time when the node's disk was last wiped or found damaged; -1: never.
  TimeNs wiped_ns(NodeId node) const noexcept { return wiped_ns_[node]; }
  bool any_primary_wiped_since(std::uint32_t key, TimeNs since_ns) const noexcept;

 private:
  static std::uint64_t pack(const HintName& name) noexcept {
    return std::uint64_t{name.node} << 48 | std::uint64_t{name.owner} << 32 | name.key;
  }
  static HintName unpack(std::uint64_t packed) noexcept {
    return {static_cast<NodeId>(packed >> 48), static_cast<NodeId>(packed >> 32 & 0xffff),
            static_cast<std::uint32_t>(packed)};
  }
  static std::uint64_t stray(std::uint32_t key, NodeId node) noexcept { return std::uint64_t{node} << 32 | key; }

  struct Hash {
    using is_avalanching = void;
    std::size_t operator()(std::uint64_t packed) const noexcept { return mix64(packed * 0x9e3779b97f4a7c15ULL); }
  };
  std::shared_ptr<const Placement> placement_;
  std::uint32_t replicas_ = 0;
  std::vector<PartitionId> partitions_;  // by key
  std::vector<Copy> held_;               // by key and place
  boost::unordered_flat_map<std::uint64_t, Copy, Hash> strays_;
  boost::unordered_flat_map<std::uint64_t, Hint, Hash> hints_;
  std::uint64_t hint_count_ = 0;
  std::vector<TimeNs> wiped_ns_;
};

template <typename Use>
void Disks::each_hint_ever(std::uint32_t key, Use&& use) const {
  if (hints_.empty()) return;
  for (NodeId node = 0; node < nodes(); ++node) {
    for (const NodeId owner : primaries(key)) {
      if (const Hint* found = find_hint({node, owner, key})) use(node, owner, *found);
    }
  }
}

template <typename Use>
void Disks::each_durable(std::uint32_t key, Use&& use) const {
  const auto list = primaries(key);
  for (std::uint32_t at = 0; at < list.size(); ++at) {
    if (const ObjectPtr& object = primary_held(key, at).durable) use(list[at], false, object);
  }
  if (!strays_.empty()) {
    for (NodeId node = 0; node < nodes(); ++node) {
      const auto found = strays_.find(stray(key, node));
      if (found != strays_.end() && found->second.durable) use(node, false, found->second.durable);
    }
  }
  each_hint_ever(key, [&](NodeId node, NodeId, const Hint& found) {
    if (found.durable) use(node, true, found.durable);
  });
}

}  // namespace dkv::sim
