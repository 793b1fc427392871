#include <boost/pfr/tuple_size.hpp>
#include <type_traits>

#include "engine/core/assert.h"
#include "engine/core/hash.h"
#include "engine/protocol/codec.h"
#include "engine/protocol/wire_writer.h"

namespace dkv {
namespace {

using wire::kVarint32BytesMax;
using wire::kVarint64BytesMax;
using wire::Writer;

// An upper bound of the bytes that encode() writes for the same value.
std::size_t bound(const Key& key) {
  return kVarint32BytesMax + key.encoded().size();
}
std::size_t bound(const VersionVector& clock) {
  const std::size_t dots = clock.entries().size() + clock.isolated().size();
  return 2 * kVarint32BytesMax + dots * (16 + kVarint32BytesMax + kVarint64BytesMax);
}
std::size_t bound(const Context& context) {
  return bound(context.seen) + 8;
}
std::size_t bound(const Object& object) {
  constexpr std::size_t kSibling =
      kVarint32BytesMax + 1 + kVarint64BytesMax + 8 + kVarint64BytesMax + 8 + 8 + kVarint32BytesMax;
  return bound(object.seen()) + kVarint32BytesMax + object.siblings().size() * kSibling + object.value_bytes();
}
std::size_t bound(const ObjectPtr& object) {
  return object ? bound(*object) : 0;
}

// The width of a number's type, or the most bytes that it takes as a varint.
template <typename Number>
constexpr std::size_t kVarintBytesMax = sizeof(Number) > 4 ? kVarint64BytesMax : kVarint32BytesMax;

template <field::Listed Struct>
std::size_t bound(const Struct& value);

// The most bytes of one field, by its format.
template <typename Number>
std::size_t bound(const Number&, field::Fixed) {
  return sizeof(Number);
}
template <typename Number>
std::size_t bound(const Number&, field::Varint) {
  return kVarintBytesMax<Number>;
}
template <typename Enum>
std::size_t bound(const Enum&, field::UpTo<Enum>) {
  return 1;
}
std::size_t bound(bool, field::Plain) {
  return 1;
}
std::size_t bound(const Blob& value, field::Plain) {
  return kVarint32BytesMax + value.size();
}
template <typename Value>
std::size_t bound(const Value& value, field::Plain) {
  return bound(value);
}
std::size_t bound(const ObjectPtr& object, field::Present) {
  return bound(object);
}
std::size_t bound(const ObjectPtr& object, field::Nullable) {
  return 1 + bound(object);
}
std::size_t bound(const NodeId&, field::Node) {
  return sizeof(NodeId);
}
template <typename Struct, typename Value>
std::size_t bound(const NodeId&, field::NodeWhen<Struct, Value>) {
  return kVarint32BytesMax;
}
template <typename Element>
std::size_t bound(const std::vector<Element>& list, field::List) {
  std::size_t bytes = kVarint32BytesMax;
  for (const Element& element : list) bytes += bound(element);
  return bytes;
}
template <typename Element, typename By>
std::size_t bound(const std::vector<Element>& list, const field::Ascending<Element, By>& format) {
  return bound(list, field::List{format.most});
}
std::size_t bound(const std::vector<std::uint64_t>& hashes, field::Hashes) {
  return hashes.size() * sizeof(std::uint64_t);
}

template <typename Struct>
struct Bound {
  const Struct& value;
  std::size_t& bytes;

