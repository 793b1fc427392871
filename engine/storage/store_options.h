#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/core/hlc.h"
#include "engine/core/object.h"
#include "engine/core/result.h"
#include "engine/core/types.h"
#include "engine/ports/storage.h"
#include "engine/storage/value_cache.h"

namespace dkv {

// When an append counts as durable, and so when a write is acknowledged.
enum class SyncPolicy : std::uint8_t {
  kAlways,    // after the sync that follows it: a power loss loses nothing acknowledged
  kInterval,  // when the operating system has it; synced each sync_every_ns: a power loss loses that much
  kNever,     // when the operating system has it: a power loss loses whatever the system had not written out
};
const char* sync_policy_name(SyncPolicy policy) noexcept;

// A read that fails is tried so often in all. Only then does the store take the place for lost, as it can't be told
// from one that went bad: what is not asked for again from other replicas would be missing for ever.
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
  bool dictionaries = false;  // small values are packed with what is learned from others, see DictionaryPlan
  std::uint32_t merge_dead_percent = 50;  // a sealed segment of which so much is dead is merged; 100: never
  std::uint32_t scan_bytes = 256u << 10;  // read at once by recovery, merges and snapshots
  std::uint64_t hash_salt = 0;            // of tables; must not change what the store does

  Result<void> check() const;
};

// What a start found in its folder.
struct RecoveryReport {
  std::uint64_t segments = 0;
  std::uint64_t snapshots = 0;          // segments that needed no scan
  std::uint64_t snapshots_damaged = 0;  // and were scanned instead
  std::uint64_t records = 0;
  std::uint64_t damaged_places = 0;  // in the middle of segments; what they held must come from other replicas
  std::uint64_t damaged_bytes = 0;
  std::uint64_t torn_bytes = 0;  // behind the last whole record of a segment
  Hlc latest_hlc;
  // True when every byte was accounted for: then the last epoch in the folder is the last that there was.
  bool intact() const noexcept { return damaged_places == 0 && torn_bytes == 0; }
};

struct StoreStats {
  std::uint64_t keys = 0;  // objects and hints, tombstones included
  std::uint64_t segments = 0;
  std::uint64_t live_bytes = 0;
  std::uint64_t dead_bytes = 0;
  std::uint64_t index_bytes = 0;  // an estimate: tables and entries
  std::uint64_t cache_bytes = 0;
  std::uint64_t cache_hits = 0, cache_misses = 0;
  std::uint64_t values_bytes = 0, stored_bytes = 0;       // of all values appended: before and after compression
  std::uint64_t dictionaries = 0;                         // known ones
  std::uint64_t dictionary_saved_bytes = 0;               // of values appended: what packing with them took away
  std::uint64_t appends = 0, flushes = 0;                 // a flush is one write, with its sync if the policy says so
  std::uint64_t merges = 0, merged_bytes = 0;             // segments removed; bytes that had to be moved for it
  std::uint64_t merging_segment = 0, merging_offset = 0;  // 0: none is
  std::uint64_t damaged_values = 0;                       // found since the start
  std::uint64_t reads = 0;                                // values fetched from the disk
  bool full = false;                                      // the disk has no room for another segment
};

using FetchId = std::uint64_t;

// What a store tells its node.
struct StoreRecovered {
  RecoveryReport report;
  std::optional<Actor> identity;  // the last one appended
  // Values that expire, and when; some may have been replaced since.
  std::vector<std::pair<TimeNs, Key>> expiring;
};
// All appends up to and including it count as durable.
struct StoreDurable {
  AppendId upto = 0;
};
struct StoreFetched {
  FetchId fetch = 0;
  ObjectPtr object;  // null: damaged, see StoreDamaged
};
// Values can't be read back. The store has forgotten their versions, as if they had never come here: other replicas
// must bring them again. seen: what its clock said, so that no dot is issued a second time.
struct StoreDamaged {
  NodeId hint_for = kNoNode;  // of a hint; kNoNode: of an object
  Key key;
  VersionVector seen;
};
// Nothing is acknowledged any more: the process must start again and read what the disk really holds.
struct StoreFailed {
  std::string what;
};
using StoreEvent = std::variant<StoreRecovered, StoreDurable, StoreFetched, StoreDamaged, StoreFailed>;

}  // namespace dkv
