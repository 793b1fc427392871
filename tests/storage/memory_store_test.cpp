#include "engine/storage/memory_store.h"

#include <map>

#include "engine/core/placement.h"
#include "tests/catch.h"

namespace dkv {
namespace {

Key key_of(int number) {
  return *Key::make("b", "k" + std::to_string(number));
}

ObjectPtr object_of(std::uint64_t counter, std::string_view value) {
  Sibling sibling{.dot = {{{1, 2}, 3}, counter}, .value = Blob(value)};
  return Object::make(VersionVector().with(sibling.dot), {&sibling, 1});
}

MemoryStore memory_store(std::uint32_t partitions, std::uint64_t hash_salt) {
  MemoryStore store({.partitions = partitions, .hash_salt = hash_salt});
  std::vector<DiskRequest> requests;
  std::vector<StoreEvent> events;
  store.start({requests, events});
  return store;
}

TEST_CASE("an empty store has found nothing, and its trees are the empty tree") {
  const MemoryStore store = memory_store(8, 0);
  CHECK_FALSE(store.find(key_of(1)));
  CHECK(store.object_count() == 0);
  CHECK(store.stats().live_bytes == 0);
  for (PartitionId partition = 0; partition < 8; ++partition) {
    CHECK(store.tree(partition).root() == 0);
    CHECK(store.keys(partition, ~std::uint64_t{0}).empty());
  }
}

TEST_CASE("a key holds the last object that was set, and the bytes of values are counted") {
  MemoryStore store = memory_store(8, 0);
  store.put({.key = key_of(1), .object = object_of(1, "four")});
  store.put({.key = key_of(2), .object = object_of(1, "sixsix")});
  store.put({.key = key_of(1), .object = object_of(2, "1")});
  CHECK(store.find(key_of(1))->siblings()[0].value.view() == "1");
  CHECK(store.object_count() == 2);
  CHECK(store.stats().live_bytes == 7);
}

TEST_CASE("trees depend on the contents, not on their history or on the salt") {
  MemoryStore one = memory_store(8, 0);
  MemoryStore two = memory_store(8, 12345);
  for (int i = 0; i < 100; ++i) one.put({.key = key_of(i), .object = object_of(1, "a")});
  for (int i = 0; i < 100; i += 2) one.put({.key = key_of(i), .object = object_of(2, "b")});
  for (int i = 99; i >= 0; --i) two.put({.key = key_of(i), .object = object_of(i % 2 == 0 ? 2 : 1, "x")});
  for (PartitionId partition = 0; partition < 8; ++partition) {
    CHECK(one.tree(partition) == two.tree(partition));
    CHECK(one.keys(partition, ~std::uint64_t{0}) == two.keys(partition, ~std::uint64_t{0}));
  }
  two.put({.key = key_of(7), .object = object_of(3, "c")});
  const PartitionId changed = partition_of(key_of(7).hash(), 8);
  for (PartitionId partition = 0; partition < 8; ++partition) {
    CHECK((one.tree(partition) == two.tree(partition)) == (partition != changed));
  }
}

TEST_CASE("keys are listed by partition and leaf, ascending, each once") {
  for (const std::uint32_t partitions : {1u, 4u, 64u}) {
    MemoryStore store = memory_store(partitions, 0);
    std::map<std::pair<PartitionId, std::uint32_t>, std::vector<Key>> expected;
    for (int i = 0; i < 500; ++i) {
      store.put({.key = key_of(i), .object = object_of(1, "v")});
      store.put({.key = key_of(i), .object = object_of(2, "v")});
      const std::uint64_t hash = key_of(i).hash();
      expected[{partition_of(hash, partitions), MerkleTree::leaf_of(hash, partitions)}].push_back(key_of(i));
    }
    for (PartitionId partition = 0; partition < partitions; ++partition) {
      std::vector<Key> all;
      for (std::uint32_t leaf = 0; leaf < MerkleTree::kLeaves; ++leaf) {
        auto& keys = expected[{partition, leaf}];
        std::ranges::sort(keys);
        REQUIRE(store.keys(partition, std::uint64_t{1} << leaf) == keys);
        REQUIRE((store.tree(partition).leaves()[leaf] == 0) == keys.empty());
        all.insert(all.end(), keys.begin(), keys.end());
      }
      REQUIRE(store.keys(partition, ~std::uint64_t{0}) == all);  // leaves are in the order of the hashes
      REQUIRE(store.keys(partition, 0).empty());
    }
  }
}

TEST_CASE("a key's object is still found after other keys have grown the table") {
  MemoryStore store = memory_store(8, 0);
  for (int i = 0; i < 5000; ++i) {
    store.put({.key = key_of(i), .object = object_of(static_cast<std::uint64_t>(i) + 1, "v")});
    REQUIRE(store.find(key_of(i / 2))->siblings()[0].dot.counter == static_cast<std::uint64_t>(i) / 2 + 1);
  }
}

TEST_CASE("an erased key leaves nothing behind, in the tree neither") {
  MemoryStore store = memory_store(8, 0);
  store.put({.key = key_of(1)});
  store.put({.key = key_of(2), .object = object_of(1, "stays")});
  const MemoryStore before = store;
  store.put({.key = key_of(1), .object = object_of(1, "goes")});
  store.put({.key = key_of(1)});
  CHECK_FALSE(store.find(key_of(1)));
  CHECK(store.find(key_of(2)));
  CHECK(store.object_count() == 1);
  CHECK(store.stats().live_bytes == before.stats().live_bytes);
  for (PartitionId partition = 0; partition < 8; ++partition) {
    CHECK(store.tree(partition) == before.tree(partition));
    CHECK(store.keys(partition, ~std::uint64_t{0}) == before.keys(partition, ~std::uint64_t{0}));
  }
}

TEST_CASE("a copy of a store continues independently") {
  MemoryStore store = memory_store(8, 0);
  store.put({.key = key_of(1), .object = object_of(1, "v")});
  MemoryStore copy = store;
  copy.put({.key = key_of(1), .object = object_of(2, "w")});
  copy.put({.key = key_of(2), .object = object_of(1, "v")});
  CHECK(store.object_count() == 1);
  CHECK(store.find(key_of(1))->siblings()[0].value.view() == "v");
  CHECK_FALSE(store.tree(partition_of(key_of(1).hash(), 8)) == copy.tree(partition_of(key_of(1).hash(), 8)));
}

}  // namespace
}  // namespace dkv