  template <typename Member, typename Format = field::Plain>
  bool operator()(const char*, Member Struct::* member, const Format& format = {}) const {
    bytes += bound(value.*member, format);
    return true;
  }
  template <typename Check>
  bool rule(const char*, Check) const {
    return true;
  }
};

template <field::Listed Struct>
std::size_t bound(const Struct& value) {
  std::size_t bytes = 0;
  Struct::fields(Bound<Struct>{value, bytes});
  return bytes;
}

void encode(Writer& out, const Key& key) {
  DKV_ASSERT(!key.empty());
  out.sized(key.encoded());
}

void encode(Writer& out, std::span<const Dot> dots) {
  out.varint(dots.size());
  for (const Dot& dot : dots) {
    out.u64(dot.actor.id.high);
    out.u64(dot.actor.id.low);
    out.varint(dot.actor.epoch);
    out.varint(dot.counter);
  }
}

void encode(Writer& out, const VersionVector& clock) {
  encode(out, clock.entries());
  encode(out, clock.isolated());
}

void encode(Writer& out, const Context& context) {
  encode(out, context.seen);
  out.u64(context.hlc.packed);
}

// The index by which a decoder finds the dot's actor: among the entries of the clock, then among its isolated dots.
// Object has asserted that one of them covers the dot.
std::size_t place_of(const Dot& dot, const VersionVector& clock) {
  const std::span<const Dot> entries = clock.entries();
  std::size_t place = 0;
  while (place < entries.size() && entries[place].actor < dot.actor) ++place;
  const bool known = place < entries.size() && entries[place].actor == dot.actor;
  if (known && entries[place].counter >= dot.counter) return place;
  place = 0;
  while (clock.isolated()[place] != dot) ++place;
  return entries.size() + place;
}

void encode(Writer& out, const Sibling& sibling, std::size_t actor_index) {
  DKV_ASSERT(sibling.value.size() <= kValueBytesMax);
  out.varint(actor_index);
  out.u8(static_cast<std::uint8_t>((sibling.tombstone ? wire::kTombstoneFlag : 0) |
                                   (sibling.tag != 0 ? wire::kTagFlag : 0) |
                                   (sibling.expires_wall_ns != 0 ? wire::kExpiryFlag : 0)));
  out.varint(sibling.dot.counter);
  out.u64(sibling.hlc.packed);
  if (sibling.tag != 0) out.varint(sibling.tag);
  if (sibling.expires_wall_ns != 0) out.u64(static_cast<std::uint64_t>(sibling.expires_wall_ns));
  if (!sibling.tombstone) out.sized(sibling.value.view());
}

void encode(Writer& out, const ObjectPtr& object) {
  DKV_ASSERT(object);
  DKV_ASSERT(object->siblings().size() <= kSiblingsDecodedMax);
  DKV_ASSERT(object->resident());
  encode(out, object->seen());
  out.varint(object->siblings().size());
  for (const Sibling& sibling : object->siblings()) encode(out, sibling, place_of(sibling.dot, object->seen()));
}

template <field::Listed Struct>
void encode(Writer& out, const Struct& value);

// Writes one field by its format.
template <typename Number>
void encode(Writer& out, const Number& number, field::Fixed format) {
  const auto bits = static_cast<std::make_unsigned_t<Number>>(number);
  DKV_ASSERT(bits >= format.least && bits <= format.most);
  out.number(bits);
}
template <typename Number>
void encode(Writer& out, const Number& number, field::Varint format) {
  DKV_ASSERT(number >= format.least && number <= format.most);
  out.varint(number);
}
template <typename Enum>
void encode(Writer& out, const Enum& value, field::UpTo<Enum> format) {
  DKV_ASSERT(value <= format.last);
  out.enumeration(value);
}
void encode(Writer& out, bool value, field::Plain) {
  out.boolean(value);
}
void encode(Writer& out, const Blob& value, field::Plain) {
  DKV_ASSERT(value.size() <= kValueBytesMax);
  out.sized(value.view());
}
template <typename Value>
void encode(Writer& out, const Value& value, field::Plain) {
  encode(out, value);
}
void encode(Writer& out, const ObjectPtr& object, field::Present) {
  encode(out, object);
}
void encode(Writer& out, const ObjectPtr& object, field::Nullable) {
  out.boolean(static_cast<bool>(object));
  if (object) encode(out, object);
}
void encode(Writer& out, const NodeId& node, field::Node) {
  out.u32(node);
}
template <typename Element>
void encode(Writer& out, const std::vector<Element>& list, field::List format) {
  DKV_ASSERT(list.size() <= format.most);
  out.varint(list.size());
  for (const Element& element : list) encode(out, element);
}
template <typename Element, typename By>
void encode(Writer& out, const std::vector<Element>& list, const field::Ascending<Element, By>& format) {
  for (std::size_t i = 1; i < list.size(); ++i) DKV_ASSERT(list[i - 1].*format.by < list[i].*format.by);
  encode(out, list, field::List{format.most});
}
void encode(Writer& out, const std::vector<std::uint64_t>& hashes, field::Hashes format) {
  DKV_ASSERT(hashes.size() == format.count);
  for (const std::uint64_t hash : hashes) out.u64(hash);
}

template <typename Struct>
struct Encode {
  Writer& out;
  const Struct& value;

  template <typename Member, typename Format = field::Plain>
  bool operator()(const char*, Member Struct::* member, const Format& format = {}) const {
    encode(out, value.*member, format);
    return true;
  }
  template <typename Value>
  bool operator()(const char*, NodeId Struct::* member, const field::NodeWhen<Struct, Value>& format) const {
    const bool there = value.*format.when == format.is;
    DKV_ASSERT(there == (value.*member != kNoNode));
    if (there) out.varint(value.*member);
    return true;
  }
  template <typename Check>
  bool rule(const char*, Check check) const {
    DKV_ASSERT(check(value) == nullptr);
    return true;
  }
};

struct CountFields {
  std::size_t& count;

  template <typename Member, typename Format = field::Plain>
  constexpr bool operator()(const char*, Member, const Format& = {}) const {
    ++count;
    return true;
  }
  template <typename Check>
  constexpr bool rule(const char*, Check) const {
    return true;
  }
};
template <typename Struct>
constexpr std::size_t fields_listed() {
  std::size_t count = 0;
  Struct::fields(CountFields{count});
  return count;
}

template <field::Listed Struct>
void encode(Writer& out, const Struct& value) {
  static_assert(fields_listed<Struct>() == boost::pfr::tuple_size_v<Struct>, "a member is missing from the list");
  Struct::fields(Encode<Struct>{out, value});
}

}  // namespace

std::size_t frame_bytes_bound(const Message& message) {
  return kFrameHeaderBytes + visit_message([](const auto& m) { return bound(m); }, message);
}

std::size_t copy_bytes_bound(const Key& key, const ObjectPtr& object) {
  return bound(key) + bound(object);
}

void encode_frame(const Message& message, std::string& out) {
  const std::size_t begin = out.size();
  const std::size_t bound_bytes = frame_bytes_bound(message);
  out.resize(begin + bound_bytes);
  char* const frame = out.data() + begin;
  Writer writer(frame + kFrameHeaderBytes);
  visit_message([&](const auto& m) { encode(writer, m); }, message);
  const auto bytes = static_cast<std::size_t>(writer.at() - frame);
  DKV_ASSERT(bytes <= bound_bytes && bytes <= kFrameBytesMax);
  wire::store(frame + wire::kLengthAt, static_cast<std::uint32_t>(bytes));
  wire::store(frame + wire::kVersionAt, kProtocolVersion);
  wire::store(frame + wire::kKindAt, static_cast<std::uint8_t>(message.index() + 1));
  wire::store(frame + wire::kReservedAt, std::uint16_t{0});
  const std::uint64_t hash = hash64({frame + wire::kVersionAt, bytes - wire::kVersionAt});
  wire::store(frame + wire::kChecksumAt, static_cast<std::uint32_t>(hash));
  out.resize(begin + bytes);
}

}  // namespace dkv
