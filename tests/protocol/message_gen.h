// RapidCheck generators of messages that keep all promises of messages.h and client.h.
#pragma once

#include <rapidcheck.h>

#include <algorithm>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/core/hash.h"
#include "engine/protocol/messages.h"

namespace dkv::testing {

// Each length in bits is equally likely, so that every length of a varint occurs.
inline std::uint64_t any_number(int bits_most = 64) {
  const int bits = *rc::gen::inRange(0, bits_most + 1);
  if (bits == 0) return 0;
  const auto raw = *rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>());
  return (raw | 1ull << 63) >> (64 - bits);
}
inline std::uint64_t any_counter() {
  return std::clamp<std::uint64_t>(any_number(), 1, kStateCounterMax);
}
inline Hlc any_hlc() {
  return std::min(Hlc{any_number()}, kStateHlcMax);
}
inline std::uint32_t any_u32() {
  return static_cast<std::uint32_t>(any_number(32));
}
inline bool any_bool() {
  return *rc::gen::arbitrary<bool>();
}
inline std::uint8_t any_u8(int least, int most) {
  return static_cast<std::uint8_t>(*rc::gen::inRange(least, most + 1));
}
inline std::size_t any_count(int most) {
  return static_cast<std::size_t>(*rc::gen::inRange(0, most + 1));
}
template <typename Enum>
Enum any_enum(Enum last) {
  return static_cast<Enum>(any_u8(0, static_cast<int>(last)));
}

inline std::string any_bytes(int least, int most) {
  const auto size = static_cast<std::size_t>(*rc::gen::inRange(least, most + 1));
  return *rc::gen::container<std::string>(size, rc::gen::arbitrary<char>());
}
inline Key any_key() {
  const bool longest = *rc::gen::inRange(0, 20) == 0;
  if (longest) return *Key::make(std::string(kBucketBytesMax, 'b'), std::string(kKeyBytesMax, 'k'));
  const std::string bucket = any_bytes(1, 12);
  return *Key::make(bucket, any_bytes(1, 24));
}

inline VersionVector any_clock(std::size_t least) {
  const std::size_t count = std::max(least, any_count(12));
  std::vector<Dot> entries;
  while (entries.size() < count) {
    Dot dot;
    dot.actor.id.high = any_number();
    dot.actor.id.low = any_number();
    dot.actor.epoch = any_u32();
    dot.counter = any_counter();
    entries.push_back(dot);
    std::ranges::sort(entries, {}, &Dot::actor);
    const auto twice = std::ranges::unique(entries, {}, &Dot::actor);
    entries.erase(twice.begin(), twice.end());
  }
  // Half of the clocks have dots beyond a gap. with() keeps the shortest form.
  VersionVector clock = VersionVector::from_sorted(entries);
  const std::size_t isolated = any_bool() ? any_count(3) : 0;
  for (std::size_t i = 0; i < isolated && !entries.empty(); ++i) {
    Dot dot = entries[any_count(static_cast<int>(entries.size()) - 1)];
    dot.actor.epoch += any_bool() ? 1 : 0;
    dot.counter = any_counter();
    clock = clock.with(dot);
  }
  return clock;
}

inline Context any_context() {
  VersionVector seen = any_clock(0);
  return {std::move(seen), any_hlc()};
}

inline Sibling any_sibling(Dot dot) {
  Sibling sibling;
  sibling.dot = dot;
  sibling.hlc = any_hlc();
  sibling.tag = any_number();
  sibling.expires_wall_ns = static_cast<TimeNs>(any_number());
  sibling.tombstone = any_bool();
  if (!sibling.tombstone) sibling.value = Blob(any_bytes(0, 300));
  return sibling;
}

inline ObjectPtr any_object() {
  const VersionVector seen = any_clock(1);
  const std::size_t count = 1 + any_count(10);
  std::set<Dot> dots;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t entries = seen.entries().size();
    const std::size_t place = any_count(static_cast<int>(entries + seen.isolated().size()) - 1);
    Dot dot = place < entries ? seen.entries()[place] : seen.isolated()[place - entries];
    const std::uint64_t back = any_number();
    if (place < entries) dot.counter -= std::min(dot.counter - 1, back);
    dots.insert(dot);
  }
  std::vector<Sibling> siblings;
  for (const Dot& dot : dots) siblings.push_back(any_sibling(dot));
  return Object::make(seen, siblings);
}
inline ObjectPtr any_object_or_none() {
  return any_bool() ? any_object() : ObjectPtr();
}

