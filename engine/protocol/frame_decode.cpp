#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/core/hash.h"
#include "engine/protocol/codec.h"
#include "engine/protocol/wire_reader.h"
#include "engine/protocol/wire_values.h"

namespace dkv {
namespace {

using wire::Reader;

template <field::Listed Struct>
bool decode(Reader& in, Struct& value);

// The least size of a field. A count is accepted only if that many elements of the least size fit into the frame.
template <typename Type>
struct LeastBytes {
  std::size_t& bytes;

  template <typename Member>
  constexpr bool operator()(const char*, Member Type::*, field::Plain = {}) const {
    bytes += of(static_cast<Member*>(nullptr));
    return true;
  }
  template <typename Member>
  constexpr bool operator()(const char*, Member Type::*, field::Fixed) const {
    bytes += sizeof(Member);
    return true;
  }
  constexpr bool operator()(const char*, ObjectPtr Type::*, field::Present) const {
    bytes += wire::kObjectBytesMin;
    return true;
  }
  constexpr bool operator()(const char*, std::vector<std::uint64_t> Type::*, field::Hashes format) const {
    bytes += format.count * sizeof(std::uint64_t);
    return true;
  }
  constexpr bool operator()(const char*, NodeId Type::*, field::Node) const {
    bytes += sizeof(NodeId);
    return true;
  }
  template <typename Value>
  constexpr bool operator()(const char*, NodeId Type::*, const field::NodeWhen<Type, Value>&) const {
    return true;
  }
  // One byte: a varint, an enumeration, the count of a list, or the flag of a nullable object.
  template <typename Member, typename Format>
  constexpr bool operator()(const char*, Member Type::*, const Format&) const {
    ++bytes;
    return true;
  }
  template <typename Check>
  constexpr bool rule(const char*, Check) const {
    return true;
  }

  static constexpr std::size_t of(const Key*) { return wire::kKeyBytesMin; }
  static constexpr std::size_t of(const bool*) { return 1; }
  static constexpr std::size_t of(const Blob*) { return 1; }
  static constexpr std::size_t of(const VersionVector*) { return 2 * wire::kVarintBytesMin; }
  static constexpr std::size_t of(const Context*) { return 2 * wire::kVarintBytesMin + 8; }
  template <field::Listed Struct>
  static constexpr std::size_t of(const Struct*) {
    std::size_t bytes = 0;
    Struct::fields(LeastBytes<Struct>{bytes});
    return bytes;
  }
};
template <typename Element>
constexpr std::size_t kLeastBytes = LeastBytes<Element>::of(static_cast<Element*>(nullptr));

// Reads one field by its format.
// Apart from in_range(), because its strings would keep the compiler from inlining the usual path.
[[gnu::cold, gnu::noinline]] bool out_of_range(Reader& in, const char* name, std::uint64_t number, std::uint64_t least,
                                               std::uint64_t most) {
  if (number < least) return in.broken(name, std::to_string(number) + " is under " + std::to_string(least));
  return in.over(name, number, most);
}
inline bool in_range(Reader& in, const char* name, std::uint64_t number, std::uint64_t least, std::uint64_t most) {
  return (number >= least && number <= most) || out_of_range(in, name, number, least, most);
}
template <typename Number>
bool decode(Reader& in, const char* name, Number& out, field::Fixed format) {
  std::make_unsigned_t<Number> bits = 0;
  if (!in.number(name, bits)) return false;
  out = static_cast<Number>(bits);
  return in_range(in, name, bits, format.least, format.most);
}
bool decode(Reader& in, const char* name, std::uint32_t& out, field::Varint format) {
  return in.varint32(name, out) && in_range(in, name, out, format.least, format.most);
}
bool decode(Reader& in, const char* name, std::uint64_t& out, field::Varint format) {
  return in.varint(name, out) && in_range(in, name, out, format.least, format.most);
}
template <typename Enum>
bool decode(Reader& in, const char* name, Enum& out, field::UpTo<Enum> format) {
  return in.enumeration(name, out, format.last);
}
bool decode(Reader& in, const char* name, bool& out, field::Plain) {
  return in.boolean(name, out);
}
bool decode(Reader& in, const char* name, Key& out, field::Plain) {
  return wire::read_key(in, name, out);
}
bool decode(Reader& in, const char* name, VersionVector& out, field::Plain) {
  return wire::read_clock(in, name, out);
}
bool decode(Reader& in, const char* name, Context& out, field::Plain) {
  return wire::read_context(in, name, out);
}
bool decode(Reader& in, const char* name, Blob& out, field::Plain) {
  std::string_view value;
  if (!in.sized(name, kValueBytesMax, value)) return false;
  out = Blob(value);
  return true;
}
template <field::Listed Struct>
bool decode(Reader& in, const char* name, Struct& out, field::Plain) {
  return decode(in, out) || in.within(name);
}
bool decode(Reader& in, const char* name, ObjectPtr& out, field::Present) {
  return wire::read_object(in, name, out);
}
bool decode(Reader& in, const char* name, ObjectPtr& out, field::Nullable) {
  bool present = false;
  return in.boolean(name, present) && (!present || wire::read_object(in, name, out));
}
bool decode(Reader& in, const char* name, NodeId& out, field::Node) {
  return in.u32(name, out);
}

bool decode_element(Reader& in, Key& out) {
  return wire::read_key(in, "", out);
}
template <field::Listed Struct>
bool decode_element(Reader& in, Struct& out) {
  return decode(in, out);
}
template <typename Element>
bool decode_count(Reader& in, const char* name, std::uint32_t most, std::vector<Element>& out) {
  std::uint32_t count = 0;
  if (!in.count(name, most, kLeastBytes<Element>, count)) return false;
  out.resize(count);
  return true;
}
template <typename Element>
bool decode(Reader& in, const char* name, std::vector<Element>& out, field::List format) {
  if (!decode_count(in, name, format.most, out)) return false;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (!decode_element(in, out[i])) return in.within(name, i);
  }
  return true;
}
template <typename Element, typename By>
bool decode(Reader& in, const char* name, std::vector<Element>& out, const field::Ascending<Element, By>& format) {
  if (!decode_count(in, name, format.most, out)) return false;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (!decode_element(in, out[i])) return in.within(name, i);
    if (i == 0 || out[i - 1].*format.by < out[i].*format.by) continue;
    in.broken(format.by_name, std::string("not after the ") + format.by_name + " before it");
    return in.within(name, i);
  }
  return true;
}
bool decode(Reader& in, const char* name, std::vector<std::uint64_t>& out, field::Hashes format) {
  out.resize(format.count);
  for (std::uint64_t& hash : out) {
    if (!in.u64(name, hash)) return false;
  }
  return true;
}

