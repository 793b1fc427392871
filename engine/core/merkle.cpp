#include "engine/core/merkle.h"

#include "engine/core/assert.h"
#include "engine/core/hash.h"

namespace dkv {
namespace {

// The amount that one key adds to its leaf. It is scrambled, so that the sums of different sets of keys do not meet.
std::uint64_t share_of(std::uint64_t key_hash, std::uint64_t digest) {
  return digest == 0 ? 0 : hash_combine(mix64(key_hash), digest);
}

std::uint64_t parent_of(const std::uint64_t* children) {
  std::uint64_t any = 0;
  std::uint64_t hash = 0;
  for (std::uint32_t i = 0; i < MerkleTree::kFanout; ++i) {
    any |= children[i];
    hash = hash_combine(hash, children[i]);
  }
  if (any == 0) return 0;
  return hash == 0 ? 1 : hash;
}

}  // namespace

void MerkleTree::update(std::uint32_t leaf, std::uint64_t key_hash, std::uint64_t old_digest,
                        std::uint64_t new_digest) noexcept {
  DKV_ASSERT(leaf < kLeaves);
  leaves_[leaf] += share_of(key_hash, new_digest) - share_of(key_hash, old_digest);
}

std::uint64_t MerkleTree::root() const noexcept {
  static_assert(kLeaves == kFanout * kFanout);
  std::array<std::uint64_t, kFanout> inner;
  for (std::uint32_t i = 0; i < kFanout; ++i) inner[i] = parent_of(&leaves_[i * kFanout]);
  return parent_of(inner.data());
}

}  // namespace dkv
