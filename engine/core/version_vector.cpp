#include "engine/core/version_vector.h"

#include <algorithm>

namespace dkv {

VersionVector VersionVector::from_sorted(std::span<const Dot> entries) {
  DKV_ASSERT(entries.size() <= kVersionVectorEntriesMax);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    DKV_ASSERT(entries[i].counter > 0);
    DKV_ASSERT(i == 0 || entries[i - 1].actor < entries[i].actor);
  }
  return VersionVector(SharedArray<Dot>::copy_of(entries));
}

std::uint64_t VersionVector::counter(const Actor& actor) const noexcept {
  for (const Dot& entry : entries_) {
    if (entry.actor == actor) return entry.counter;
  }
  return 0;
}

bool VersionVector::covers(const VersionVector& other) const noexcept {
  if (entries_.same_as(other.entries_)) return true;
  const Dot* mine = entries_.begin();
  for (const Dot& theirs : other.entries_) {
    while (mine != entries_.end() && mine->actor < theirs.actor) ++mine;
    if (mine == entries_.end() || mine->actor != theirs.actor || mine->counter < theirs.counter) return false;
  }
  return true;
}

VersionVector VersionVector::with(const Dot& dot) const {
  DKV_ASSERT(dot.counter > 0);
  const Dot* place = std::find_if(entries_.begin(), entries_.end(), [&](const Dot& e) { return e.actor >= dot.actor; });
  const bool known = place != entries_.end() && place->actor == dot.actor;
  if (known && place->counter >= dot.counter) return *this;
  DKV_ASSERT(known || entries_.size() < kVersionVectorEntriesMax);
  return VersionVector(SharedArray<Dot>::make(entries_.size() + (known ? 0 : 1), [&](Dot* out) {
    out = std::copy(entries_.begin(), place, out);
    *out++ = dot;
    std::copy(place + (known ? 1 : 0), entries_.end(), out);
  }));
}

VersionVector VersionVector::merged(const VersionVector& other) const {
  if (covers(other)) return *this;
  if (other.covers(*this)) return other;
  std::size_t size = entries_.size();
  for (const Dot& theirs : other.entries_) size += counter(theirs.actor) == 0 ? 1 : 0;
  DKV_ASSERT(size <= kVersionVectorEntriesMax);
  return VersionVector(SharedArray<Dot>::make(size, [&](Dot* out) {
    const Dot* a = entries_.begin();
    const Dot* b = other.entries_.begin();
    while (a != entries_.end() || b != other.entries_.end()) {
      if (b == other.entries_.end() || (a != entries_.end() && a->actor < b->actor)) {
        *out++ = *a++;
      } else if (a == entries_.end() || b->actor < a->actor) {
        *out++ = *b++;
      } else {
        *out++ = a->counter >= b->counter ? *a : *b;
        ++a;
        ++b;
      }
    }
  }));
}

bool operator==(const VersionVector& a, const VersionVector& b) noexcept {
  return a.entries_.same_as(b.entries_) || std::ranges::equal(a.entries(), b.entries());
}

}  // namespace dkv
