#include "engine/core/key.h"

#include <cstring>
#include <string>

namespace dkv {
namespace {

// Names the limit that the lengths break; empty when they break none.
std::string broken_limit(std::size_t bucket_bytes, std::size_t key_bytes) {
  if (bucket_bytes == 0) return "the bucket is empty";
  if (bucket_bytes > kBucketBytesMax) return "the bucket is longer than 255 bytes";
  if (key_bytes == 0) return "the key is empty";
  if (key_bytes > kKeyBytesMax) return "the key is longer than 4096 bytes";
  return {};
}

}  // namespace

Result<Key> Key::make(std::string_view bucket, std::string_view key) {
  if (std::string broken = broken_limit(bucket.size(), key.size()); !broken.empty()) return fail(std::move(broken));
  Key result;
  result.encoded_ = Blob::make(1 + bucket.size() + key.size(), [&](char* out) {
    *out = static_cast<char>(static_cast<unsigned char>(bucket.size()));
    std::memcpy(out + 1, bucket.data(), bucket.size());
    std::memcpy(out + 1 + bucket.size(), key.data(), key.size());
  });
  result.hash_ = hash64(result.encoded_.view());
  return result;
}

Result<Key> Key::decode(std::string_view encoded) {
  if (encoded.empty()) return fail("the key's bytes are missing");
  const std::size_t bucket_bytes = static_cast<unsigned char>(encoded[0]);
  if (encoded.size() < 1 + bucket_bytes) return fail("the key's bucket is cut short");
  return make(encoded.substr(1, bucket_bytes), encoded.substr(1 + bucket_bytes));
}

std::string_view Key::bucket() const noexcept {
  const std::string_view all = encoded();
  return all.empty() ? all : all.substr(1, static_cast<unsigned char>(all[0]));
}

std::string_view Key::key() const noexcept {
  const std::string_view all = encoded();
  return all.empty() ? all : all.substr(1 + static_cast<unsigned char>(all[0]));
}

}  // namespace dkv
