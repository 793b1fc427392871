#include "engine/storage/log_store.h"

#include <rapidcheck.h>

#include <set>

#include "tests/storage/store_rig.h"

using namespace dkv;
using namespace dkv::testing;

TEST_CASE("a fresh folder opens empty, and its records are read back") {
  StoreRig rig;
  CHECK(rig.store->phase() == LogStore::Phase::kOpen);
  CHECK(rig.report.intact());
  CHECK_FALSE(rig.identity);
  CHECK(rig.read("a") == "none");
  rig.write("a", "apple", 1);
  rig.write("b", "", 1);
  CHECK(rig.read("a") == "apple");
  CHECK(rig.read("b") == "");
  CHECK(text_of(rig.store->find(store_key("a"))) == "cold");
}

TEST_CASE("an append counts as durable after its sync and not before") {
  StoreRig rig;
  const AppendId id = rig.put("a", "apple", 1);
  CHECK(rig.durable < id);
  rig.flush();
  CHECK(rig.durable < id);
  rig.settle();
  CHECK(rig.durable == id);
}

TEST_CASE("appends that arrive during a sync share the next one") {
  StoreRig rig;
  rig.write("a", "0", 1);
  const std::uint64_t before = rig.disk.syncs;
  rig.put("b", "1", 1);
  rig.flush();
  for (int i = 0; i < 20; ++i) {
    rig.put("c" + std::to_string(i), "2", 1);
    rig.flush();
  }
  rig.settle();
  CHECK(rig.disk.syncs == before + 2);
  CHECK(rig.durable == rig.store->last_append());
}

TEST_CASE("a value is readable before it is on the disk") {
  StoreRig rig;
  rig.put("a", "apple", 1);
  CHECK(rig.store->fetch(store_key("a"), rig.out()).object);
  rig.flush();
  CHECK(rig.store->fetch(store_key("a"), rig.out()).object);
}

TEST_CASE("after a power loss the store holds all that was durable, and its identity") {
  StoreRig rig;
  rig.store->put_identity({{ActorId{1, 2}, 3}});
  rig.write("a", "apple", 1);
  rig.write("a", "avocado", 2);
  rig.store->put_hint(4, store_key("h"), one_version("hinted", 1), 77);
  rig.write("b", "banana", 1);
  rig.put("c", "not durable", 1);
  rig.flush();
  rig.lose_power_and_start();
  CHECK(rig.report.intact());
  CHECK(rig.identity == Identity{{ActorId{1, 2}, 3}});
  CHECK(rig.read("a") == "avocado");
  CHECK(rig.read("b") == "banana");
  CHECK(rig.read("c") == "none");
  REQUIRE(rig.store->hints().size() == 1);
  CHECK(rig.store->hints()[0].owner == 4);
  CHECK(rig.store->hints()[0].created_wall_ns == 77);
}

TEST_CASE("a torn tail of any length is cut and reported") {
  for (std::size_t keep = 1; keep < 120; ++keep) {
    StoreRig rig;
    rig.write("a", "apple", 1);
    rig.put("b", "banana that is torn", 1);
    rig.flush();
    const std::string* segment = rig.disk.segment(1);
    REQUIRE(segment);
    const std::size_t before = segment->size();
    rig.disk.carry_out();  // the operating system has the write; its sync is cut off
    rig.disk.files.at({FileKind::kSegment, 1}).durable = before;
    const std::size_t written = segment->size() - before;
    rig.lose_power_and_start(keep);
    CHECK(rig.read("a") == "apple");
    CHECK(rig.read("b") == (keep >= written ? "banana that is torn" : "none"));
    CHECK(rig.report.torn_bytes == (keep >= written ? 0 : keep));
    CHECK(rig.report.damaged_places == 0);
  }
}

