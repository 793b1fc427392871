#include "engine/core/object.h"

#include <algorithm>
#include <new>
#include <vector>

#include "engine/core/hash.h"

namespace dkv {
namespace {

// The hash of the dot does not depend on `running`, so the processor can work on several dots at once. Actor ids are
// random, so their halves can be folded into one word.
std::uint64_t fold(std::uint64_t running, const Dot& dot) {
  const ActorId& id = dot.actor.id;
  const std::uint64_t actor = id.high ^ (id.low << 29 | id.low >> 35);
  return hash_combine(running,
                      mix64(actor + dot.actor.epoch * 0x9e3779b97f4a7c15ULL + dot.counter * 0xd1b54a32d192ed03ULL));
}

bool later(const Sibling& a, const Sibling& b) {
  if (a.hlc != b.hlc) return a.hlc > b.hlc;
  return a.dot > b.dot;
}

// Keeps the one latest version. The order of application does not matter: a write has a later timestamp than every
// version that it replaces, so the latest version is never a replaced one.
void keep_latest(std::vector<Sibling>& siblings) {
  if (siblings.size() < 2) return;
  auto latest = std::min_element(siblings.begin(), siblings.end(), later);
  if (latest != siblings.begin()) *siblings.begin() = std::move(*latest);
  siblings.erase(siblings.begin() + 1, siblings.end());
}

bool is_delete(const Sibling& sibling) {
  return sibling.tombstone && sibling.expires_wall_ns == 0;
}

bool expires_by(const Sibling& sibling, TimeNs wall_now_ns) {
  return !sibling.tombstone && sibling.expires_wall_ns != 0 && sibling.expires_wall_ns <= wall_now_ns;
}

bool carries(const Object& object, const Dot& dot) {
  return std::ranges::any_of(object.siblings(), [&](const Sibling& s) { return s.dot == dot; });
}

// Whether merging `other` into `mine` would leave `mine` as it is.
bool adds_nothing(const Object& mine, const Object& other) {
  if (!mine.seen().covers(other.seen())) return false;
  // If other has seen a sibling of mine and does not carry it any more, then it was replaced there.
  return std::ranges::none_of(mine.siblings(),
                              [&](const Sibling& s) { return other.seen().covers(s.dot) && !carries(other, s.dot); });
}

}  // namespace

Object::Object(VersionVector seen, std::span<Sibling> siblings)
    : sibling_count_(static_cast<std::uint32_t>(siblings.size())), seen_(std::move(seen)) {
  std::ranges::sort(siblings, {}, &Sibling::dot);
  auto* mine = reinterpret_cast<Sibling*>(this + 1);
  std::uint64_t digest = siblings.size();
  for (const Dot& entry : seen_.entries()) digest = fold(digest, entry);
  // Hashed differently from an entry: an isolated dot does not stand for the dots below it.
  for (const Dot& dot : seen_.isolated()) digest = fold(~digest, dot);
  for (std::size_t i = 0; i < siblings.size(); ++i) {
    Sibling& sibling = siblings[i];
    DKV_ASSERT(seen_.covers(sibling.dot));
    DKV_ASSERT(i == 0 || mine[i - 1].dot < sibling.dot);
    DKV_ASSERT(!sibling.tombstone || (sibling.value.empty() && sibling.cold_bytes == 0));
    DKV_ASSERT(sibling.cold_bytes == 0 || sibling.value.empty());
    digest = hash_combine(fold(digest, sibling.dot), is_delete(sibling) ? 1 : 0);
    latest_hlc_ = std::max(latest_hlc_, sibling.hlc);
    value_bytes_ += sibling.value.size() + sibling.cold_bytes;
    resident_ = resident_ && sibling.cold_bytes == 0;
    deleted_ = deleted_ && sibling.tombstone;
    new (mine + i) Sibling(std::move(sibling));
  }
  digest_ = digest == 0 ? 1 : digest;  // 0 stands for "absent" in Merkle trees
}

ObjectPtr Object::make(VersionVector seen, std::span<Sibling> siblings) {
  DKV_ASSERT(!siblings.empty());
  void* memory = ::operator new(sizeof(Object) + siblings.size() * sizeof(Sibling));
  return ObjectPtr(new (memory) Object(std::move(seen), siblings));
}

void Object::destroy(const Object* object) noexcept {
  for (const Sibling& sibling : object->siblings()) sibling.~Sibling();
  object->~Object();
  ::operator delete(const_cast<Object*>(object));
}

ObjectPtr put(const ObjectPtr& current, const Context& context, Sibling written, ConflictPolicy policy) {
  DKV_ASSERT(!context.seen.covers(written.dot));
  DKV_ASSERT(written.hlc > context.hlc);
  if (!current) {
    VersionVector seen = context.seen.with(written.dot);
    return Object::make(std::move(seen), {&written, 1});
  }
  DKV_ASSERT(!current->seen().covers(written.dot));
  VersionVector seen = current->seen().merged(context.seen).with(written.dot);
  // The usual write replaces every stored version, so there is no list to build.
  const bool replaces_all =
      std::ranges::all_of(current->siblings(), [&](const Sibling& s) { return context.seen.covers(s.dot); });
  if (replaces_all) return Object::make(std::move(seen), {&written, 1});
  std::vector<Sibling> siblings;
  siblings.reserve(current->siblings().size() + 1);
  for (const Sibling& sibling : current->siblings()) {
    if (!context.seen.covers(sibling.dot)) siblings.push_back(sibling);
  }
  siblings.push_back(std::move(written));
  if (policy == ConflictPolicy::kLastWriteWins) keep_latest(siblings);
  return Object::make(std::move(seen), siblings);
}

ObjectPtr merge(const ObjectPtr& a, const ObjectPtr& b, ConflictPolicy policy) {
  if (!b || a == b) return a;
  if (!a) return b;
  if (adds_nothing(*a, *b)) return a;
  if (adds_nothing(*b, *a)) return b;
  std::vector<Sibling> siblings;
  siblings.reserve(a->siblings().size() + b->siblings().size());
  for (const Sibling& sibling : a->siblings()) {
    if (!b->seen().covers(sibling.dot) || carries(*b, sibling.dot)) siblings.push_back(sibling);
  }
  for (const Sibling& sibling : b->siblings()) {
    if (!a->seen().covers(sibling.dot)) siblings.push_back(sibling);
  }
  if (siblings.empty()) {
    // Each side claims to have replaced the versions of the other. No history of puts leads here, but a damaged peer
    // might. It is better to bring versions back than to lose them.
    siblings.assign(a->siblings().begin(), a->siblings().end());
    for (const Sibling& sibling : b->siblings()) {
      if (!carries(*a, sibling.dot)) siblings.push_back(sibling);
    }
  }
  if (policy == ConflictPolicy::kLastWriteWins) keep_latest(siblings);
  return Object::make(a->seen().merged(b->seen()), siblings);
}

ObjectPtr expire(const ObjectPtr& object, TimeNs wall_now_ns) {
  if (!object) return object;
  const auto due = [wall_now_ns](const Sibling& sibling) { return expires_by(sibling, wall_now_ns); };
  if (std::ranges::none_of(object->siblings(), due)) return object;
  std::vector<Sibling> siblings(object->siblings().begin(), object->siblings().end());
  for (Sibling& sibling : siblings) {
    if (!due(sibling)) continue;
    sibling.tombstone = true;
    sibling.value = Blob();
    sibling.cold_bytes = 0;
  }
  return Object::make(object->seen(), siblings);
}

bool succeeds(const Object& object, const VersionVector& seen, const VersionVector& carried) noexcept {
  return object.seen().covers(seen) && std::ranges::none_of(object.siblings(), [&](const Sibling& sibling) {
           return seen.covers(sibling.dot) && !carried.covers(sibling.dot);
         });
}

VersionVector carried_dots(const Object& object) {
  VersionVector dots;
  for (const Sibling& sibling : object.siblings()) dots = dots.with(sibling.dot);
  return dots;
}

ObjectPtr without(const ObjectPtr& object, const VersionVector& gone, const Actor& living) {
  if (!object || gone.empty()) return object;
  const auto siblings = object->siblings();
  const auto needed = [&](const Dot& entry) {
    return std::ranges::any_of(
        siblings, [&](const Sibling& s) { return s.dot.actor == entry.actor && s.dot.counter <= entry.counter; });
  };
  const auto drops = [&](const Dot& entry) {
    return entry.actor != living && gone.counter(entry.actor) >= entry.counter && !needed(entry);
  };
  const auto drops_isolated = [&](const Dot& dot) {
    return dot.actor != living && gone.covers(dot) && !carries(*object, dot);
  };
  const VersionVector& seen = object->seen();
  std::vector<Dot> entries(seen.entries().begin(), seen.entries().end());
  std::vector<Dot> isolated(seen.isolated().begin(), seen.isolated().end());
  if (std::erase_if(entries, drops) + std::erase_if(isolated, drops_isolated) == 0) return object;
  std::vector<Sibling> kept(siblings.begin(), siblings.end());
  return Object::make(VersionVector::from_sorted(entries, isolated), kept);
}

ObjectPtr having_seen(const ObjectPtr& object, const VersionVector& dots) {
  if (object->seen().covers(dots)) return object;
  std::vector<Sibling> siblings(object->siblings().begin(), object->siblings().end());
  return Object::make(object->seen().merged(dots), siblings);
}

TimeNs next_expiry(const Object& object) noexcept {
  TimeNs next_ns = 0;
  for (const Sibling& sibling : object.siblings()) {
    if (sibling.tombstone || sibling.expires_wall_ns == 0) continue;
    next_ns = next_ns == 0 ? sibling.expires_wall_ns : std::min(next_ns, sibling.expires_wall_ns);
  }
  return next_ns;
}

bool equal(const ObjectPtr& a, const ObjectPtr& b) noexcept {
  if (a == b) return true;
  if (!a || !b || a->digest() != b->digest() || !(a->seen() == b->seen())) return false;
  return std::ranges::equal(a->siblings(), b->siblings(), [](const Sibling& x, const Sibling& y) {
    return x.dot == y.dot && is_delete(x) == is_delete(y);
  });
}

}  // namespace dkv
