#include "engine/core/merkle.h"

#include <rapidcheck.h>

#include <map>
#include <set>

#include "engine/core/hash.h"
#include "tests/catch.h"

using namespace dkv;

namespace {

constexpr std::uint32_t kPartitions = 256;

std::uint32_t leaf_of(std::uint64_t key_hash) {
  return MerkleTree::leaf_of(key_hash, kPartitions);
}

MerkleTree tree_of(const std::map<std::uint64_t, std::uint64_t>& digests) {
  MerkleTree tree;
  for (const auto& [hash, digest] : digests) tree.update(leaf_of(hash), hash, 0, digest);
  return tree;
}

std::uint32_t leaves_that_differ(const MerkleTree& a, const MerkleTree& b) {
  std::uint32_t count = 0;
  for (std::uint32_t i = 0; i < MerkleTree::kLeaves; ++i) count += a.leaves()[i] != b.leaves()[i] ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("an empty tree has root 0, also after all its keys have gone") {
  MerkleTree tree;
  CHECK(tree.root() == 0);
  tree.update(3, 111, 0, 5);
  CHECK(tree.root() != 0);
  tree.update(3, 111, 5, 0);
  CHECK(tree.root() == 0);
  CHECK(tree == MerkleTree());
}

TEST_CASE("equal contents have equal roots, for any order and detours of the updates") {
  REQUIRE(rc::check([] {
    // Each step sets key to digest; 0 removes it.
    const auto steps = *rc::gen::container<std::vector<std::pair<std::uint32_t, std::uint32_t>>>(
        rc::gen::pair(rc::gen::inRange<std::uint32_t>(0, 12), rc::gen::inRange<std::uint32_t>(0, 4)));
    std::map<std::uint64_t, std::uint64_t> digests;
    MerkleTree tree;
    for (const auto& [key, digest] : steps) {
      const std::uint64_t hash = mix64(key + 1);
      const auto known = digests.find(hash);
      tree.update(leaf_of(hash), hash, known == digests.end() ? 0 : known->second, digest);
      if (digest == 0) {
        digests.erase(hash);
      } else {
        digests[hash] = digest;
      }
    }
    RC_ASSERT(tree == tree_of(digests));
    RC_ASSERT(tree.root() == tree_of(digests).root());
  }));
}

TEST_CASE("one changed key changes the root and exactly one leaf") {
  std::map<std::uint64_t, std::uint64_t> digests;
  for (std::uint64_t key = 0; key < 1'000; ++key) digests[mix64(key + 1) >> 8] = key + 1;
  const MerkleTree before = tree_of(digests);
  for (auto& [hash, digest] : digests) {
    MerkleTree after = before;
    after.update(leaf_of(hash), hash, digest, digest + 5'000);
    REQUIRE(leaves_that_differ(before, after) == 1);
    REQUIRE(before.leaves()[leaf_of(hash)] != after.leaves()[leaf_of(hash)]);
    REQUIRE(before.root() != after.root());
  }
}

TEST_CASE("two keys that swap their states do not cancel out") {
  MerkleTree one, other;
  one.update(0, 1, 0, 100);
  one.update(0, 2, 0, 200);
  other.update(0, 1, 0, 200);
  other.update(0, 2, 0, 100);
  CHECK(one.root() != other.root());
}

TEST_CASE("the same content in another leaf is another root") {
  std::set<std::uint64_t> roots;
  for (std::uint32_t leaf = 0; leaf < MerkleTree::kLeaves; ++leaf) {
    MerkleTree tree;
    tree.update(leaf, 1, 0, 1);
    roots.insert(tree.root());
  }
  CHECK(roots.size() == MerkleTree::kLeaves);
}

TEST_CASE("leaves cut a partition's range into equal pieces, for every number of partitions") {
  for (const std::uint32_t partitions : {1u, 2u, 256u, 65536u}) {
    const int bits = __builtin_ctz(partitions);
    const std::uint64_t width = bits == 0 ? 0 : std::uint64_t{1} << (64 - bits);  // 0: the whole ring
    const std::uint64_t start = width * (partitions - 1);
    const std::uint64_t piece = (width == 0 ? std::uint64_t{1} << 63 : width / 2) / (MerkleTree::kLeaves / 2);
    for (std::uint64_t leaf = 0; leaf < MerkleTree::kLeaves; ++leaf) {
      REQUIRE(MerkleTree::leaf_of(start + leaf * piece, partitions) == leaf);
      REQUIRE(MerkleTree::leaf_of(start + leaf * piece + piece - 1, partitions) == leaf);
    }
  }
}
