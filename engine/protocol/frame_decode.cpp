#include <utility>

#include "engine/core/hash.h"
#include "engine/core/merkle.h"
#include "engine/protocol/codec.h"
#include "engine/protocol/wire_reader.h"
#include "engine/protocol/wire_values.h"

namespace dkv {
namespace {

using wire::Reader;

bool decode(Reader& in, Stamp& stamp) {
  return in.varint32("to_incarnation", stamp.to_incarnation) && in.varint("era", stamp.era);
}

bool decode(Reader& in, std::vector<TombstoneEntry>& entries) {
  std::uint32_t count = 0;
  if (!in.count("entries", kTombstonesMax, wire::kKeyBytesMin + 8, count)) return false;
  entries.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (!wire::read_key(in, "key", entries[i].key) || !in.u64("digest", entries[i].digest)) {
      return in.within("entries", i);
    }
  }
  return true;
}

bool decode(Reader& in, ReplicaPut& m) {
  if (!in.u64("op", m.op) || !in.enumeration("reason", m.reason, wire::kLastCopyReason)) return false;
  if (m.reason == CopyReason::kHint) {
    if (!in.varint32("hint_for", m.hint_for)) return false;
    if (m.hint_for == kNoNode) return in.broken("hint_for", "a hint names no node");
  }
  return wire::read_key(in, "key", m.key) && wire::read_object(in, "object", m.object) && decode(in, m.stamp);
}

bool decode(Reader& in, ReplicaPutAck& m) {
  return in.u64("op", m.op) && in.boolean("stored", m.stored);
}

bool decode(Reader& in, ReplicaGet& m) {
  return in.u64("op", m.op) && wire::read_key(in, "key", m.key);
}

bool decode(Reader& in, ReplicaGetReply& m) {
  return in.u64("op", m.op) && wire::read_optional_object(in, "object", m.object);
}

bool decode(Reader& in, Forward& m) {
  return in.u64("op", m.op) && in.varint32("from_incarnation", m.from_incarnation) &&
         in.varint32("to_incarnation", m.to_incarnation) && wire::read_request(in, "request", m.request);
}

bool decode(Reader& in, ForwardReply& m) {
  return in.u64("op", m.op) && wire::read_reply(in, "reply", m.reply);
}

bool decode(Reader& in, Heartbeat& m) {
  return in.varint32("incarnation", m.incarnation) && in.boolean("hears_you", m.hears_you) && in.varint("era", m.era) &&
         in.varint("settled", m.settled) && in.varint32("to_incarnation", m.to_incarnation);
}

bool decode(Reader& in, AntiEntropyRoots& m) {
  std::uint32_t count = 0;
  if (!in.count("roots", kAntiEntropyPartitionsMax, wire::kRootBytesMin, count)) return false;
  m.roots.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    AntiEntropyRoots::Root& root = m.roots[i];
    if (!wire::read_partition(in, "partition", root.partition) || !in.u64("hash", root.hash)) {
      return in.within("roots", i);
    }
    if (i > 0 && m.roots[i - 1].partition >= root.partition) {
      in.broken("partition", "not after the partition before it");
      return in.within("roots", i);
    }
  }
  return true;
}

bool decode(Reader& in, AntiEntropyLeaves& m) {
  std::uint32_t count = 0;
  if (!in.count("partitions", kAntiEntropyPartitionsMax, wire::kLeavesBytesMin, count)) return false;
  m.partitions.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    AntiEntropyLeaves::Leaves& leaves = m.partitions[i];
    if (!wire::read_partition(in, "partition", leaves.partition)) return in.within("partitions", i);
    leaves.hashes.resize(MerkleTree::kLeaves);
    for (std::uint64_t& hash : leaves.hashes) {
      if (!in.u64("hashes", hash)) return in.within("partitions", i);
    }
  }
  return true;
}

bool decode(Reader& in, AntiEntropyKeys& m) {
  std::uint32_t count = 0;
  if (!wire::read_partition(in, "partition", m.partition) || !in.u64("leaf_mask", m.leaf_mask) ||
      !in.u64("first_hash", m.first_hash) || !in.u64("last_hash", m.last_hash) ||
      !in.count("entries", kAntiEntropyKeysMax, wire::kKeyBytesMin + 8, count)) {
    return false;
  }
  m.entries.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    AntiEntropyKeys::Entry& entry = m.entries[i];
    if (!wire::read_key(in, "key", entry.key) || !in.u64("digest", entry.digest)) return in.within("entries", i);
    if (i > 0 && !(m.entries[i - 1].key < entry.key)) {
      in.broken("key", "not after the key before it");
      return in.within("entries", i);
    }
  }
  return true;
}

bool decode(Reader& in, AntiEntropyObjects& m) {
  std::uint32_t count = 0;
  if (!in.count("objects", kAntiEntropyObjectsMax, wire::kKeyBytesMin + wire::kObjectBytesMin, count)) return false;
  m.objects.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    AntiEntropyObjects::Entry& entry = m.objects[i];
    if (!wire::read_key(in, "key", entry.key) || !wire::read_object(in, "object", entry.object)) {
      return in.within("objects", i);
    }
  }
  if (!in.count("wanted", kAntiEntropyKeysMax, wire::kKeyBytesMin, count)) return false;
  m.wanted.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (!wire::read_key(in, "", m.wanted[i])) return in.within("wanted", i);
  }
  return decode(in, m.stamp);
}

bool decode(Reader& in, TombstonesAsk& m) {
  return in.varint32("from_incarnation", m.from_incarnation) && decode(in, m.entries);
}

bool decode(Reader& in, TombstonesHeld& m) {
  return in.varint32("from_incarnation", m.from_incarnation) && in.varint32("to_incarnation", m.to_incarnation) &&
         decode(in, m.entries);
}

bool decode(Reader& in, TombstonesReap& m) {
  return in.varint32("to_incarnation", m.to_incarnation) && decode(in, m.entries);
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
    return fail("frame: " + std::to_string(header.size()) + " bytes are no header, which has " +
                std::to_string(kFrameHeaderBytes));
  }
  const auto version = wire::load<std::uint8_t>(header.data() + wire::kVersionAt);
  if (version != kProtocolVersion) {
    return fail("frame.version: " + std::to_string(version) + ", spoken here is " + std::to_string(kProtocolVersion));
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
