#include "engine/storage/record.h"

#include <cstring>

#include "engine/core/assert.h"
#include "engine/protocol/wire_format.h"

namespace dkv::record {
namespace {

using wire::load;
using wire::store;

constexpr std::uint64_t kSegmentMagic = 0x31474553'564b44'89ULL;
constexpr std::uint32_t kRecordMagic = 0x5ad1'4bd3;
constexpr std::uint8_t kErased = 1;
constexpr std::uint8_t kBehindSync = 2;

constexpr std::size_t kChecksumAt = 4;
constexpr std::size_t kCheckedFrom = 8;

std::uint32_t head_checksum(std::string_view head, std::uint32_t segment, std::uint32_t offset) noexcept {
  const std::uint64_t place = std::uint64_t{segment} << 32 | offset;
  return static_cast<std::uint32_t>(hash64(head.substr(kCheckedFrom), mix64(place)));
}

}  // namespace

std::string segment_header(std::uint32_t segment) {
  std::string bytes(kSegmentHeaderBytes, '\0');
  store(bytes.data(), kSegmentMagic);
  store(bytes.data() + 8, kFormatVersion);
  store(bytes.data() + 12, segment);
  store(bytes.data() + 20, static_cast<std::uint32_t>(hash64({bytes.data(), 20})));
  return bytes;
}

bool is_newer_format(std::string_view header) noexcept {
  return header.size() >= kSegmentHeaderBytes && load<std::uint64_t>(header.data()) == kSegmentMagic &&
         load<std::uint32_t>(header.data() + 20) == static_cast<std::uint32_t>(hash64(header.substr(0, 20))) &&
         load<std::uint32_t>(header.data() + 8) > kFormatVersion;
}

Result<void> check_segment_header(std::string_view bytes, std::uint32_t segment) {
  if (bytes.size() < kSegmentHeaderBytes) return fail("the header is cut short");
  if (load<std::uint64_t>(bytes.data()) != kSegmentMagic) return fail("this is not a segment of the store");
  if (load<std::uint32_t>(bytes.data() + 20) != static_cast<std::uint32_t>(hash64(bytes.substr(0, 20)))) {
    return fail("the header is damaged");
  }
  const auto version = load<std::uint32_t>(bytes.data() + 8);
  if (version > kFormatVersion) {
    return fail("the format is version " + std::to_string(version) + ", this program knows up to " +
                std::to_string(kFormatVersion));
  }
  const auto number = load<std::uint32_t>(bytes.data() + 12);
  if (number != segment) return fail("the file is a copy of segment " + std::to_string(number));
  return {};
}

void write_head(const Name& name, Marks marks, std::string_view state, std::uint32_t body_bytes, std::string& out) {
  const std::string_view key = name.key.encoded();
  const std::size_t before = out.size();
  const std::size_t bytes = kHeadBytesMin + key.size() + state.size();
  DKV_ASSERT(bytes <= kHeadBytesMax && body_bytes <= kBodyBytesMax && key.size() <= UINT16_MAX);
  DKV_ASSERT(key.empty() == is_keyless(name.space) && (!marks.erased || body_bytes == 0));
  out.resize(before + bytes);
  char* at = out.data() + before;
  store(at, kRecordMagic);
  store(at + 8, static_cast<std::uint32_t>(bytes));
  store(at + 12, body_bytes);
  at[16] = static_cast<char>(name.space);
  at[17] = static_cast<char>((marks.erased ? kErased : 0) | (marks.behind_sync ? kBehindSync : 0));
  store(at + 18, static_cast<std::uint16_t>(key.size()));
  store(at + 20, name.owner);
  if (!key.empty()) std::memcpy(at + kHeadBytesMin, key.data(), key.size());
  if (!state.empty()) std::memcpy(at + kHeadBytesMin + key.size(), state.data(), state.size());
}

void seal_head(char* at, std::uint32_t segment, std::uint32_t offset) {
  const std::string_view head(at, load<std::uint32_t>(at + 8));
  DKV_ASSERT(load<std::uint32_t>(at) == kRecordMagic && head.size() >= kHeadBytesMin);
  store(at + kChecksumAt, head_checksum(head, segment, offset));
}

Parsed parse_head(std::string_view bytes, std::uint32_t segment, std::uint32_t offset, Head& out, std::size_t& needed) {
  needed = kHeadBytesMin;
  if (bytes.size() >= 4 && load<std::uint32_t>(bytes.data()) != kRecordMagic) return Parsed::kBroken;
  if (bytes.size() < kHeadBytesMin) return Parsed::kShort;
  out.head_bytes = load<std::uint32_t>(bytes.data() + 8);
  out.body_bytes = load<std::uint32_t>(bytes.data() + 12);
  const std::size_t key_bytes = load<std::uint16_t>(bytes.data() + 18);
  if (out.head_bytes > kHeadBytesMax || out.head_bytes < kHeadBytesMin + key_bytes || out.body_bytes > kBodyBytesMax) {
    return Parsed::kBroken;
  }
  needed = out.head_bytes;
  if (bytes.size() < needed) return Parsed::kShort;
  const std::string_view head = bytes.substr(0, needed);
  if (load<std::uint32_t>(head.data() + kChecksumAt) != head_checksum(head, segment, offset)) return Parsed::kBroken;
  out.marks = {.erased = (head[17] & kErased) != 0, .behind_sync = (head[17] & kBehindSync) != 0};
  out.name.space = static_cast<KeySpace>(head[16]);
  out.name.owner = load<std::uint32_t>(head.data() + 20);
  out.name.key = Key();
  if (out.name.space > KeySpace::kDictionaries) return Parsed::kBroken;
  if (key_bytes > 0) {
    Result<Key> key = Key::decode(head.substr(kHeadBytesMin, key_bytes));
    if (!key) return Parsed::kBroken;
    out.name.key = std::move(*key);
  }
  if (out.name.key.empty() != is_keyless(out.name.space)) return Parsed::kBroken;
  out.state = head.substr(kHeadBytesMin + key_bytes);
  return Parsed::kOk;
}

std::size_t find_head(std::string_view bytes, std::size_t from) {
  char magic[4];
  store(magic, kRecordMagic);
  return bytes.find(std::string_view(magic, sizeof magic), from);
}

std::uint32_t value_checksum(const Key& key, std::uint64_t counter, std::string_view stored) noexcept {
  return static_cast<std::uint32_t>(hash64(stored, mix64(key.hash() + counter)));
}

}  // namespace dkv::record
