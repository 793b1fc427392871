#pragma once

#include <cstdint>

#include "engine/core/result.h"
#include "engine/core/types.h"
#include "engine/storage/value_cache.h"

namespace dkv {

// When an append counts as durable, and so when a write is acknowledged.
enum class SyncPolicy : std::uint8_t {
  kAlways,    // after the sync that follows it: a power loss loses nothing acknowledged
  kInterval,  // when the operating system has it; synced each sync_every_ns: a power loss loses that much
  kNever,     // when the operating system has it: a power loss loses whatever the system had not written out
};
const char* sync_policy_name(SyncPolicy policy) noexcept;

// How often a failing read is tried in all. Only then does the store treat the place as damaged and ask the other
// replicas for its values: otherwise they would stay missing.
inline constexpr std::uint32_t kReadTries = 8;

struct StoreOptions {
  std::uint32_t partitions = 256;           // of the ring
  std::uint64_t segment_bytes = 64u << 20;  // at least 64 KiB, at most 1 GiB
  SyncPolicy sync = SyncPolicy::kAlways;
  TimeNs sync_every_ns = kSecond;  // kInterval
  std::uint64_t cache_bytes = 64u << 20;
  CachePolicy cache_policy = CachePolicy::kS3Fifo;
  std::uint32_t compress_over_bytes = 1024;  // shorter values are stored as they are
  int compression_level = 1;                 // of zstd
  bool dictionaries = false;                 // small values are packed with trained dictionaries, see DictionaryPlan
  std::uint32_t merge_dead_percent = 50;     // a sealed segment with this share of dead bytes is merged; 100: never
  std::uint32_t scan_bytes = 256u << 10;     // read at once by recovery, merges and snapshots
  std::uint64_t hash_salt = 0;               // of tables; must not change what the store does

  Result<void> check() const;
};

}  // namespace dkv
