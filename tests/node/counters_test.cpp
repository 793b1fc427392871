#include "engine/node/counters.h"

#include "tests/node/kit.h"

namespace dkv::testing {
namespace {

Counters with_floors(std::uint32_t floors) {
  NodeConfig config;
  config.reaped_max = floors;
  return Counters(config);
}

TEST_CASE("a key that was never reaped goes on from the counter that its state shows") {
  const Counters counters = with_floors(8);
  CHECK(counters.last(key_of("k"), 0).counter == 0);
  CHECK_FALSE(counters.last(key_of("k"), 0).claims);
  CHECK(counters.last(key_of("k"), 7).counter == 7);
}

TEST_CASE("a reaped key claims the counters that it had, and a key that shares its place claims them as well") {
  Counters counters = with_floors(1);
  counters.reaped(key_of("k"), 7, 7);
  counters.reaped(key_of("other"), 3, 3);
  for (const char* key : {"k", "other", "third"}) {
    CHECK(counters.last(key_of(key), 0).counter == 7);
    CHECK(counters.last(key_of(key), 0).claims);
  }
  // A state that shows a counter has a clock without a gap, and keeps it.
  CHECK(counters.last(key_of("third"), 2).counter == 2);
  CHECK_FALSE(counters.gaps());
}

TEST_CASE("a key that has lost versions claims nothing, because they may live elsewhere") {
  Counters counters = with_floors(1);
  counters.lost(key_of("k"), 5);
  counters.reaped(key_of("other"), 9, 9);
  CHECK(counters.last(key_of("k"), 0).counter == 9);
  CHECK_FALSE(counters.last(key_of("k"), 0).claims);
  CHECK(counters.last(key_of("k"), 12).counter == 12);
  CHECK(counters.last(key_of("third"), 2).counter == 2);
  CHECK(counters.gaps());
  counters.clear();
  CHECK(counters.last(key_of("k"), 0).counter == 0);
  CHECK_FALSE(counters.gaps());
}

TEST_CASE("a reaped state with a gap claims nothing, because a dot in the gap may live") {
  Counters counters = with_floors(8);
  counters.reaped(key_of("k"), 2, 6);
  CHECK(counters.last(key_of("k"), 0).counter == 6);
  CHECK_FALSE(counters.last(key_of("k"), 0).claims);
  CHECK(counters.gaps());
}

TEST_CASE("when too many keys have lost versions, all keys count on above the highest") {
  Counters counters = with_floors(8);
  for (int i = 0; i < 1100; ++i) counters.lost(key_of("k" + std::to_string(i)), 5);
  CHECK(counters.last(key_of("another"), 2).counter == 5);
  CHECK_FALSE(counters.last(key_of("another"), 0).claims);
  CHECK(counters.last(key_of("another"), 8).counter == 8);
}

}  // namespace
}  // namespace dkv::testing
