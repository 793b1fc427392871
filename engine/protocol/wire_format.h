// The bytes of a frame. Only the encoder and the decoder include this header.
//
//   header  u32 bytes of the whole frame, u32 checksum, u8 version, u8 kind, u16 zero
//   body    the message's fields in the order and the format in which messages.h and client.h list them
//
// Numbers are little-endian. The checksum is the low half of hash64() over all bytes after it. The kind is the index
// of the message in Message, counted from 1. Every message has exactly one encoding: a decoded frame gives the same
// bytes when it is encoded again.
//
//   varint   7 bits a byte, the lowest first, as few bytes as the number needs
//   bool     u8, 0 or 1                      enum     u8
//   key      varint bytes, Key::encoded()    list     varint count, elements
//   value    varint bytes, the bytes
//   dots     list of {u64 actor high, u64 actor low, varint epoch, varint counter}, ascending
//   clock    dots: the entries, at most one for an actor; dots: the isolated ones. In VersionVector's shortest form
//   context  clock, u64 hlc
//   object   clock, list of siblings, ascending by dot
//   sibling  varint place of the entry that covers the dot: the clock's entries first, then its isolated dots;
//            u8 flags, varint counter, u64 hlc, varint tag if flagged, u64 request if flagged, u64 expiry if flagged,
//            value unless a tombstone
//
// varint: every partition, node, epoch, incarnation, time-out, tag, counter and count. u64: op, hash, digest, mask,
// hlc, expiry. Three fields are optional or have no count: hint_for is present only in a hint; the hashes of
// AntiEntropyLeaves have no count, because there are always MerkleTree::kLeaves; the object of a reply is a bool,
// then the object if true. A coordinator is a u32, because kNoNode is common there.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "engine/core/key.h"
#include "engine/protocol/client.h"
#include "engine/protocol/messages.h"

namespace dkv::wire {

inline constexpr std::size_t kLengthAt = 0;
inline constexpr std::size_t kChecksumAt = 4;
inline constexpr std::size_t kVersionAt = 8;  // the checksum covers all bytes from here on
inline constexpr std::size_t kKindAt = 9;
inline constexpr std::size_t kReservedAt = 10;

inline constexpr std::uint8_t kKinds = std::variant_size_v<Message>;

inline constexpr std::uint8_t kTombstoneFlag = 1;
inline constexpr std::uint8_t kTagFlag = 2;
inline constexpr std::uint8_t kExpiryFlag = 4;
inline constexpr std::uint8_t kSiblingFlags = kTombstoneFlag | kTagFlag | kExpiryFlag;

inline constexpr std::size_t kEncodedKeyBytesMax = 1 + kBucketBytesMax + kKeyBytesMax;

// The least sizes of values. A count is accepted only if that many elements of the least size fit into the rest of
// the frame.
inline constexpr std::size_t kVarintBytesMin = 1;
inline constexpr std::size_t kKeyBytesMin = kVarintBytesMin + 3;
inline constexpr std::size_t kClockEntryBytesMin = 16 + 2 * kVarintBytesMin;
inline constexpr std::size_t kSiblingBytesMin = 2 * kVarintBytesMin + 1 + 8;
inline constexpr std::size_t kObjectBytesMin = 3 * kVarintBytesMin + kClockEntryBytesMin + kSiblingBytesMin;

// The most bytes of a varint of 32 and of 64 bits.
inline constexpr std::size_t kVarint32BytesMax = 5;
inline constexpr std::size_t kVarint64BytesMax = 10;

// Converts between the byte order of the machine and that of the frame.
template <typename Number>
Number little_endian(Number number) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    return number;
  } else {
    Number swapped = 0;
    for (std::size_t i = 0; i < sizeof(Number); ++i) {
      swapped = static_cast<Number>(swapped << 8 | (number >> 8 * i & 0xff));
    }
    return swapped;
  }
}

template <typename Number>
Number load(const char* from) noexcept {
  Number number;
  std::memcpy(&number, from, sizeof number);
  return little_endian(number);
}

template <typename Number>
void store(char* to, Number number) noexcept {
  number = little_endian(number);
  std::memcpy(to, &number, sizeof number);
}

}  // namespace dkv::wire
