#pragma once

#include <compare>
#include <cstdint>
#include <string_view>

#include "engine/core/blob.h"
#include "engine/core/hash.h"
#include "engine/core/result.h"

namespace dkv {

inline constexpr std::size_t kBucketBytesMax = 255;
inline constexpr std::size_t kKeyBytesMax = 4096;
inline constexpr std::string_view kDefaultBucket = "default";

// Bucket and key, with the hash that places them on the ring. Two words wide; copies share the bytes.
class Key {
 public:
  Key() noexcept = default;

  // Fails when the bucket or the key is empty or longer than its limit.
  static Result<Key> make(std::string_view bucket, std::string_view key);
  // From encoded(): one byte with the bucket's length, the bucket, the key. For decoders; checks the same limits.
  static Result<Key> decode(std::string_view encoded);

  std::uint64_t hash() const noexcept { return hash_; }
  std::string_view encoded() const noexcept { return encoded_.view(); }
  std::string_view bucket() const noexcept;
  std::string_view key() const noexcept;
  bool empty() const noexcept { return encoded_.empty(); }

  friend bool operator==(const Key& a, const Key& b) noexcept { return a.hash_ == b.hash_ && a.encoded_ == b.encoded_; }
  // By hash, then by bytes: the order of keys in a partition.
  friend std::strong_ordering operator<=>(const Key& a, const Key& b) noexcept {
    if (auto order = a.hash_ <=> b.hash_; order != 0) return order;
    return a.encoded() <=> b.encoded();
  }

 private:
  std::uint64_t hash_ = 0;
  Blob encoded_;
};

// The hash of keys in tables. The salt changes the order of a table's slots and nothing else: a run under two salts
// shows that no order of a table leaks.
struct KeyHash {
  using is_avalanching = void;
  std::uint64_t salt = 0;
  std::size_t operator()(const Key& key) const noexcept { return mix64(key.hash() ^ salt); }
};

}  // namespace dkv
