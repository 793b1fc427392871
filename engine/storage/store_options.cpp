#include "engine/storage/store_options.h"

namespace dkv {

const char* sync_policy_name(SyncPolicy policy) noexcept {
  switch (policy) {
    case SyncPolicy::kAlways: return "always";
    case SyncPolicy::kInterval: return "interval";
    case SyncPolicy::kNever: return "never";
  }
  return "?";
}

Result<void> StoreOptions::check() const {
  if (partitions == 0) return fail("partitions: at least 1");
  if (segment_bytes < (64u << 10) || segment_bytes > (1u << 30)) return fail("segment_bytes: from 64 KiB to 1 GiB");
  if (sync == SyncPolicy::kInterval && sync_every_ns <= 0) return fail("sync_every_ns: more than 0");
  if (compression_level < 1 || compression_level > 19) return fail("compression_level: from 1 to 19");
  if (merge_dead_percent < 10 || merge_dead_percent > 100) return fail("merge_dead_percent: from 10 to 100");
  if (scan_bytes < (4u << 10) || scan_bytes > (64u << 20)) return fail("scan_bytes: from 4 KiB to 64 MiB");
  if (unsynced_bytes_max < (1u << 20)) return fail("unsynced_bytes_max: at least 1 MiB");
  return {};
}

}  // namespace dkv
