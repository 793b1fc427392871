#include "engine/node/requests.h"

#include <algorithm>

#include "engine/core/assert.h"

namespace dkv {

void Requests::note(const Object& object) {
  for (const Sibling& version : object.siblings()) note(version);
}

void Requests::note(const Sibling& version) {
  if (version.request == kNoRequest) return;
  const auto [place, added] = known_.try_emplace(version.request);
  if (added) order_.push_back(version.request);
  Versions& versions = place->second;
  const bool known = std::ranges::any_of(versions, [&](const Sibling& v) { return v.dot == version.dot; });
  if (!known && versions.size() < kTwinsKept) {
    versions.push_back({.dot = version.dot,
                        .hlc = version.hlc,
                        .tag = version.tag,
                        .request = version.request,
                        .expires_wall_ns = version.expires_wall_ns});
  }
  if (order_.size() <= kKept) return;
  const std::size_t erased = known_.erase(order_.front());
  DKV_ASSERT(erased == 1);
  order_.pop_front();
}

std::span<const Sibling> Requests::versions(RequestId request) const {
  const auto found = known_.find(request);
  if (found == known_.end()) return {};
  return {found->second.data(), found->second.size()};
}

// A dot that a state has seen and does not carry was replaced by a writer that had seen it. So its twins are replaced,
// too. Last-write-wins also drops a version for a concurrent one: there the state must carry no twin at all.
bool Requests::has_replaced(const Object& state, const Sibling& version, ConflictPolicy policy) const {
  const auto carried = [&](const auto& is_it) { return std::ranges::any_of(state.siblings(), is_it); };
  const auto of_request = [&](const Sibling& s) { return s.request == version.request; };
  if (policy == ConflictPolicy::kLastWriteWins && carried(of_request)) return false;
  return std::ranges::any_of(versions(version.request), [&](const Sibling& twin) {
    return state.seen().covers(twin.dot) && !carried([&](const Sibling& s) { return s.dot == twin.dot; });
  });
}

void Requests::add_replaced(const Object& object, const Object& other, ConflictPolicy policy, Dots& out) const {
  for (const Sibling& version : object.siblings()) {
    if (version.request == kNoRequest) continue;
    const auto is_it = [&](const Sibling& s) { return s.dot == version.dot; };
    // The merge drops it without this knowledge.
    if (other.seen().covers(version.dot) && std::ranges::none_of(other.siblings(), is_it)) continue;
    if (has_replaced(object, version, policy) || has_replaced(other, version, policy)) out.push_back(version.dot);
  }
}

VersionVector Requests::with_twins(const VersionVector& seen, const Object& object) const {
  VersionVector all = seen;
  for (const Sibling& version : object.siblings()) {
    if (version.request == kNoRequest || seen.covers(version.dot)) continue;
    const auto is_seen = [&](const Sibling& twin) { return seen.covers(twin.dot); };
    if (std::ranges::any_of(versions(version.request), is_seen)) all = all.with(version.dot);
  }
  return all;
}

ObjectPtr Requests::merged(const ObjectPtr& a, const ObjectPtr& b, ConflictPolicy policy) const {
  if (known_.empty() || !a || !b || a == b) return merge(a, b, policy);
  Dots replaced;
  add_replaced(*a, *b, policy, replaced);
  add_replaced(*b, *a, policy, replaced);
  return merge(a, b, policy, {replaced.data(), replaced.size()});
}

}  // namespace dkv