template <typename Struct>
struct Decode {
  Reader& in;
  Struct& value;

  template <typename Member, typename Format = field::Plain>
  bool operator()(const char* name, Member Struct::* member, const Format& format = {}) const {
    return decode(in, name, value.*member, format);
  }
  template <typename Value>
  bool operator()(const char* name, NodeId Struct::* member, const field::NodeWhen<Struct, Value>& format) const {
    if (value.*format.when != format.is) return true;
    if (!in.varint32(name, value.*member)) return false;
    return value.*member != kNoNode || in.broken(name, format.missing);
  }
  template <typename Check>
  bool rule(const char* name, Check check) const {
    const char* broken = check(value);
    return broken == nullptr || in.broken(name, broken);
  }
};

template <field::Listed Struct>
bool decode(Reader& in, Struct& value) {
  return Struct::fields(Decode<Struct>{in, value});
}

template <std::size_t kIndex>
Result<Message> decode_body(std::string_view body) {
  Result<Message> result(tl::in_place, std::in_place_index<kIndex>);
  Reader in(body);
  if (!decode(in, std::get<kIndex>(*result))) {
    result = fail(message_name(*result) + ("." + in.what()));
  } else if (in.left() != 0) {
    result = fail(message_name(*result) + (": " + std::to_string(in.left()) + " bytes follow its last field"));
  }
  return result;
}

template <std::size_t... kIndex>
Result<Message> decode_kind(std::size_t index, std::string_view body, std::index_sequence<kIndex...>) {
  using Decode = Result<Message> (*)(std::string_view);
  static constexpr Decode kDecoders[] = {&decode_body<kIndex>...};
  return kDecoders[index](body);
}

}  // namespace

Result<std::size_t> frame_bytes(std::string_view header) {
  if (header.size() < kFrameHeaderBytes) {
    return fail("frame: " + std::to_string(header.size()) + " bytes are too few for a header, which has " +
                std::to_string(kFrameHeaderBytes));
  }
  const auto version = wire::load<std::uint8_t>(header.data() + wire::kVersionAt);
  if (version != kProtocolVersion) {
    return fail("frame.version: " + std::to_string(version) + "; this node speaks " + std::to_string(kProtocolVersion));
  }
  const auto kind = wire::load<std::uint8_t>(header.data() + wire::kKindAt);
  if (kind == 0 || kind > wire::kKinds) return fail("frame.kind: unknown value " + std::to_string(kind));
  if (wire::load<std::uint16_t>(header.data() + wire::kReservedAt) != 0) return fail("frame.reserved: not 0");
  const auto bytes = wire::load<std::uint32_t>(header.data() + wire::kLengthAt);
  if (bytes < kFrameHeaderBytes) {
    return fail("frame.length: " + std::to_string(bytes) + " bytes are fewer than the header's");
  }
  if (bytes > kFrameBytesMax) {
    return fail("frame.length: " + std::to_string(bytes) + " bytes, at most " + std::to_string(kFrameBytesMax));
  }
  return bytes;
}

Result<Message> decode_frame(std::string_view frame) {
  const Result<std::size_t> bytes = frame_bytes(frame);
  if (!bytes) return tl::unexpected<Error>(bytes.error());
  if (*bytes != frame.size()) {
    return fail("frame.length: says " + std::to_string(*bytes) + " bytes, there are " + std::to_string(frame.size()));
  }
  const auto checksum = wire::load<std::uint32_t>(frame.data() + wire::kChecksumAt);
  if (checksum != static_cast<std::uint32_t>(hash64(frame.substr(wire::kVersionAt)))) {
    return fail("frame.checksum: not that of the content");
  }
  const auto kind = wire::load<std::uint8_t>(frame.data() + wire::kKindAt);
  return decode_kind(kind - 1u, frame.substr(kFrameHeaderBytes), std::make_index_sequence<wire::kKinds>());
}

}  // namespace dkv
