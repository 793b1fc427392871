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

void Requests::add_replaced(const Object& object, const Object& other, Dots& out) const {
  for (const Sibling& version : object.siblings()) {
    if (version.request == kNoRequest || other.seen().covers(version.dot)) continue;
    const auto names_it = [&](const Sibling& v) { return v.request == version.request; };
    if (std::ranges::any_of(other.siblings(), names_it)) continue;
    const auto has_seen = [&](const Sibling& twin) { return other.seen().covers(twin.dot); };
    if (std::ranges::any_of(versions(version.request), has_seen)) out.push_back(version.dot);
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
  add_replaced(*a, *b, replaced);
  add_replaced(*b, *a, replaced);
  return merge(a, b, policy, {replaced.data(), replaced.size()});
}

}  // namespace dkv
