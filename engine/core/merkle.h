#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/core/types.h"

namespace dkv {

// The hash tree of one partition: equal roots mean equal contents. Each leaf covers a segment of the partition's hash
// range and holds the sum of its keys' digests. So an update costs one addition, and the order of updates does not
// matter.
class MerkleTree {
 public:
  static constexpr std::uint32_t kLeaves = 64;
  static constexpr std::uint32_t kFanout = 8;  // 64 leaves, 8 inner nodes, one root

  // The leaf of a key within its partition, when the ring has `partitions` of them.
  static constexpr std::uint32_t leaf_of(std::uint64_t key_hash, std::uint32_t partitions) noexcept {
    const int skip = partitions <= 1 ? 0 : __builtin_ctz(partitions);
    return static_cast<std::uint32_t>((key_hash << skip) >> (64 - 6));
  }

  // Records that a key's state changed from one digest to another. 0 stands for "absent" on either side. leaf <
  // kLeaves.
  void update(std::uint32_t leaf, std::uint64_t key_hash, std::uint64_t old_digest, std::uint64_t new_digest) noexcept;

  // Computed from the leaves on demand, in about 100 ns. 0 for an empty tree only.
  std::uint64_t root() const noexcept;
  const std::array<std::uint64_t, kLeaves>& leaves() const noexcept { return leaves_; }

  friend bool operator==(const MerkleTree& a, const MerkleTree& b) noexcept { return a.leaves_ == b.leaves_; }

 private:
  std::array<std::uint64_t, kLeaves> leaves_{};
};

}  // namespace dkv
