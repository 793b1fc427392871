#include "sim/curve/curve.h"

#include <algorithm>
#include <iterator>

#include "engine/core/assert.h"

namespace dkv::sim {

Curve::Curve(const Limits& limits) : limits_(limits) {
  DKV_ASSERT(limits.copies > 0 && limits.moments > 0 && limits.jumps > 0);
  DKV_ASSERT(limits.copies <= UINT32_MAX / kConfirm);
}

void Curve::add(std::uint64_t event, bool failed) {
  Point& point = points_.at(event);
  DKV_ASSERT(point.played < asked_.at(event));
  ++point.played;
  if (failed) ++point.failed;
}

void Curve::want(std::uint64_t event, std::uint32_t copies, std::vector<Wanted>& wanted) {
  points_.try_emplace(event);
  std::uint32_t& asked = asked_[event];
  if (asked >= copies) return;
  wanted.push_back({event, asked, copies - asked});
  asked = copies;
}

// 0 and last_event are among them. A short run has fewer.
std::vector<Curve::Wanted> Curve::first_round() {
  std::vector<Wanted> wanted;
  const std::uint64_t step = limits_.last_event / limits_.moments;
  const std::uint64_t rest = limits_.last_event % limits_.moments;
  for (std::uint64_t i = 0; i <= limits_.moments; ++i) {
    want(i * step + i * rest / limits_.moments, limits_.copies, wanted);
  }
  return wanted;
}

std::vector<Curve::Rise> Curve::changes(bool rising) const {
  std::vector<Rise> changes;
  for (auto after = points_.begin(); after != points_.end(); ++after) {
    if (after == points_.begin()) continue;
    const auto before = std::prev(after);
    const auto &low = rising ? before : after, &high = rising ? after : before;
    if (low->second.interval().high >= high->second.interval().low) continue;
    changes.push_back({before->first, after->first, high->second.share() - low->second.share()});
  }
  std::ranges::stable_sort(changes, [](const Rise& a, const Rise& b) { return a.height > b.height; });
  return changes;
}

std::vector<Curve::Rise> Curve::rises() const {
  std::vector<Rise> rises = changes(true);
  if (rises.size() > limits_.jumps) rises.resize(limits_.jumps);
  return rises;
}

std::vector<Curve::Rise> Curve::falls() const {
  std::vector<Rise> falls = changes(false);
  std::erase_if(falls, [&](const Rise& fall) { return fall.height < limits_.fall_least; });
  if (falls.size() > limits_.falls) falls.resize(limits_.falls);
  return falls;
}

std::vector<Curve::Wanted> Curve::next() {
  if (points_.empty()) return first_round();
  for (const auto& [event, point] : points_) DKV_ASSERT(point.played == asked_.at(event));
  std::vector<Wanted> wanted;
  std::vector<Rise> followed = rises();
  for (const Rise& fall : falls()) followed.push_back(fall);
  for (const Rise& change : followed) {
    if (change.after - change.before > 1) {
      want(change.before + (change.after - change.before) / 2, limits_.copies, wanted);
    } else {
      want(change.before, confirmed_copies(), wanted);
      want(change.after, confirmed_copies(), wanted);
    }
  }
  std::ranges::sort(wanted, {}, &Wanted::event);
  return wanted;
}

}  // namespace dkv::sim
