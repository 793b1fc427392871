// One set of tests for every backend, through Storage alone. The tests read the promises of a backend from its
// traits.
#include "tests/storage/conformance.h"

#include <algorithm>

#include "engine/core/hash.h"
#include "engine/core/merkle.h"
#include "engine/core/placement.h"

namespace dkv::testing {
namespace {

constexpr std::uint64_t kAllLeaves = ~std::uint64_t{0};

#define EACH_BACKEND()                                                 \
  const StorageOptions options = GENERATE(from_range(all_backends())); \
  CAPTURE(described(options));                                         \
  ConformanceRig rig(options)

// Compares all that the store reports about its objects with a map from names to write counters.
void agrees(const ConformanceRig& rig, const std::map<std::string, std::uint64_t>& model) {
  REQUIRE(rig.store.key_count() == model.size());
  std::vector<Key> expected;
  for (const auto& [name, counter] : model) {
    const Key key = ConformanceRig::conformance_key(name);
    expected.push_back(key);
    const ObjectPtr held = rig.store.find(key);
    REQUIRE(held);
    REQUIRE(held->digest() == ConformanceRig::object(name + std::to_string(counter), counter)->digest());
    REQUIRE(equal(rig.store.peek(key), held));
  }
  std::ranges::sort(expected);
  REQUIRE(rig.store.object_keys() == expected);
  std::vector<Key> listed;
  std::vector<MerkleTree> trees(rig.store.options().partitions);
  for (const Key& key : expected) {
    const PartitionId partition = partition_of(key.hash(), rig.store.options().partitions);
    trees[partition].update(MerkleTree::leaf_of(key.hash(), rig.store.options().partitions), key.hash(), 0,
                            rig.store.find(key)->digest());
  }
  for (PartitionId partition = 0; partition < rig.store.options().partitions; ++partition) {
    REQUIRE(rig.store.tree(partition) == trees[partition]);
    for (unsigned leaf = 0; leaf < 64; ++leaf) {
      for (const Key& key : rig.store.keys(partition, std::uint64_t{1} << leaf)) {
        REQUIRE(MerkleTree::leaf_of(key.hash(), rig.store.options().partitions) == leaf);
      }
    }
    const std::vector<Key> here = rig.store.keys(partition, kAllLeaves);
    REQUIRE(std::ranges::is_sorted(here));
    listed.insert(listed.end(), here.begin(), here.end());
  }
  std::ranges::sort(listed);
  REQUIRE(listed == expected);
}

// Puts, replaces and erases names, some several times. Returns the map for agrees().
std::map<std::string, std::uint64_t> fill(ConformanceRig& rig, std::uint64_t steps) {
  std::map<std::string, std::uint64_t> model;
  for (std::uint64_t i = 1; i <= steps; ++i) {
    const std::string name = "k" + std::to_string(mix64(i) % 40);
    if (mix64(i * 7) % 4 == 0) {
      rig.erase(name);
      model.erase(name);
    } else {
      rig.put(name, name + std::to_string(i), i);
      model[name] = i;
    }
    if (i % 16 == 0) rig.settle();
  }
  rig.settle();
  return model;
}

TEST_CASE("conformance: a new store is open after its start, holds nothing and has said so") {
  EACH_BACKEND();
  CHECK(rig.report.records == 0);
  CHECK(rig.report.intact());
  CHECK_FALSE(rig.identity);
  CHECK_FALSE(rig.store.identity());
  CHECK(rig.store.hints().empty());
  CHECK(rig.store.stats().keys == 0);
  CHECK(rig.read("k") == "none");
  CHECK(rig.read_hint(1, "k") == "none");
  agrees(rig, {});
}

TEST_CASE("conformance: a store holds the last record of each key, and its keys, trees and counts agree") {
  EACH_BACKEND();
  std::map<std::string, std::uint64_t> model = fill(rig, 400);
  REQUIRE(model.size() > 10);
  agrees(rig, model);
  CHECK(rig.store.stats().keys == model.size());
  for (const auto& [name, counter] : model) CHECK(rig.read(name) == name + std::to_string(counter));
  while (!model.empty()) {
    rig.erase(model.begin()->first);
    model.erase(model.begin());
  }
  rig.settle();
  agrees(rig, {});
}

TEST_CASE("conformance: puts in one call have the effect of puts one by one") {
  EACH_BACKEND();
  ConformanceRig other(options);
  std::vector<ObjectPut> puts;
  std::map<std::string, std::uint64_t> model;
  for (std::uint64_t i = 1; i <= 50; ++i) {
    const std::string name = "k" + std::to_string(i % 30);
    puts.emplace_back(ConformanceRig::conformance_key(name), ConformanceRig::object(name + std::to_string(i), i));
    model[name] = i;
    other.put(name, name + std::to_string(i), i);
  }
  const AppendId last = rig.store.put_all(puts);
  CHECK(last == rig.store.last_append());
  rig.end_turn();
  rig.settle();
  other.settle();
  CHECK(rig.durable == last);
  agrees(rig, model);
  agrees(other, model);
}

TEST_CASE("conformance: hints are separate from objects and from each other, and an erased one is gone") {
  EACH_BACKEND();
  rig.put("k", "object", 1);
  rig.put_hint(2, "k", "for two", 2);
  rig.put_hint(1, "k", "for one", 3);
  rig.put_hint(1, "j", "another", 4);
  rig.put_hint(1, "k", "newer for one", 5);
  rig.settle();
  CHECK(rig.read("k") == "object");
  CHECK(rig.read_hint(2, "k") == "for two");
  CHECK(rig.read_hint(1, "k") == "newer for one");
  CHECK(rig.read_hint(3, "k") == "none");
  CHECK(rig.store.find_hint(1, ConformanceRig::conformance_key("k"))->digest() ==
        ConformanceRig::object("newer for one", 5)->digest());
  std::vector<std::pair<NodeId, Key>> names;
  std::map<std::pair<NodeId, Key>, TimeNs> created;
  for (const HintName& hint : rig.store.hints()) {
    names.emplace_back(hint.owner, hint.key);
    created[names.back()] = hint.created_wall_ns;
  }
  CHECK(std::ranges::is_sorted(names));
  const Key j = ConformanceRig::conformance_key("j"), k = ConformanceRig::conformance_key("k");
  CHECK(created == std::map<std::pair<NodeId, Key>, TimeNs>{{{1, j}, 4}, {{1, k}, 5}, {{2, k}, 2}});
  CHECK(rig.store.key_count() == 1);
  CHECK(rig.store.stats().keys == 4);
  rig.put_record({.space = KeySpace::kHints, .owner = 1, .key = ConformanceRig::conformance_key("k")});
  rig.settle();
  CHECK(rig.read_hint(1, "k") == "none");
  CHECK_FALSE(rig.store.find_hint(1, ConformanceRig::conformance_key("k")));
  CHECK(rig.read_hint(2, "k") == "for two");
  CHECK(rig.read("k") == "object");
}

TEST_CASE("conformance: the identity is the last one that was put") {
  EACH_BACKEND();
  rig.put_record({.space = KeySpace::kIdentity, .identity = {{ActorId{1, 2}, 3}}});
  rig.put_record({.space = KeySpace::kIdentity, .identity = {{ActorId{1, 2}, 4}}});
  rig.settle();
  CHECK(rig.store.identity() == Identity{{ActorId{1, 2}, 4}});
  CHECK(rig.store.key_count() == 0);
}

TEST_CASE("conformance: each append becomes durable, and none before its turn has ended") {
  EACH_BACKEND();
  const AppendId first = rig.put("a", "1", 1);  // the rig checks that it is not durable before it is reported
  const AppendId second = rig.put("b", "2", 2);
  CHECK(second > first);
  if (rig.store.traits().uses_disk) {
    CHECK(rig.durable < first);  // the disk has not answered yet
    REQUIRE(rig.step());
    CHECK(rig.durable >= first);
    CHECK(rig.durable < second);
  }
  rig.settle();
  CHECK(rig.durable == rig.store.last_append());
}

TEST_CASE("conformance: a value is fetched as it was when it was asked for") {
  EACH_BACKEND();
  rig.put("k", "old", 1);
  rig.settle();
  Outbox out;
  const StoreFetch fetch = rig.store.fetch(ConformanceRig::conformance_key("k"), out);
  rig.put("k", "new", 2);
  if (fetch.id == 0) {
    CHECK(fetch.object->siblings()[0].value.view() == "old");
  } else {
    bool answered = false;
    for (DiskRequest& request : out.disk_requests()) rig.disk.waiting.push_front(std::move(request));
    auto done = rig.disk.carry_out();
    REQUIRE(done);
    Outbox more;
    rig.store.handle(std::move(*done), more);
    while (const auto event = rig.store.next_event()) {
      const auto* fetched = std::get_if<StoreFetched>(&*event);
      if (!fetched || fetched->fetch != fetch.id) continue;
      answered = true;
      CHECK(fetched->object->siblings()[0].value.view() == "old");
    }
    CHECK(answered);
  }
  rig.settle();
  CHECK(rig.read("k") == "new");
}

TEST_CASE("conformance: a store without a disk asks nothing of one, and the others do") {
  EACH_BACKEND();
  fill(rig, 50);
  CHECK((rig.disk_requests > 0) == rig.store.traits().uses_disk);
  CHECK((rig.store.traits().tick_every_ns > 0) == rig.store.traits().uses_disk);
}

TEST_CASE("conformance: a full disk refuses writes before they are put, and stored records stay") {
  EACH_BACKEND();
  rig.put("k", "v", 1);
  rig.settle();
  CHECK(rig.store.accepts(1'000));
  rig.disk.full = true;
  std::string hard;
  for (std::uint64_t i = 0; i < 8'000; ++i) hard += static_cast<char>(mix64(i));
  std::uint64_t puts = 0;
  while (rig.store.accepts(hard.size()) && puts < 40) {
    rig.put("big" + std::to_string(puts), hard + std::to_string(puts), puts + 2);
    ++puts;
    rig.settle();
  }
  CHECK((puts < 40) == rig.store.traits().uses_disk);
  CHECK(rig.read("k") == "v");
  CHECK(rig.read("big0") == hard + "0");
  // A delete is the way to get space back.
  for (std::uint64_t removal = 0; removal < 20; ++removal) {
    REQUIRE(rig.store.accepts(0));
    const AppendId id = rig.put("big" + std::to_string(removal % puts), "", puts + 2 + removal);
    rig.settle();
    CHECK(rig.durable >= id);
  }
}

// Checks the names after a start against the trait. before: the states that each name may show under kOlder.
void keeps(ConformanceRig& rig, Kept kept, const std::map<std::string, std::uint64_t>& model,
           const std::map<std::string, std::vector<std::uint64_t>>& before) {
  switch (kept) {
    case Kept::kAll: return agrees(rig, model);
    case Kept::kNothing: return agrees(rig, {});
    case Kept::kOlder: break;
  }
  for (const Key& key : rig.store.object_keys()) {
    const std::string name(key.key());
    REQUIRE(before.contains(name));
    const std::string shown = rig.read(name);
    CHECK(std::ranges::any_of(before.at(name),
                              [&](std::uint64_t counter) { return shown == name + std::to_string(counter); }));
  }
}

TEST_CASE("conformance: after the end of its process a store holds the records that its traits promise") {
  EACH_BACKEND();
  const auto model = fill(rig, 300);
  rig.put_hint(3, "h", "hint", 1000);
  rig.put_record({.space = KeySpace::kIdentity, .identity = {{ActorId{1, 2}, 3}}});
  rig.settle();
  const bool all = rig.store.traits().after_exit == Kept::kAll;
  rig.exit_and_start();
  keeps(rig, rig.store.traits().after_exit, model, {});
  CHECK(rig.identity.has_value() == all);
  CHECK(rig.identity == rig.store.identity());
  CHECK(rig.read_hint(3, "h") == (all ? "hint" : "none"));
  // A store that has started again works like any other.
  const AppendId id = rig.put("again", "again1", 1);
  rig.settle();
  CHECK(rig.durable >= id);
  CHECK(rig.read("again") == "again1");
}

TEST_CASE("conformance: after a crash a durable record is there if the traits say so, despite pending ones") {
  EACH_BACKEND();
  auto model = fill(rig, 120);
  // Not durable when the process ends; the operating system has some of these bytes.
  for (std::uint64_t i = 500; i < 520; ++i) rig.put("late" + std::to_string(i), "late" + std::to_string(i), i);
  rig.exit_and_start();
  if (rig.store.traits().after_exit == Kept::kNothing) return agrees(rig, {});
  for (const auto& [name, counter] : model) CHECK(rig.read(name) == name + std::to_string(counter));
}

TEST_CASE("conformance: after a power loss a store holds the records that its traits promise") {
  EACH_BACKEND();
  std::map<std::string, std::vector<std::uint64_t>> before;
  std::map<std::string, std::uint64_t> model;
  for (std::uint64_t i = 1; i <= 100; ++i) {
    const std::string name = "k" + std::to_string(i % 9);
    rig.put(name, name + std::to_string(i), i);
    rig.settle();
    before[name].push_back(i);
    model[name] = i;
  }
  rig.put_record({.space = KeySpace::kIdentity, .identity = {{ActorId{1, 2}, 3}}});
  rig.settle();
  REQUIRE(rig.durable == rig.store.last_append());
  rig.lose_power_and_start();
  keeps(rig, rig.store.traits().after_power_loss, model, before);
  // Under any policy, an identity is synced before it counts as durable.
  CHECK(rig.identity.has_value() == (rig.store.traits().after_power_loss != Kept::kNothing));
}

TEST_CASE("conformance: a copy of a store continues independently") {
  EACH_BACKEND();
  rig.put("k", "v", 1);
  rig.settle();
  const Storage copy = rig.store;
  rig.put("k", "w", 2);
  rig.put("j", "x", 3);
  CHECK(copy.key_count() == 1);
  CHECK(copy.find(ConformanceRig::conformance_key("k"))->digest() == ConformanceRig::object("v", 1)->digest());
  CHECK(rig.store.key_count() == 2);
}

TEST_CASE("conformance: a fresh store of the same options holds nothing and is not open") {
  EACH_BACKEND();
  rig.put("k", "v", 1);
  const Storage fresh = Storage::fresh(rig.store);
  CHECK_FALSE(fresh.open());
  CHECK(fresh.options().backend == options.backend);
  CHECK(fresh.options().partitions == options.partitions);
  CHECK(fresh.last_append() == 0);
}

TEST_CASE("every backend has a word, and the word leads back to it") {
  for (const StorageBackendName& name : kStorageBackends) {
    CHECK(storage_backend_of(name.word) == name.backend);
    CHECK(storage_backend_name(name.backend) == name.word);
    StorageOptions options;
    options.backend = name.backend;
    CHECK(Storage(options).options().backend == name.backend);
  }
  CHECK_FALSE(storage_backend_of("lsm"));
}

}  // namespace
}  // namespace dkv::testing
