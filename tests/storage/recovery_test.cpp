#include "engine/storage/log_store.h"
#include "tests/storage/store_rig.h"

using namespace dkv;
using namespace dkv::testing;

namespace {

// Replaces every version of the key by two new ones.
void replace_by_two(StoreRig& rig, std::string_view key, std::string_view one, std::string_view other) {
  const Dot first{kStoreActor, 2};
  const Dot second{Actor{ActorId{8, 8}, 1}, 1};
  std::vector<Sibling> siblings = {{.dot = first, .hlc = {98}, .value = Blob(one)},
                                   {.dot = second, .hlc = {99}, .value = Blob(other)}};
  const VersionVector seen = rig.store->find(store_key(key))->seen().with(first).with(second);
  rig.store->put(store_key(key), Object::make(seen, siblings));
  rig.flush_and_settle();
}

}  // namespace

// Seed 102 of the swarm: the versions that the torn record had replaced were gone, although they were durable.
TEST_CASE("the versions that a torn record would have replaced are there again") {
  StoreRig rig;
  rig.write("a", "durable", 1);
  rig.write("a", "torn", 2);
  std::string& segment = *rig.disk.segment(1);
  segment.replace(segment.find("torn"), 4, 4, '\0');
  rig.lose_power_and_start();
  CHECK(rig.report.damaged_places == 0);
  CHECK(rig.report.torn_bytes == 4 + 4);
  CHECK(rig.damaged.empty());
  CHECK(rig.read("a") == "durable");
  CHECK(rig.store->find(store_key("a"))->seen() == VersionVector().with({kStoreActor, 1}));
  rig.lose_power_and_start();
  CHECK(rig.read("a") == "durable");
}

TEST_CASE("bytes before a later write were synced: a gap in them is damage") {
  StoreRig rig;
  rig.write("a", "durable", 1);
  rig.write("a", "rotten", 2);
  rig.write("b", "later", 1);
  rig.damage("rotten");
  rig.lose_power_and_start();
  CHECK(rig.report.damaged_places == 1);
  CHECK(rig.report.torn_bytes == 0);
  REQUIRE(rig.damaged.size() == 1);
  CHECK(rig.damaged[0].key == store_key("a"));
  CHECK(rig.damaged[0].seen.counter(kStoreActor) == 2);
  CHECK(rig.read("a") == "durable");
}

TEST_CASE("a hole in the last write is torn, before a later write it is damage") {
  StoreRig rig;
  rig.write("a", "durable", 1);
  rig.put("b", "torn", 1);
  rig.put("c", "whole", 1);
  rig.flush_and_settle();
  const bool later = GENERATE(false, true);
  if (later) rig.write("d", "later", 1);
  std::string& segment = *rig.disk.segment(1);
  const std::size_t head = segment.rfind(segment.substr(24, 4), segment.find("torn"));  // its magic
  segment.replace(head, 20, 20, '\0');
  rig.lose_power_and_start();
  CHECK(rig.report.damaged_places == (later ? 1 : 0));
  CHECK((rig.report.torn_bytes > 0) == !later);
  CHECK(rig.read("a") == "durable");
  CHECK(rig.read("b") == "none");
  CHECK(rig.read("c") == "whole");
}

TEST_CASE("the whole versions of a torn record join the older ones, and claim to have seen nothing else") {
  StoreRig rig;
  rig.write("a", "durable", 1);
  replace_by_two(rig, "a", "torn", "whole");
  rig.damage("torn");
  rig.lose_power_and_start();
  CHECK(rig.read("a") == "durable|whole");
  CHECK_FALSE(rig.store->find(store_key("a"))->seen().covers(Dot{kStoreActor, 2}));
}

TEST_CASE("a torn record of an erased key leaves it erased") {
  StoreRig rig;
  rig.write("a", "erased", 1);
  rig.store->erase_object(store_key("a"));
  rig.write("a", "torn", 2);
  rig.damage("torn");
  rig.lose_power_and_start();
  CHECK(rig.read("a") == "none");
  rig.lose_power_and_start();
  CHECK(rig.read("a") == "none");
}

TEST_CASE("a version with a lost value takes its clock with it, since the replaced versions are unknown") {
  StoreRig rig;
  rig.write("a", "replaced", 1);
  replace_by_two(rig, "a", "lost", "whole");
  rig.damage("lost");
  CHECK(rig.read("a") == "lost");
  CHECK(rig.read("a") == "whole");
  CHECK_FALSE(rig.store->find(store_key("a"))->seen().covers(Dot{kStoreActor, 1}));
}

TEST_CASE("of three values in one record the damaged one is removed, and later ones keep their places") {
  StoreRig rig;
  std::vector<Sibling> siblings;
  VersionVector seen;
  for (std::uint64_t i = 1; i <= 3; ++i) {
    const Dot dot{Actor{ActorId{i, i}, 1}, 1};
    seen = seen.with(dot);
    siblings.push_back({.dot = dot, .hlc = {i << 16}, .value = Blob("value " + std::to_string(i))});
  }
  rig.store->put(store_key("a"), Object::make(seen, siblings));
  rig.flush_and_settle();
  rig.damage("value 1");
  SECTION("found by a read") {
    CHECK(rig.read("a") == "lost");
  }
  SECTION("found by a start") {
    rig.lose_power_and_start();
  }
  CHECK(rig.read("a") == "value 2|value 3");
  rig.lose_power_and_start();
  CHECK(rig.read("a") == "value 2|value 3");
}

// The order of the log is that of the segments' numbers. A segment that lost all its bytes looks like a spare one.
// New records in it must not come before those of later segments.
TEST_CASE("an empty segment before one with records is not written to, or its records would count as older ones") {
  StoreRig rig;
  rig.write("a", "older", 1);
  rig.start();
  REQUIRE(rig.disk.segment(1) == nullptr);
  // A power loss now: the segment that the start emptied exists again, and nothing in it is durable.
  rig.disk.files[{FileKind::kSegment, 1}] = {};
  const StringDisk::File older = rig.disk.files.at({FileKind::kSegment, 2});
  rig.start();
  rig.write("a", "newer", 2);
  // After the next power loss the other one exists again, too, with its contents.
  rig.disk.files[{FileKind::kSegment, 2}] = older;
  rig.start();
  CHECK(rig.read("a") == "newer");
}