TEST_CASE("one bad record in the middle costs that record and no other, and is reported") {
  StoreRig rig;
  for (int i = 0; i < 20; ++i) rig.write("k" + std::to_string(i), "value " + std::to_string(i), 1);
  std::string& segment = *rig.disk.segment(1);
  const std::size_t at = segment.find("k7");
  REQUIRE(at != std::string::npos);
  segment[at] ^= 0x40;
  rig.lose_power_and_start();
  CHECK(rig.report.damaged_places == 1);
  CHECK_FALSE(rig.report.intact());
  for (int i = 0; i < 20; ++i) {
    const std::string name = "k" + std::to_string(i);
    CHECK(rig.read(name) == (i == 7 ? "none" : "value " + std::to_string(i)));
  }
}

TEST_CASE("a damaged value is found, its version is forgotten and reported, and others do not change") {
  StoreRig rig;
  rig.write("a", "apple", 1);
  rig.write("b", "banana", 1);
  rig.damage("apple");
  SECTION("found by a read") {
    CHECK(rig.read("a") == "lost");
  }
  SECTION("found by a start") {
    rig.lose_power_and_start();
    CHECK(rig.report.damaged_places == 1);
  }
  REQUIRE(rig.damaged.size() == 1);
  CHECK(rig.damaged[0].key == store_key("a"));
  CHECK(rig.damaged[0].seen.highest(kStoreActor) == 1);
  CHECK_FALSE(rig.store->find(store_key("a")));
  std::vector<Key> held;
  for (PartitionId p = 0; p < 8; ++p) {
    for (const Key& key : rig.store->keys(p, ~std::uint64_t{0})) held.push_back(key);
  }
  CHECK(held == std::vector<Key>{store_key("b")});
  CHECK(rig.read("b") == "banana");
  rig.write("a", "apple", 1);
  CHECK(rig.read("a") == "apple");
  rig.lose_power_and_start();
  CHECK(rig.read("a") == "apple");
}

TEST_CASE("of two siblings the one with a damaged value is removed, also from the clock") {
  StoreRig rig;
  rig.write("a", "first", 1);
  const Actor other{ActorId{8, 8}, 1};
  Sibling second{.dot = {other, 1}, .hlc = {99}, .value = Blob("second")};
  rig.store->put(store_key("a"), put(rig.store->find(store_key("a")), {}, second, ConflictPolicy::kSiblings));
  rig.flush_and_settle();
  rig.damage("first");
  CHECK(rig.read("a") == "lost");
  CHECK(rig.read("a") == "second");
  const ObjectPtr left = rig.store->find(store_key("a"));
  CHECK_FALSE(left->seen().covers(Dot{kStoreActor, 1}));
  CHECK(left->seen().covers(Dot{other, 1}));
}

TEST_CASE("a sibling that stays is not written again, and its value is found in its old place") {
  StoreRig rig;
  rig.write("a", "first", 1);
  const ObjectPtr cold = rig.store->find(store_key("a"));
  REQUIRE_FALSE(cold->resident());
  const Actor other{ActorId{8, 8}, 1};
  Sibling second{.dot = {other, 1}, .hlc = {99}, .value = Blob("second")};
  rig.store->put(store_key("a"), put(cold, {}, second, ConflictPolicy::kSiblings));
  rig.flush_and_settle();
  CHECK(rig.read("a") == "first|second");
  CHECK(rig.disk.segment(1)->find("first") == rig.disk.segment(1)->rfind("first"));
  rig.lose_power_and_start();
  CHECK(rig.read("a") == "first|second");
}

TEST_CASE("an erased hint stays erased through restarts and merges, and its record is removed in the end") {
  StoreRig rig;
  rig.store->put_hint(2, store_key("h"), one_version("hint", 1), 5);
  rig.flush_and_settle();
  rig.store->erase_hint(2, store_key("h"));
  rig.flush_and_settle();
  CHECK(rig.store->hints().empty());
  for (int i = 0; i < 3; ++i) {
    rig.lose_power_and_start();
    CHECK(rig.store->hints().empty());
  }
  for (int i = 0; i < 3; ++i) rig.tick();
  CHECK(rig.store->fetch_hint(2, store_key("h"), rig.out()).object == ObjectPtr());
}

