#include <limits>
#include <string>

#include "engine/input/units.h"
#include "engine/settings/settings.h"

namespace dkv {

namespace {

// The ranges that StoreOptions::check() allows. A test compares the two.
constexpr Range<std::uint64_t> kSegment{64u << 10, 1u << 30};
constexpr Range<std::uint64_t> kCache{0, 1u << 30};
constexpr Range<std::uint64_t> kUnsyncedMax{1u << 20, std::uint64_t{1} << 36};
constexpr Range<std::uint64_t> kCompressOver{0, 1u << 30};
constexpr Range<TimeNs> kSyncEvery{kMillisecond, kDay};
constexpr std::uint32_t kPercentPpm = 10'000;
constexpr std::uint32_t kMergeDeadLeast = 10, kMergeDeadNever = 100;

void read_compress_over(const Fields& fields, StoreOptions& options) {
  bool complained = false;
  if (fields.is_special("compress_over", kNever, complained)) {
    options.compress_over_bytes = std::numeric_limits<std::uint32_t>::max();
    return;
  }
  std::uint64_t bytes = 0;
  if (!complained && fields.size("compress_over", kCompressOver, bytes)) {
    options.compress_over_bytes = static_cast<std::uint32_t>(bytes);
  }
}

void read_merge_dead(const Fields& fields, StoreOptions& options, Complaints& complaints) {
  bool complained = false;
  if (fields.is_special("merge_dead", kNever, complained)) {
    options.merge_dead_percent = kMergeDeadNever;
    return;
  }
  std::uint32_t ppm = 0;
  if (complained || !fields.percent("merge_dead", ppm)) return;
  if (ppm % kPercentPpm != 0 || ppm < kMergeDeadLeast * kPercentPpm) {
    complaints.add(fields.place_of("merge_dead"), "'merge_dead' is " + quoted(percent_text(ppm)),
                   "whole percents from 10% to 100% are needed, or never");
    return;
  }
  options.merge_dead_percent = ppm / kPercentPpm;
}

}  // namespace

void read_storage(const Yaml& value, StorageOptions& storage, Complaints& complaints) {
  const Fields fields(value, "storage", kStorageKeys, complaints);
  if (!fields.is_map()) return;
  fields.word("backend", backend_words(), storage.backend);
  if (!storage_traits(storage).uses_disk) {
    for (const std::string_view key : kStorageKeys.keys) {
      if (key == "backend" || fields.find(key) == nullptr) continue;
      complaints.add(fields.place_of(key),
                     "'" + std::string(key) + "' with backend: " + std::string(storage_backend_name(storage.backend)),
                     "it is about records on a disk: remove it, or write backend: log");
    }
    return;
  }
  fields.size("segment", kSegment, storage.segment_bytes);
  fields.size("cache", kCache, storage.cache_bytes);
  fields.word("cache_policy", cache_policy_words(), storage.cache_policy);
  fields.word("sync", sync_words(), storage.sync);
  fields.duration("sync_every", kSyncEvery, storage.sync_every_ns);
  if (fields.find("sync_every") != nullptr && storage.sync != SyncPolicy::kInterval) {
    complaints.add(fields.place_of("sync_every"),
                   "'sync_every' with sync: " + std::string(sync_policy_name(storage.sync)),
                   "it belongs to sync: interval");
  }
  fields.size("unsynced_max", kUnsyncedMax, storage.unsynced_bytes_max);
  read_compress_over(fields, storage);
  fields.word("dictionaries", off_on_words(), storage.dictionaries);
  read_merge_dead(fields, storage, complaints);
}

}  // namespace dkv
