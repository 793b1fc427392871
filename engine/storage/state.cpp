#include "engine/storage/state.h"

#include <algorithm>
#include <utility>

#include "engine/core/assert.h"
#include "engine/protocol/wire_reader.h"
#include "engine/protocol/wire_writer.h"

namespace dkv {
namespace {

constexpr std::uint8_t kTombstone = 1;
constexpr std::uint8_t kTag = 2;
constexpr std::uint8_t kExpiry = 4;
constexpr std::uint8_t kValue = 8;
constexpr std::uint8_t kHere = 16;
constexpr std::uint8_t kAllFlags = kTombstone | kTag | kExpiry | kValue | kHere;

constexpr std::size_t kActorBytesMax = 16 + wire::kVarint32BytesMax;
constexpr std::size_t kDotBytesMax = wire::kVarint32BytesMax + wire::kVarint64BytesMax;
constexpr std::size_t kVersionBytesMax =
    kDotBytesMax + 1 + 8 + wire::kVarint64BytesMax + 8 + 4 * wire::kVarint32BytesMax + 1;

std::size_t bytes_bound(const StoredState& state) {
  const std::size_t dots = state.seen.entries().size() + state.seen.isolated().size();
  return 4 * wire::kVarint64BytesMax + 8 + dots * (kDotBytesMax + kActorBytesMax) +
         state.versions.size() * kVersionBytesMax;
}

// The actors of one state in order of appearance. They are few, so look-ups search from the front.
class LocalActors {
 public:
  std::uint32_t number(const Actor& actor) {
    for (std::uint32_t i = 0; i < actors_.size(); ++i) {
      if (*actors_[i] == actor) return i;
    }
    actors_.push_back(&actor);
    return static_cast<std::uint32_t>(actors_.size() - 1);
  }
  const auto& all() const noexcept { return actors_; }

