#include "engine/node/counters.h"

#include <algorithm>
#include <bit>

#include "engine/core/hash.h"

namespace dkv {

Counters::Counters(const NodeConfig& config)
    : floors_max_(std::bit_ceil(std::size_t{config.reaped_max})), lost_(0, KeyHash{config.hash_salt}) {}

std::size_t Counters::place(const Key& key) const noexcept {
  return mix64(key.hash()) & (floors_max_ - 1);
}

// A key's state shows all counters that were issued for it, unless the key was reaped since or has lost versions. When
// dots come back to a reaped key, by its reaped state or by the context of a client, Replica::merge_in() claims the
// floor. So a state that shows a counter needs no floor, even if another key of its place has raised that.
Counters::Last Counters::last(const Key& key, std::uint64_t known) const {
  const std::uint64_t floor = floors_.empty() ? 0 : floors_[place(key)];
  const auto lost = lost_.find(key);
  if (lost == lost_.end() && every_key_ == 0) {
    return known > 0 ? Last{.counter = known} : Last{.counter = floor, .claims = floor > 0};
  }
  return {.counter = std::max({known, floor, every_key_, lost == lost_.end() ? 0 : lost->second})};
}

void Counters::reaped(const Key& key, std::uint64_t all, std::uint64_t highest) {
  if (highest == 0) return;
  // A dot in the gap may be alive: the state has never seen it.
  if (all < highest) lost(key, highest);
  if (floors_.empty()) floors_.resize(floors_max_);
  std::uint64_t& floor = floors_[place(key)];
  floor = std::max(floor, highest);
}

void Counters::lost(const Key& key, std::uint64_t highest) {
  if (highest == 0) return;
  if (lost_.size() >= kLostMax && !lost_.contains(key)) {
    every_key_ = std::max(every_key_, highest);
    return;
  }
  std::uint64_t& counter = lost_[key];
  counter = std::max(counter, highest);
}

void Counters::clear() {
  floors_.clear();
  lost_.clear();
  every_key_ = 0;
}

}  // namespace dkv
