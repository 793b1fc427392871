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

// A bucket and a key, with the hash that places them on the ring. It is two words wide, and copies share the bytes.
class Key {
 public:
  Key() noexcept = default;

  // Fails when the bucket or the key is empty or longer than its limit.
  static Result<Key> make(std::string_view bucket, std::string_view key);
  // Reads encoded(): one byte with the length of the bucket, the bucket, the key. Checks the same limits as make().
  static Result<Key> decode(std::string_view encoded);

  std::uint64_t hash() const noexcept { return hash_; }
  std::string_view encoded() const noexcept { return encoded_.view(); }
  std::string_view bucket() const noexcept;
  std::string_view key() const noexcept;
  bool empty() const noexcept { return encoded_.empty(); }

  friend bool operator==(const Key& a, const Key& b) noexcept { return a.hash_ == b.hash_ && a.encoded_ == b.encoded_; }
  // By hash, then by bytes. Keys of one partition are stored in this order.
  friend std::strong_ordering operator<=>(const Key& a, const Key& b) noexcept {
    if (auto order = a.hash_ <=> b.hash_; order != 0) return order;
    return a.encoded() <=> b.encoded();
  }

 private:
  std::uint64_t hash_ = 0;
  Blob encoded_;
};

// The hash of keys in tables. The salt changes only the order of a table's slots. Equal runs under two salts prove
// that nothing depends on the order of a table.
struct KeyHash {
  using is_avalanching = void;
  std::uint64_t salt = 0;
  std::size_t operator()(const Key& key) const noexcept { return mix64(key.hash() ^ salt); }
};

}  // namespace dkv
