// The bytes of a segment. Only code that writes or reads segments includes this header.
//
//   segment   header, records
//   header    u64 magic, u32 format version, u32 number of the segment, u32 zero, u32 checksum of all before
//   record    head, body
//   head      u32 magic, u32 checksum of the rest of the head, u32 bytes of the head, u32 bytes of the body,
//             u8 key space, u8 flags, u16 bytes of the key, u32 owner, the key, the state
//   body      for each value of this record, in the order of the siblings: u32 checksum, the stored bytes
//
// Numbers are little-endian. The checksum of a head also covers its place, and the checksum of a value its key and
// dot. So bytes that were written to a wrong place are not taken for the right ones. A head can be trusted although
// its values are damaged.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/key.h"
#include "engine/core/result.h"
#include "engine/core/types.h"
#include "engine/ports/storage.h"

namespace dkv::record {

inline constexpr std::uint32_t kFormatVersion = 1;
inline constexpr std::uint32_t kSegmentHeaderBytes = 24;
inline constexpr std::uint32_t kHeadBytesMin = 24;
inline constexpr std::uint32_t kHeadBytesMax = 1u << 20;
inline constexpr std::uint32_t kBodyBytesMax = 100u << 20;

std::string segment_header(std::uint32_t segment);
// Fails with the reason; a newer format is one of them.
Result<void> check_segment_header(std::string_view bytes, std::uint32_t segment);
// True for an undamaged header of a version that this program does not know.
bool is_newer_format(std::string_view header) noexcept;

// The key of a record in the store.
struct Name {
  KeySpace space = KeySpace::kObjects;
  NodeId owner = kNoNode;  // hints; the id of a dictionary
  Key key;                 // empty where is_keyless()
  friend auto operator<=>(const Name&, const Name&) = default;
  friend bool operator==(const Name&, const Name&) = default;
};

// True for the identity and the dictionaries. Their records have a state and no body.
constexpr bool is_keyless(KeySpace space) noexcept {
  return space == KeySpace::kIdentity || space == KeySpace::kDictionaries;
}

struct Marks {
  bool erased = false;
  // All that stands before it in the segment was durable before this was written. Behind the last such record a power
  // loss may have left holes. A gap before it is damage, not the end of the log.
  bool behind_sync = false;
};

struct Head {
  Name name;
  Marks marks;
  std::uint32_t head_bytes = 0;
  std::uint32_t body_bytes = 0;
  std::string_view state;  // a view into the parsed bytes
  std::uint32_t bytes() const noexcept { return head_bytes + body_bytes; }
};

// Appends a head to out. seal_head() adds the checksum once the place is known.
void write_head(const Name& name, Marks marks, std::string_view state, std::uint32_t body_bytes, std::string& out);
// Gives the head at `at` the checksum for its place.
void seal_head(char* at, std::uint32_t segment, std::uint32_t offset);

enum class Parsed : std::uint8_t { kOk, kShort, kBroken };
// Reads the head at (segment, offset). kShort: the bytes end before the head does, and `needed` is the size of the
// head.
Parsed parse_head(std::string_view bytes, std::uint32_t segment, std::uint32_t offset, Head& out, std::size_t& needed);
// The next offset in `bytes`, from `from` on, where a record's head may begin; or npos.
std::size_t find_head(std::string_view bytes, std::size_t from);

std::uint32_t value_checksum(const Key& key, std::uint64_t counter, std::string_view stored) noexcept;

}  // namespace dkv::record
