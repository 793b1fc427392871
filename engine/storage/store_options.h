#pragma once

#include <cstdint>

#include "engine/core/result.h"
#include "engine/core/types.h"
#include "engine/storage/value_cache.h"

namespace dkv {

// Determines when an append counts as durable, and so when a write is acknowledged.
enum class SyncPolicy : std::uint8_t {
  kAlways,    // after the next sync: a power loss loses nothing that was acknowledged
  kInterval,  // when the operating system has the bytes; a power loss loses at most sync_every_ns of writes
  kNever,     // when the operating system has the bytes; a power loss loses the others
};
const char* sync_policy_name(SyncPolicy policy) noexcept;

// The number of attempts to read a place. Only after the last one does the store treat the place as damaged, forget
// its values and take them from other replicas.
inline constexpr std::uint32_t kReadTries = 8;

// Whether a store takes another write.
enum class Room : std::uint8_t {
  kEnough,
  kDiskFull,
  kBehind,  // the disk is slow, and the bytes that wait for it have reached their limit
};

struct StoreOptions {
  std::uint32_t partitions = 256;           // of the ring
  std::uint64_t segment_bytes = 64u << 20;  // at least 64 KiB, at most 1 GiB
  SyncPolicy sync = SyncPolicy::kAlways;
  TimeNs sync_every_ns = kSecond;  // kInterval
  std::uint64_t cache_bytes = 64u << 20;
  CachePolicy cache_policy = CachePolicy::kS3Fifo;
  std::uint32_t compress_over_bytes = 1024;  // values up to this length are stored plain
  int compression_level = 1;                 // of zstd
  bool dictionaries = false;                 // small values are packed with trained dictionaries, see DictionaryPlan
  std::uint32_t merge_dead_percent = 50;     // a sealed segment with this share of dead bytes is merged; 100: none is
  std::uint64_t unsynced_bytes_max = 64u << 20;  // appended and not written yet; beyond it writes are refused
  std::uint32_t scan_bytes = 256u << 10;         // read at once by recovery, merges and snapshots
  std::uint64_t hash_salt = 0;                   // of hash tables; must not change the behaviour of the store

  Result<void> check() const;
};

}  // namespace dkv
