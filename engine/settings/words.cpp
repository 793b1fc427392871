#include "engine/settings/words.h"

#include <algorithm>
#include <array>

namespace dkv {
namespace {

using Text = std::string_view;

constexpr auto kBucket = [] {
  constexpr std::size_t kCount = [] {
    std::size_t count = 0;
    BucketProperties none;
    BucketProperties::each(none, [&](const BucketField&, const auto&) { ++count; });
    return count;
  }();
  std::array<Text, kCount> names;
  std::size_t at = 0;
  BucketProperties none;
  BucketProperties::each(none, [&](const BucketField& field, const auto&) { names[at++] = field.name; });
  return names;
}();
constexpr Text kHeartbeat[] = {"every", "unreachable_after"};
constexpr Text kHints[] = {"ttl", "deliver_every", "max", "in_flight"};
constexpr Text kAntiEntropy[] = {"every", "partitions_at_once"};
constexpr Text kStorage[] = {"backend",    "segment",      "cache",         "cache_policy", "sync",
                             "sync_every", "unsynced_max", "compress_over", "dictionaries", "merge_dead"};

constexpr Word<QuorumMode> kQuorumWords[] = {{"sloppy", QuorumMode::kSloppy}, {"strict", QuorumMode::kStrict}};
constexpr Word<ConflictPolicy> kConflictWords[] = {{"siblings", ConflictPolicy::kSiblings},
                                                   {"lww", ConflictPolicy::kLastWriteWins}};
constexpr auto kBackendWords = [] {
  std::array<Word<StorageBackend>, kStorageBackends.size()> words;
  std::ranges::transform(kStorageBackends, words.begin(),
                         [](const StorageBackendName& name) { return Word<StorageBackend>{name.word, name.backend}; });
  return words;
}();
constexpr Word<CachePolicy> kCachePolicyWords[] = {{"s3fifo", CachePolicy::kS3Fifo}, {"lru", CachePolicy::kLru}};
constexpr Word<SyncPolicy> kSyncWords[] = {
    {"always", SyncPolicy::kAlways}, {"interval", SyncPolicy::kInterval}, {"never", SyncPolicy::kNever}};
constexpr Word<bool> kOffOnWords[] = {{"off", false}, {"on", true}};
constexpr Word<bool> kYesNoWords[] = {{"true", true}, {"false", false}};

}  // namespace

const KeySet kBucketKeys{"bucket", kBucket};
const KeySet kHeartbeatKeys{"heartbeat", kHeartbeat};
const KeySet kHintsKeys{"hints", kHints};
const KeySet kAntiEntropyKeys{"anti_entropy", kAntiEntropy};
const KeySet kStorageKeys{"storage", kStorage};

std::span<const Word<QuorumMode>> quorum_words() {
  return kQuorumWords;
}
std::span<const Word<ConflictPolicy>> conflict_words() {
  return kConflictWords;
}
std::span<const Word<StorageBackend>> backend_words() {
  return kBackendWords;
}
std::span<const Word<CachePolicy>> cache_policy_words() {
  return kCachePolicyWords;
}
std::span<const Word<SyncPolicy>> sync_words() {
  return kSyncWords;
}
std::span<const Word<bool>> off_on_words() {
  return kOffOnWords;
}
std::span<const Word<bool>> yes_no_words() {
  return kYesNoWords;
}

}  // namespace dkv
