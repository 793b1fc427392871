#include "engine/core/version_vector.h"

#include <algorithm>
#include <vector>

namespace dkv {
namespace {

// Merges the entries of a and b and keeps the higher counter of each actor. `out` has room for all of them.
Dot* merge_entries(std::span<const Dot> a, std::span<const Dot> b, Dot* out) {
  auto left = a.begin();
  auto right = b.begin();
  while (left != a.end() || right != b.end()) {
    if (right == b.end() || (left != a.end() && left->actor < right->actor)) {
      *out++ = *left++;
    } else if (left == a.end() || right->actor < left->actor) {
      *out++ = *right++;
    } else {
      *out++ = left->counter >= right->counter ? *left : *right;
      ++left;
      ++right;
    }
  }
  return out;
}

// The number of actors in a and b together.
std::size_t actors_together(std::span<const Dot> a, std::span<const Dot> b) {
  std::size_t count = a.size();
  auto left = a.begin();
  for (const Dot& entry : b) {
    while (left != a.end() && left->actor < entry.actor) ++left;
    count += left == a.end() || left->actor != entry.actor ? 1 : 0;
  }
  return count;
}

// Moves isolated dots that directly follow their actor's entry into the entry, and drops the dots that the entry
// covers.
void shorten(std::vector<Dot>& entries, std::vector<Dot>& isolated) {
  std::vector<Dot> left;
  for (const Dot& dot : isolated) {
    auto entry = std::ranges::find_if(entries, [&](const Dot& e) { return e.actor >= dot.actor; });
    const bool known = entry != entries.end() && entry->actor == dot.actor;
    const std::uint64_t counter = known ? entry->counter : 0;
    if (dot.counter <= counter) continue;
    if (dot.counter > counter + 1) {
      left.push_back(dot);
    } else if (known) {
      entry->counter = dot.counter;
    } else {
      entries.insert(entry, dot);
    }
  }
  isolated = std::move(left);
}

}  // namespace

VersionVector VersionVector::from_sorted(std::span<const Dot> entries, std::span<const Dot> isolated) {
  DKV_ASSERT(entries.size() + isolated.size() <= kVersionVectorEntriesMax);
  DKV_ASSERT(is_shortest_form(entries, isolated));
  return VersionVector(SharedArray<Dot>::copy_of(entries), SharedArray<Dot>::copy_of(isolated));
}

bool VersionVector::is_shortest_form(std::span<const Dot> entries, std::span<const Dot> isolated) noexcept {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].counter == 0) return false;
    if (i > 0 && !(entries[i - 1].actor < entries[i].actor)) return false;
  }
  auto entry = entries.begin();
  for (std::size_t i = 0; i < isolated.size(); ++i) {
    if (i > 0 && !(isolated[i - 1] < isolated[i])) return false;
    while (entry != entries.end() && entry->actor < isolated[i].actor) ++entry;
    const bool known = entry != entries.end() && entry->actor == isolated[i].actor;
    const std::uint64_t counter = known ? entry->counter : 0;
    if (isolated[i].counter <= counter || isolated[i].counter - counter < 2) return false;
  }
  return true;
}

std::uint64_t VersionVector::counter(const Actor& actor) const noexcept {
  for (const Dot& entry : entries_) {
    if (entry.actor == actor) return entry.counter;
  }
  return 0;
}

std::uint64_t VersionVector::highest(const Actor& actor) const noexcept {
  std::uint64_t highest = counter(actor);
  for (const Dot& dot : isolated_) {
    if (dot.actor == actor) highest = std::max(highest, dot.counter);
  }
  return highest;
}

bool VersionVector::covers(const Dot& dot) const noexcept {
  return counter(dot.actor) >= dot.counter || std::ranges::binary_search(isolated_, dot);
}

bool VersionVector::covers(const VersionVector& other) const noexcept {
  if (!entries_.same_as(other.entries_)) {
    const Dot* mine = entries_.begin();
    for (const Dot& theirs : other.entries_) {
      while (mine != entries_.end() && mine->actor < theirs.actor) ++mine;
      // In the shortest form the dot after an entry is not in the set. So a higher entry is never covered.
      if (mine == entries_.end() || mine->actor != theirs.actor || mine->counter < theirs.counter) return false;
    }
  }
  return other.isolated_.same_as(isolated_) ||
         std::ranges::all_of(other.isolated_, [&](const Dot& dot) { return covers(dot); });
}

VersionVector VersionVector::with(const Dot& dot) const {
  DKV_ASSERT(dot.counter > 0);
  const Dot* place = std::find_if(entries_.begin(), entries_.end(), [&](const Dot& e) { return e.actor >= dot.actor; });
  const bool known = place != entries_.end() && place->actor == dot.actor;
  const std::uint64_t counter = known ? place->counter : 0;
  if (counter >= dot.counter) return *this;
  if (dot.counter > counter + 1 || !isolated_.empty()) return with_slow(dot);
  DKV_ASSERT(known || entries_.size() < kVersionVectorEntriesMax);
  return VersionVector(SharedArray<Dot>::make(entries_.size() + (known ? 0 : 1),
                                              [&](Dot* out) {
                                                out = std::copy(entries_.begin(), place, out);
                                                *out++ = dot;
                                                std::copy(place + (known ? 1 : 0), entries_.end(), out);
                                              }),
                       {});
}

VersionVector VersionVector::with_slow(const Dot& dot) const {
  if (covers(dot)) return *this;
  std::vector<Dot> entries(entries_.begin(), entries_.end());
  std::vector<Dot> isolated(isolated_.begin(), isolated_.end());
  isolated.insert(std::ranges::upper_bound(isolated, dot), dot);
  shorten(entries, isolated);
  return from_sorted(entries, isolated);
}

VersionVector VersionVector::merged(const VersionVector& other) const {
  if (covers(other)) return *this;
  if (other.covers(*this)) return other;
  if (!isolated_.empty() || !other.isolated_.empty()) return merged_slow(other);
  const std::size_t size = actors_together(entries(), other.entries());
  DKV_ASSERT(size <= kVersionVectorEntriesMax);
  return VersionVector(SharedArray<Dot>::make(size, [&](Dot* out) { merge_entries(entries(), other.entries(), out); }),
                       {});
}

VersionVector VersionVector::merged_slow(const VersionVector& other) const {
  std::vector<Dot> entries(entries_.size() + other.entries_.size());
  entries.resize(
      static_cast<std::size_t>(merge_entries(this->entries(), other.entries(), entries.data()) - entries.data()));
  std::vector<Dot> isolated;
  std::ranges::set_union(isolated_, other.isolated_, std::back_inserter(isolated));
  shorten(entries, isolated);
  return from_sorted(entries, isolated);
}

bool operator==(const VersionVector& a, const VersionVector& b) noexcept {
  const auto equal = [](const SharedArray<Dot>& x, const SharedArray<Dot>& y) {
    return x.same_as(y) || std::ranges::equal(x, y);
  };
  return equal(a.entries_, b.entries_) && equal(a.isolated_, b.isolated_);
}

}  // namespace dkv
