#include "viz/model/marks.h"

#include "tests/catch.h"
#include "viz/model/snapshots.h"

using namespace dkv;
using namespace dkv::viz;

TEST_CASE("a moment that differs from its mark is noticed, and a moment without a mark is not judged") {
  Marks marks;
  marks.add(0, {.fingerprint = 10, .at_ns = 0, .cost_ns = 0});
  marks.add(64, {.fingerprint = 11, .at_ns = 500, .cost_ns = 7});
  CHECK(marks.agrees(64, 11, 500));
  CHECK_FALSE(marks.agrees(64, 12, 500));
  CHECK_FALSE(marks.agrees(64, 11, 501));
  CHECK(marks.agrees(65, 99, 501));
  CHECK(marks.agrees(128, 99, 501));
  CHECK(marks.before(63).cost_ns == 0);
  CHECK(marks.before(5'000).cost_ns == 7);
  CHECK(marks.event_before(499) == 0);
  CHECK(marks.event_before(500) == 64);
}

TEST_CASE("a command changes the moment after which it comes, and removes its mark") {
  Marks marks;
  for (EventNumber event = 0; event <= 256; event += 64) marks.add(event, {.fingerprint = event});
  Marks between = marks;
  between.cut_after(130);
  CHECK(between.size() == 3);
  marks.cut_after(128);
  CHECK(marks.size() == 2);
  marks.add(128, {.fingerprint = 1});
  CHECK(marks.agrees(128, 1, 0));
}

TEST_CASE("snapshots may lie further apart the further away they are, up to a bound") {
  const Spacing spacing{.near_ns = 10, .far_ns = 100};
  CHECK(spacing.allowed_ns(0) == 10);
  CHECK(spacing.allowed_ns(200) == 50);
  CHECK(spacing.allowed_ns(1'000'000) == 100);
  for (std::int64_t distance = 0; distance < 1'000; ++distance) {
    CHECK(spacing.allowed_ns(distance) <= spacing.allowed_ns(distance + 1));
  }
}
