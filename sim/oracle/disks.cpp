#include "sim/oracle/disks.h"

#include <algorithm>
#include <utility>

namespace dkv::sim {

Disks::Disks(std::shared_ptr<const Placement> placement)
    : placement_(std::move(placement)), replicas_(placement_->replicas()) {
  NodeId nodes = 0;
  for (const Member& member : placement_->members()) nodes = std::max(nodes, member.id + 1);
  wiped_ns_.assign(nodes, -1);
  rewound_ns_.assign(nodes, -1);
}

void Disks::add_key(std::uint32_t key, std::uint64_t key_hash) {
  if (key >= partitions_.size()) {
    partitions_.resize(key + 1);
    held_.resize((std::size_t{key} + 1) * replicas_);
  }
  partitions_[key] = placement_->partition(key_hash);
}

std::uint32_t Disks::place(std::uint32_t key, NodeId node) const noexcept {
  const auto list = primaries(key);
  std::uint32_t at = 0;
  while (at < list.size() && list[at] != node) ++at;
  return at;
}

const Disks::Hint* Disks::find_hint(const HintName& name) const {
  const auto found = hints_.find(pack(name));
  return found == hints_.end() ? nullptr : &found->second;
}

void Disks::set_hint(Hint& hint, ObjectPtr durable) {
  if (hint.durable) --hint_count_;
  if (durable) {
    ++hint_count_;
  } else if (hint.durable) {
    hint.erased_tags.clear();
    for (const Sibling& sibling : hint.durable->siblings()) {
      hint.erased_tags.push_back(static_cast<std::uint32_t>(sibling.tag));
    }
  }
  hint.durable = std::move(durable);
}

void Disks::drop_unsynced(NodeId node) {
  for (std::uint32_t key = 0; key < partitions_.size(); ++key) {
    const std::uint32_t at = place(key, node);
    if (at == replicas_) continue;
    Copy& here = primary_held(key, at);
    if (!(here.visible == here.durable)) here.visible = here.durable;
  }
  // Each entry is set independently, so the order of the table has no effect.
  for (auto& [packed, here] : strays_) {
    if (packed >> 32 == node) here.visible = here.durable;
  }
  for (auto& [packed, hint] : hints_) {
    if (unpack(packed).node != node) continue;
    hint.reasons.clear();
    hint.visible = hint.durable;
  }
}

std::vector<Disks::Gone> Disks::wipe(NodeId node, TimeNs now_ns) {
  std::vector<Gone> gone;
  const auto take = [&](std::uint32_t key, Copy& here) {
    here.visible = {};
    if (here.durable) gone.push_back({.key = key, .object = std::exchange(here.durable, {})});
  };
  for (std::uint32_t key = 0; key < partitions_.size(); ++key) {
    if (const std::uint32_t at = place(key, node); at < replicas_) take(key, primary_held(key, at));
    if (strays_.empty()) continue;
    if (const auto found = strays_.find(stray(key, node)); found != strays_.end()) take(key, found->second);
  }
  std::vector<HintName> names;
  for (auto& [packed, here] : hints_) {
    if (unpack(packed).node != node) continue;
    here.reasons.clear();
    here.visible = {};
    if (here.durable) names.push_back(unpack(packed));
  }
  std::ranges::sort(names);
  for (const HintName& name : names) {
    Hint& lost = hint(name);
    gone.push_back({.key = name.key, .object = lost.durable, .hint = true});
    set_hint(lost, {});
  }
  std::ranges::stable_sort(gone, {}, &Gone::key);
  wiped_ns_[node] = now_ns;
  return gone;
}

bool Disks::any_primary_rewound_since(std::uint32_t key, TimeNs since_ns) const noexcept {
  return std::ranges::any_of(primaries(key), [&](NodeId node) { return rewound_ns_[node] >= since_ns; });
}

bool Disks::any_primary_wiped_since(std::uint32_t key, TimeNs since_ns) const noexcept {
  return std::ranges::any_of(primaries(key), [&](NodeId node) { return wiped_ns_[node] >= since_ns; });
}

}  // namespace dkv::sim