// Changes fields that were drawn independently, so that the rules of the struct hold.
template <typename Struct>
void keep_rules(Struct&) {}
inline void keep_rules(AckSummary& acks) {
  acks.primary /= 2;
  acks.fallback /= 2;
  acks.total = static_cast<std::uint8_t>(acks.primary + acks.fallback);
}
inline void keep_rules(ClientReply& reply) {
  if (reply.outcome == Outcome::kDone) reply.reason = Reason::kNone;
  if (reply.outcome != Outcome::kDone && reply.reason == Reason::kNone) reply.reason = Reason::kTimedOut;
}

// Draws the fields of a struct by its list. Each draw is a separate call, so that all compilers draw in the same
// order.
template <typename Struct>
struct DrawFields {
  Struct& value;

  template <typename Member, typename Format = field::Plain>
  bool operator()(const char*, Member Struct::* member, const Format& format = {}) const {
    draw(value.*member, format);
    return true;
  }
  template <typename Check>
  bool rule(const char*, Check) const {
    return true;
  }

 private:
  template <typename Number>
  static void draw(Number& out, std::uint64_t least, std::uint64_t most) {
    const std::uint64_t most_of_type = static_cast<std::make_unsigned_t<Number>>(~Number{0});
    const std::uint64_t drawn = any_number(8 * sizeof(Number));
    const std::uint64_t top = std::min(most, most_of_type);
    out = static_cast<Number>(drawn >= least && drawn <= top ? drawn : least + drawn % (top - least + 1));
  }
  template <typename Number>
  void draw(Number& out, field::Fixed format) const {
    draw(out, format.least, format.most);
  }
  template <typename Number>
  void draw(Number& out, field::Varint format) const {
    draw(out, format.least, format.most);
  }
  template <typename Enum>
  void draw(Enum& out, field::UpTo<Enum> format) const {
    out = any_enum(format.last);
  }
  void draw(bool& out, field::Plain) const { out = any_bool(); }
  void draw(Key& out, field::Plain) const { out = any_key(); }
  void draw(VersionVector& out, field::Plain) const { out = any_context().seen; }
  void draw(Context& out, field::Plain) const { out = any_context(); }
  void draw(Blob& out, field::Plain) const { out = Blob(any_bytes(0, 300)); }
  template <field::Listed Nested>
  void draw(Nested& out, field::Plain) const {
    out = any<Nested>();
  }
  void draw(ObjectPtr& out, field::Present) const { out = any_object(); }
  void draw(ObjectPtr& out, field::Nullable) const { out = any_object_or_none(); }
  void draw(NodeId& out, field::Node) const { out = any_bool() ? kNoNode : any_u32(); }
  template <typename When>
  void draw(NodeId& out, const field::NodeWhen<Struct, When>& format) const {
    if (value.*format.when == format.is) out = any_u32() % kNoNode;
  }
  template <typename Element>
  void draw(std::vector<Element>& out, field::List format) const {
    const auto most = static_cast<int>(std::min<std::uint32_t>(format.most, 12));
    for (std::size_t i = any_count(most); i > 0; --i) out.push_back(any<Element>());
  }
  template <typename Element, typename By>
  void draw(std::vector<Element>& out, const field::Ascending<Element, By>& format) const {
    draw(out, field::List{format.most});
    std::ranges::sort(out, {}, format.by);
    const auto twice = std::ranges::unique(out, {}, format.by);
    out.erase(twice.begin(), twice.end());
  }
  void draw(std::vector<std::uint64_t>& out, field::Hashes format) const {
    const std::uint64_t seed = any_number();
    for (std::uint64_t i = 0; i < format.count; ++i) out.push_back(mix64(seed + i));
  }

  template <typename Type>
  static Type any() {
    if constexpr (std::is_same_v<Type, Key>) {
      return any_key();
    } else {
      Type made;
      Type::fields(DrawFields<Type>{made});
      keep_rules(made);
      return made;
    }
  }
};

template <std::size_t... kKind>
Message any_message_of(std::size_t kind, std::index_sequence<kKind...>) {
  Message message;
  const auto make = [&]<typename M>(M made) {
    M::fields(DrawFields<M>{made});
    keep_rules(made);
    message = std::move(made);
  };
  ((kind == kKind ? make(std::variant_alternative_t<kKind, Message>()) : void()), ...);
  return message;
}

// A message of the alternative with index `kind`.
inline Message any_message_of(std::size_t kind) {
  return any_message_of(kind, std::make_index_sequence<std::variant_size_v<Message>>());
}

}  // namespace dkv::testing
