#pragma once

#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <string>
#include <string_view>

#include "engine/core/object.h"
#include "engine/core/quorum.h"
#include "engine/core/types.h"
#include "engine/input/words.h"
#include "engine/node/bucket_properties.h"
#include "engine/storage/storage.h"

// The words that scenarios and configurations share.
namespace dkv {

// The word of the value, as files write it.
template <class Enum>
std::string word_of(std::span<const Word<Enum>> words, Enum value) {
  for (const Word<Enum>& word : words) {
    if (word.value == value) return std::string(word.word);
  }
  return {};  // not reached: a test reads back each word
}

// The keys that both allow under `cluster`, after their own.
inline constexpr std::string_view kSharedClusterKeys[] = {"n",
                                                          "r",
                                                          "w",
                                                          "pr",
                                                          "pw",
                                                          "quorum",
                                                          "partitions",
                                                          "conflicts",
                                                          "siblings_max",
                                                          "timeout",
                                                          "heartbeat",
                                                          "fallback_after",
                                                          "read_repair",
                                                          "hints",
                                                          "anti_entropy",
                                                          "reap_every",
                                                          "operations_max",
                                                          "clock_apart_max",
                                                          "buckets",
                                                          "storage"};
template <std::size_t kOwn>
constexpr auto with_shared_cluster_keys(const std::string_view (&own)[kOwn]) {
  std::array<std::string_view, kOwn + std::size(kSharedClusterKeys)> all;
  std::ranges::copy(kSharedClusterKeys, std::ranges::copy(own, all.begin()).out);
  return all;
}

extern const KeySet kBucketKeys, kHeartbeatKeys, kHintsKeys, kAntiEntropyKeys, kStorageKeys;

std::span<const Word<QuorumMode>> quorum_words();
std::span<const Word<ConflictPolicy>> conflict_words();
std::span<const Word<StorageBackend>> backend_words();
std::span<const Word<CachePolicy>> cache_policy_words();
std::span<const Word<SyncPolicy>> sync_words();
std::span<const Word<bool>> off_on_words();
std::span<const Word<bool>> yes_no_words();

// Words that name sets of nodes or replace a duration.
inline constexpr std::string_view kAllNodes = "all";
inline constexpr std::string_view kRestNodes = "rest";  // every node that is in no other set of the same fault
inline constexpr std::string_view kOff = "off";
inline constexpr std::string_view kNever = "never";
inline constexpr std::string_view kForever = "forever";
inline constexpr TimeNs kDay = 24 * 3600 * kSecond;
inline constexpr TimeNs kRunMax = 30 * kDay;  // of a simulation

}  // namespace dkv