TEST_CASE("values are compressed where that helps, and come back as they were") {
  StoreRig rig;
  const std::string large(10'000, 'x');
  rig.write("large", large, 1);
  CHECK(rig.read("large") == large);
  CHECK(rig.store->stats().stored_bytes < 200);
  CHECK(rig.store->stats().values_bytes == 10'000);
  rig.lose_power_and_start();
  CHECK(rig.read("large") == large);
}

TEST_CASE("a failed sync stops the store: nothing after it is acknowledged") {
  StoreRig rig;
  rig.write("a", "apple", 1);
  const AppendId before = rig.durable;
  rig.disk.fail_syncs = true;
  rig.put("b", "banana", 1);
  rig.flush_and_settle();
  CHECK(rig.store->phase() == LogStore::Phase::kFailed);
  CHECK_FALSE(rig.failure.empty());
  rig.disk.fail_syncs = false;
  rig.flush_and_settle();
  CHECK(rig.durable == before);
  // The page cache still shows bytes that never reached the disk. A start must not consider them durable.
  rig.start();
  CHECK(rig.read("b") == "banana");
  const AppendId epoch = rig.store->put_identity({{ActorId{1, 1}, 1}});
  rig.flush_and_settle();
  CHECK(rig.durable >= epoch);
  rig.lose_power_and_start();
  CHECK(rig.read("a") == "apple");
  CHECK(rig.read("b") == "banana");
}

TEST_CASE("a newer format is refused with both versions named") {
  StoreRig rig;
  rig.write("a", "apple", 1);
  std::string& segment = *rig.disk.segment(1);
  segment[8] = 9;
  const auto sum = static_cast<std::uint32_t>(hash64(std::string_view(segment).substr(0, 20)));
  std::memcpy(segment.data() + 20, &sum, 4);
  rig.lose_power_and_start();
  CHECK(rig.store->phase() == LogStore::Phase::kFailed);
  CHECK(rig.failure == "segment 1: the format is version 9, this program knows up to 1");
}

TEST_CASE("a full disk refuses client writes, serves reads, and takes writes again when there is space") {
  StoreRig rig;
  rig.write("first", "value", 1);
  rig.disk.full = true;
  const std::string value(2'000, 'v');  // compresses to almost nothing, unlike `hard`
  std::string hard;
  for (int i = 0; i < 2'000; ++i) hard += static_cast<char>(mix64(static_cast<std::uint64_t>(i)));
  int accepted = 0;
  for (; accepted < 1'000 && rig.store->accepts(hard.size()); ++accepted) {
    rig.write("k" + std::to_string(accepted), hard, 1);
  }
  CHECK(accepted > 20);
  CHECK(accepted < 200);
  CHECK(rig.store->stats().full);
  CHECK(rig.read("first") == "value");
  CHECK(rig.read("k0") == hard);
  rig.tick();
  CHECK_FALSE(rig.store->accepts(hard.size()));
  SECTION("because the disk has been given more") {
    rig.disk.full = false;
    rig.tick();
  }
  SECTION("because a merge has freed some, in the space kept for it") {
    for (int i = 0; i < accepted; ++i) rig.put("k" + std::to_string(i), "", 2);
    rig.flush_and_settle();
    for (int i = 0; i < 5; ++i) rig.tick();
    rig.disk.full = false;  // the removed files have freed space
    rig.tick();
  }
  CHECK(rig.store->accepts(hard.size()));
  rig.write("last", hard, 1);
  CHECK(rig.read("last") == hard);
}

// A disk that stood still for three minutes made a node keep 440 MB of copies in memory.
TEST_CASE("the bytes that wait for a disk have a limit, and beyond it writes are refused until it answers") {
  StoreOptions options = StoreRig::small();
  options.unsynced_bytes_max = 1u << 20;
  options.compress_over_bytes = 1u << 30;
  StoreRig rig(options);
  const std::string value(10'000, 'v');
  int taken = 0;
  for (; taken < 1'000 && rig.store->room(value.size()) == Room::kEnough; ++taken) {
    rig.put("k" + std::to_string(taken), value, 1);
    rig.flush();
  }
  CHECK(taken > 90);
  CHECK(taken < 110);
  CHECK(rig.store->room(value.size()) == Room::kBehind);
  CHECK(rig.store->room(0) == Room::kEnough);  // a delete
  rig.settle();
  CHECK(rig.store->room(value.size()) == Room::kEnough);
  // A value above the limit is taken while nothing waits.
  CHECK(rig.store->room(2u << 20) == Room::kEnough);
}

// Such a node never served again, because a start moved the records of several segments before it freed one.
TEST_CASE("a start on a full disk needs no more space than the store had") {
  for (const SyncPolicy sync : {SyncPolicy::kAlways, SyncPolicy::kInterval, SyncPolicy::kNever}) {
    StoreOptions options = StoreRig::small();
    options.sync = sync;
    StoreRig rig(options);
    std::string hard;
    for (int i = 0; i < 500; ++i) hard += static_cast<char>(mix64(static_cast<std::uint64_t>(i)));
    const auto fill = [&](std::uint64_t counter, int most) {
      int written = 0;
      for (; written < most && rig.store->accepts(hard.size()); ++written) {
        rig.write("k" + std::to_string(written), hard, counter);
      }
      return written;
    };
    fill(1, 100);
    rig.disk.capacity = rig.disk.used();  // other programs have taken the rest
    CAPTURE(sync, rig.disk.used());
    const int second = fill(2, 1'000);
    CHECK(second < 1'000);
    for (int start = 0; start < 3; ++start) {
      rig.start();
      rig.flush_and_settle();
      REQUIRE(rig.store->phase() == LogStore::Phase::kOpen);
      const AppendId epoch = rig.store->put_identity({{ActorId{1, 1}, static_cast<std::uint32_t>(start) + 2}});
      rig.flush_and_settle();
      CHECK(rig.durable >= epoch);
      for (int i = 0; i < second; ++i) CHECK(rig.read("k" + std::to_string(i)) == hard);
    }
    rig.disk.capacity.reset();
    rig.tick();
    CHECK(rig.store->accepts(hard.size()));
  }
}

TEST_CASE("puts in one call have the effect of puts one by one") {
  for (const std::size_t count : {0u, 1u, 3u, 9u, 300u}) {
    StoreOptions options = StoreRig::small();
    options.cache_bytes = 4096;
    StoreRig one(options), all(options);
    std::vector<ObjectPut> puts;
    for (std::uint64_t i = 0; i < count; ++i) {
      puts.emplace_back(store_key("k" + std::to_string(i % 70)), one_version("v" + std::to_string(i), i + 1));
    }
    for (const auto& [key, object] : puts) one.store->put(key, object);
    CHECK(all.store->put_all(puts) == one.store->last_append());
    for (const Key& key : one.store->object_keys()) {
      CHECK(equal(one.store->find(key), all.store->find(key)));
    }
    CHECK(one.store->object_keys() == all.store->object_keys());
    CHECK(one.store->stats().live_bytes == all.store->stats().live_bytes);
    CHECK(one.store->stats().cache_bytes == all.store->stats().cache_bytes);
  }
}

TEST_CASE("a copy continues independently") {
  StoreRig rig;
  rig.write("a", "apple", 1);
  StoreRig copy = rig;
  copy.write("a", "changed", 2);
  CHECK(rig.read("a") == "apple");
  CHECK(copy.read("a") == "changed");
}

TEST_CASE("a store is a map that survives crashes at any moment, merges and restarts included") {
  const bool held = rc::check([] {
    StoreOptions options = StoreRig::small();
    options.merge_dead_percent = 30;
    if (*rc::gen::inRange(0, 2) == 1) options.cache_bytes = 20'000;
    StoreRig rig(options);
    std::uint64_t counter = 0;
    be_a_map(rig, [&](std::size_t bytes) {
      std::string value(bytes, 'a');
      for (char& c : value) c = static_cast<char>(mix64(++counter));
      return value;
    });
    return true;
  });
  CHECK(held);
}