 private:
  boost::container::small_vector<const Actor*, 8> actors_;
};

std::uint8_t flags_of(const StoredState::Version& version) {
  const Sibling& sibling = version.sibling;
  return static_cast<std::uint8_t>((sibling.tombstone ? kTombstone : 0) | (sibling.tag != 0 ? kTag : 0) |
                                   (sibling.expires_wall_ns != 0 ? kExpiry : 0) | (version.has_value() ? kValue : 0) |
                                   (version.has_value() && version.here ? kHere : 0));
}

template <typename Actors>
void write_clock(wire::Writer& to, const VersionVector& seen, Actors& actors) {
  for (const std::span<const Dot> dots : {seen.entries(), seen.isolated()}) {
    to.varint(dots.size());
    for (const Dot& dot : dots) {
      to.varint(actors.number(dot.actor));
      to.varint(dot.counter);
    }
  }
}

template <typename Actors>
void write_version(wire::Writer& to, const StoredState::Version& version, std::uint8_t flags, Actors& actors) {
  const Sibling& sibling = version.sibling;
  to.varint(actors.number(sibling.dot.actor));
  to.varint(sibling.dot.counter);
  to.u8(flags);
  to.u64(sibling.hlc.packed);
  if ((flags & kTag) != 0) to.varint(sibling.tag);
  if ((flags & kExpiry) != 0) to.u64(static_cast<std::uint64_t>(sibling.expires_wall_ns));
  if ((flags & kValue) != 0) to.varint(sibling.cold_bytes);
}

// Most states are so small that no memory is allocated; a start reads millions of them.
using FewActors = boost::container::small_vector<Actor, 4>;
using FewDots = boost::container::small_vector<Dot, 4>;

// Reads dots of a record or of the index. Those of a record were checked before, see read_disk_state().
bool read_dots(wire::Reader& in, const char* field, std::span<const Actor> actors, FewDots& out) {
  std::uint32_t count = 0;
  if (!in.count(field, kVersionVectorEntriesMax, 2, count)) return false;
  out.resize(count);
  for (Dot& dot : out) {
    std::uint32_t number = 0;
    if (!in.varint32("actor", number) || !in.varint("counter", dot.counter)) return in.within(field);
    if (number >= actors.size() || dot.counter == 0) return in.broken(field, "names no write");
    if (dot.counter > kStateCounterMax) return in.broken(field, "counter out of range");
    dot.actor = actors[number];
  }
  return true;
}

bool read_version(wire::Reader& in, std::span<const Actor> actors, std::uint8_t flags_known, std::uint8_t& flags,
                  StoredState::Version& out) {
  std::uint32_t number = 0;
  Sibling& sibling = out.sibling;
  if (!in.varint32("actor", number) || !in.varint("counter", sibling.dot.counter) || !in.u8("flags", flags) ||
      !in.u64("hlc", sibling.hlc.packed)) {
    return false;
  }
  if (number >= actors.size() || sibling.dot.counter == 0) return in.broken("dot", "names no write");
  if (sibling.dot.counter > kStateCounterMax) return in.broken("dot", "counter out of range");
  if (sibling.hlc > kStateHlcMax) return in.broken("hlc", "out of range");
  if ((flags & ~flags_known) != 0) return in.broken("flags", "unknown");
  sibling.dot.actor = actors[number];
  sibling.tombstone = (flags & kTombstone) != 0;
  if ((flags & kTag) != 0 && !in.varint("tag", sibling.tag)) return false;
  if ((flags & kExpiry) != 0) {
    std::uint64_t expiry = 0;
    if (!in.u64("expiry", expiry)) return false;
    sibling.expires_wall_ns = static_cast<TimeNs>(expiry);
  }
  out.here = (flags & kHere) != 0;
  if ((flags & kValue) == 0) return true;
  if (!in.varint32("value", sibling.cold_bytes)) return false;
  if (sibling.tombstone || sibling.cold_bytes == 0 || sibling.cold_bytes > kValueBytesMax) {
    return in.broken("value", "length out of range");
  }
  return true;
}

bool read_codec(wire::Reader& in, ValuePlace& out) {
  std::uint8_t codec = 0;
  if (!in.u8("codec", codec) || !in.varint32("stored", out.stored_bytes)) return false;
  out.codec = static_cast<ValueCodec>(codec);
  return out.stored_bytes <= 2 * kValueBytesMax || in.broken("stored", "length out of range");
}

bool read_actors(wire::Reader& in, FewActors& out) {
  std::uint32_t count = 0;
  if (!in.count("actors", 2 * kVersionVectorEntriesMax, 17, count)) return false;
  out.resize(count);
  for (Actor& actor : out) {
    if (!in.u64("actor", actor.id.high) || !in.u64("actor", actor.id.low) || !in.varint32("epoch", actor.epoch)) {
      return false;
    }
  }
  return true;
}

bool read_disk(wire::Reader& in, std::uint32_t segment, std::uint32_t body_offset, StoredState& state) {
  std::uint64_t created = 0;
  FewActors listed;
  FewDots entries;
  FewDots isolated;
  if (!in.varint("created", created) || !read_actors(in, listed)) return false;
  const std::span<const Actor> actors(listed.data(), listed.size());
  if (!read_dots(in, "clock", actors, entries) || !read_dots(in, "isolated", actors, isolated)) return false;
  state.created_wall_ns = static_cast<TimeNs>(created);
  const std::span<const Dot> seen(entries.data(), entries.size());
  const std::span<const Dot> beyond(isolated.data(), isolated.size());
  if (!VersionVector::is_shortest_form(seen, beyond)) return in.broken("clock", "out of order");
  state.seen = VersionVector::from_sorted(seen, beyond);
  std::uint32_t count = 0;
  if (!in.count("siblings", kSiblingsDecodedMax, 11, count)) return false;
  if (count == 0) return in.broken("siblings", "there is none");
  state.versions.resize(count);
  for (StoredState::Version& version : state.versions) {
    std::uint8_t flags = 0;
    if (!read_version(in, actors, kAllFlags, flags, version)) return in.within("siblings");
    if (!state.seen.covers(version.sibling.dot)) return in.broken("dot", "not covered by the clock");
    if (&version != state.versions.data() && !((&version)[-1].sibling.dot < version.sibling.dot)) {
      return in.broken("dot", "out of order");
    }
    if (!version.here) continue;
    if (!version.has_value() || !read_codec(in, version.place)) return in.broken("value", "not as flagged");
    version.place.segment = segment;
    version.place.offset = body_offset;
    body_offset += version.place.bytes_on_disk();
  }
  return in.left() == 0 || in.broken("state", "bytes are left at the end");
}

}  // namespace

ObjectPtr StoredState::object() const {
  boost::container::small_vector<Sibling, 2> siblings;
  for (const Version& version : versions) siblings.push_back(version.sibling);
  return Object::make(seen, {siblings.data(), siblings.size()});
}

bool StoredState::forget_lost() {
  const auto lost = [](const Version& v) { return v.has_value() && v.place.lost(); };
  const auto first = std::remove_if(versions.begin(), versions.end(), lost);
  if (first == versions.end()) return true;
  versions.erase(first, versions.end());
  const VersionVector before = std::exchange(seen, {});
  for (const Version& version : versions) seen = seen.with(version.sibling.dot);
  DKV_ASSERT(before.covers(seen));
  return !versions.empty();
}

void StoredState::join(const StoredState& older) {
  const auto dot_of = [](const Version& v) { return v.sibling.dot; };
  boost::container::small_vector<Version, 2> all;
  for (Version& version : versions) {
    const Dot dot = version.sibling.dot;
    const bool held = std::ranges::binary_search(older.versions, dot, {}, dot_of);
    if (held || !older.seen.covers(dot)) all.push_back(std::move(version));
  }
  for (const Version& version : older.versions) {
    if (!seen.covers(version.sibling.dot)) all.push_back(version);
  }
  std::ranges::sort(all, {}, dot_of);
  versions = std::move(all);
  seen = seen.merged(older.seen);
  DKV_ASSERT(!versions.empty() && std::ranges::adjacent_find(versions, {}, dot_of) == versions.end());
}

std::uint32_t ActorTable::number(const Actor& actor) {
  const auto [place, added] = numbers_.try_emplace(actor, static_cast<std::uint32_t>(actors_.size()));
  if (added) actors_.push_back(actor);
  return place->second;
}

void write_disk_state(const StoredState& state, std::string& out) {
  const std::size_t before = out.size();
  LocalActors actors;
  for (const Dot& dot : state.seen.entries()) actors.number(dot.actor);
  for (const Dot& dot : state.seen.isolated()) actors.number(dot.actor);
  out.resize(before + bytes_bound(state));
  wire::Writer to(out.data() + before);
  to.varint(static_cast<std::uint64_t>(state.created_wall_ns));
  to.varint(actors.all().size());
  for (const Actor* actor : actors.all()) {
    to.u64(actor->id.high);
    to.u64(actor->id.low);
    to.varint(actor->epoch);
  }
  write_clock(to, state.seen, actors);
  to.varint(state.versions.size());
  for (const StoredState::Version& version : state.versions) {
    const std::uint8_t flags = flags_of(version);
    write_version(to, version, flags, actors);  // the clock covers the dot, so `actors` has its actor
    if ((flags & kHere) == 0) continue;
    to.u8(static_cast<std::uint8_t>(version.place.codec));
    to.varint(version.place.stored_bytes);
  }
  DKV_ASSERT(to.at() <= out.data() + out.size());  // bytes_bound() was an upper bound
  out.resize(static_cast<std::size_t>(to.at() - out.data()));
}

Result<StoredState> read_disk_state(std::string_view bytes, std::uint32_t segment, std::uint32_t body_offset) {
  wire::Reader in(bytes);
  StoredState state;
  if (!read_disk(in, segment, body_offset, state)) return fail(in.what());
  return state;
}

void write_memory_state(const StoredState& state, ActorTable& actors, std::uint32_t segment, std::uint32_t body_offset,
                        std::string& out) {
  const std::size_t before = out.size();
  out.resize(before + bytes_bound(state));
  wire::Writer to(out.data() + before);
  to.varint(static_cast<std::uint64_t>(state.created_wall_ns));
  write_clock(to, state.seen, actors);
  to.varint(state.versions.size());
  for (const StoredState::Version& version : state.versions) {
    const ValuePlace& place = version.place;
    const bool here = version.has_value() && place.segment == segment && place.offset == body_offset;
    const auto flags = static_cast<std::uint8_t>((flags_of(version) & ~kHere) | (here ? kHere : 0));
    DKV_ASSERT(!version.has_value() || !place.lost());
    write_version(to, version, flags, actors);
    if ((flags & kValue) == 0) continue;
    to.u8(static_cast<std::uint8_t>(place.codec));
    to.varint(place.stored_bytes);
    if (here) {
      body_offset += place.bytes_on_disk();
      continue;
    }
    to.varint(place.segment);
    to.varint(place.offset);
  }
  DKV_ASSERT(to.at() <= out.data() + out.size());  // bytes_bound() was an upper bound
  out.resize(static_cast<std::size_t>(to.at() - out.data()));
}

namespace {

void skip_dots(wire::Reader& in) {
  std::uint64_t count = 0;
  DKV_ASSERT(in.varint("", count));
  for (std::uint64_t number = 0; count > 0; --count) DKV_ASSERT(in.varint("", number) && in.varint("", number));
}

void read_known_dots(wire::Reader& in, const ActorTable& table, boost::container::small_vector<Dot, 8>& out) {
  std::uint64_t count = 0;
  DKV_ASSERT(in.varint("", count));
  for (; count > 0; --count) {
    std::uint32_t number = 0;
    Dot dot;
    DKV_ASSERT(in.varint32("", number) && in.varint("", dot.counter));
    dot.actor = table.actor(number);
    out.push_back(dot);
  }
}

void read_known_versions(wire::Reader& in, const ActorTable& table, std::uint32_t segment, std::uint32_t body_offset,
                         StoredState& state) {
  std::uint64_t count = 0;
  DKV_ASSERT(in.varint("", count));
  state.versions.resize(count);
  for (StoredState::Version& version : state.versions) {
    std::uint8_t flags = 0;
    DKV_ASSERT(read_version(in, table.all(), kAllFlags, flags, version));
    if ((flags & kValue) == 0) continue;
    DKV_ASSERT(read_codec(in, version.place));
    version.place.segment = segment;
    version.place.offset = body_offset;
    if (version.here) {
      body_offset += version.place.bytes_on_disk();
      continue;
    }
    DKV_ASSERT(in.varint32("", version.place.segment) && in.varint32("", version.place.offset));
  }
  DKV_ASSERT(in.left() == 0);
}

StoredState begin_known(wire::Reader& in) {
  std::uint64_t created = 0;
  DKV_ASSERT(in.varint("", created));
  StoredState state;
  state.created_wall_ns = static_cast<TimeNs>(created);
  return state;
}

}  // namespace

StoredState read_memory_state(std::string_view bytes, const ActorTable& table, std::uint32_t segment,
                              std::uint32_t body_offset) {
  wire::Reader in(bytes);
  StoredState state = begin_known(in);
  boost::container::small_vector<Dot, 8> entries;
  boost::container::small_vector<Dot, 8> isolated;
  read_known_dots(in, table, entries);
  read_known_dots(in, table, isolated);
  state.seen = VersionVector::from_sorted({entries.data(), entries.size()}, {isolated.data(), isolated.size()});
  read_known_versions(in, table, segment, body_offset, state);
  return state;
}

StoredState read_memory_versions(std::string_view bytes, const ActorTable& table, std::uint32_t segment,
                                 std::uint32_t body_offset) {
  wire::Reader in(bytes);
  StoredState state = begin_known(in);
  skip_dots(in);
  skip_dots(in);
  read_known_versions(in, table, segment, body_offset, state);
  return state;
}

}  // namespace dkv
