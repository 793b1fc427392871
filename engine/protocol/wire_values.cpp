#include "engine/protocol/wire_values.h"

#include <new>
#include <vector>

namespace dkv::wire {
namespace {

// Most clocks are no longer than a key's list of replicas. They are read into memory on the stack, which is not
// cleared first.
constexpr std::size_t kShortClock = 8;
union ShortClock {
  ShortClock() noexcept {}
  Dot entries[kShortClock];
};

bool read_clock_entry(Reader& in, Dot& out) {
  return in.u64("actor", out.actor.id.high) && in.u64("actor", out.actor.id.low) &&
         in.varint32("epoch", out.actor.epoch) && in.varint("counter", out.counter) &&
         (out.counter != 0 || in.broken("counter", "0 names no write")) &&
         (out.counter <= kStateCounterMax || in.broken("counter", "out of range"));
}

bool read_hlc(Reader& in, Hlc& out) {
  return in.u64("hlc", out.packed) && (out <= kStateHlcMax || in.broken("hlc", "out of range"));
}

bool read_dots(Reader& in, const char* field, Dot* out, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (!read_clock_entry(in, *new (out + i) Dot)) return in.within(field, i);
  }
  return true;
}

bool check_actors(Reader& in, const char* field, std::span<const Dot> entries) {
  for (std::size_t i = 1; i < entries.size(); ++i) {
    if (entries[i - 1].actor < entries[i].actor) continue;
    in.broken("actor", "not after the actor before it");
    return in.within(field, i);
  }
  return true;
}

// Isolated dots are rare. A clock without any allocates nothing for them.
bool read_isolated(Reader& in, std::span<const Dot> entries, VersionVector& out) {
  std::uint32_t count = 0;
  if (!in.count("isolated", kVersionVectorEntriesMax - entries.size(), kClockEntryBytesMin, count)) return false;
  std::vector<Dot> isolated(count);
  if (!read_dots(in, "isolated", isolated.data(), count)) return false;
  if (count > 0 && !VersionVector::is_shortest_form(entries, isolated)) {
    return in.broken("isolated", "out of order or not isolated");
  }
  out = VersionVector::from_sorted(entries, isolated);
  return true;
}

// `place` indexes the entries of the clock, then its isolated dots.
bool read_dot(Reader& in, const VersionVector& seen, std::uint32_t place, Dot& out) {
  if (!in.varint("dot", out.counter)) return false;
  const std::size_t entries = seen.entries().size();
  const std::size_t all = entries + seen.isolated().size();
  if (place >= all) {
    return in.broken("dot",
                     "names entry " + std::to_string(place) + " of a clock with " + std::to_string(all) + " entries");
  }
  const Dot& named = place < entries ? seen.entries()[place] : seen.isolated()[place - entries];
  out.actor = named.actor;
  if (out.counter == 0) return in.broken("dot", "counter 0 names no write");
  const bool covered = place < entries ? out.counter <= named.counter : out.counter == named.counter;
  return covered || in.broken("dot", "not covered by the clock");
}

bool read_sibling(Reader& in, const VersionVector& seen, Sibling& out) {
  std::uint32_t actor_index = 0;
  std::uint8_t flags = 0;
  if (!in.varint32("dot", actor_index) || !in.u8("flags", flags)) return false;
  if ((flags & ~kSiblingFlags) != 0) return in.broken("flags", "unknown value " + std::to_string(flags));
  if (!read_dot(in, seen, actor_index, out.dot) || !read_hlc(in, out.hlc)) return false;
  if ((flags & kTagFlag) != 0) {
    if (!in.varint("tag", out.tag)) return false;
    if (out.tag == 0) return in.broken("tag", "flagged, but 0");
  }
  if ((flags & kExpiryFlag) != 0) {
    std::uint64_t expiry = 0;
    if (!in.u64("expires_wall_ns", expiry)) return false;
    if (expiry == 0) return in.broken("expires_wall_ns", "flagged, but 0");
    out.expires_wall_ns = static_cast<TimeNs>(expiry);
  }
  out.tombstone = (flags & kTombstoneFlag) != 0;
  if (out.tombstone) return true;
  std::string_view value;
  if (!in.sized("value", kValueBytesMax, value)) return false;
  out.value = Blob(value);
  return true;
}

bool read_siblings(Reader& in, const VersionVector& seen, std::span<Sibling> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (!read_sibling(in, seen, out[i])) return in.within("siblings", i);
    if (i > 0 && !(out[i - 1].dot < out[i].dot)) {
      in.broken("dot", "not after the dot before it");
      return in.within("siblings", i);
    }
  }
  return true;
}

bool read_object_body(Reader& in, ObjectPtr& out) {
  VersionVector seen;
  if (!read_clock(in, "clock", seen)) return false;
  std::uint32_t count = 0;
  if (!in.count("siblings", kSiblingsDecodedMax, kSiblingBytesMin, count)) return false;
  if (count == 0) return in.broken("siblings", "there is none");
  if (count == 1) {
    Sibling only;
    if (!read_siblings(in, seen, {&only, 1})) return false;
    out = Object::make(std::move(seen), {&only, 1});
    return true;
  }
  std::vector<Sibling> siblings(count);
  if (!read_siblings(in, seen, siblings)) return false;
  out = Object::make(std::move(seen), siblings);
  return true;
}

}  // namespace

bool read_key(Reader& in, const char* field, Key& out) {
  std::string_view encoded;
  if (!in.sized(field, kEncodedKeyBytesMax, encoded)) return false;
  Result<Key> key = Key::decode(encoded);
  if (!key) return in.broken(field, std::move(key.error().what));
  out = std::move(*key);
  return true;
}

bool read_clock(Reader& in, const char* field, VersionVector& out) {
  std::uint32_t count = 0;
  if (!in.count(field, kVersionVectorEntriesMax, kClockEntryBytesMin, count)) return false;
  ShortClock few;
  std::vector<Dot> many(count > kShortClock ? count : 0);
  Dot* const first = count > kShortClock ? many.data() : few.entries;
  const std::span<const Dot> entries(first, count);
  if (!read_dots(in, field, first, count) || !check_actors(in, field, entries)) return false;
  return read_isolated(in, entries, out) || in.within(field);
}

bool read_context(Reader& in, const char* field, Context& out) {
  return (read_clock(in, "seen", out.seen) && read_hlc(in, out.hlc)) || in.within(field);
}

bool read_object(Reader& in, const char* field, ObjectPtr& out) {
  return read_object_body(in, out) || in.within(field);
}

}  // namespace dkv::wire
