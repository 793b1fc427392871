#include "engine/core/hlc.h"

#include <rapidcheck.h>

#include "tests/catch.h"

using namespace dkv;

TEST_CASE("a timestamp follows the wall clock in milliseconds") {
  HybridClock clock;
  const Hlc stamp = clock.tick(1'234 * kMillisecond + 999'999);
  CHECK(stamp.wall_ms() == 1'234);
  CHECK(stamp.logical() == 0);
  CHECK(clock.last() == stamp);
}

TEST_CASE("the counter separates timestamps of one millisecond") {
  HybridClock clock;
  const Hlc first = clock.tick(5 * kMillisecond);
  const Hlc second = clock.tick(5 * kMillisecond);
  CHECK(second > first);
  CHECK(second.wall_ms() == 5);
  CHECK(second.logical() == 1);
}

TEST_CASE("more events in a millisecond than the counter holds run over into the next") {
  HybridClock clock;
  clock.observe(Hlc{(std::uint64_t{7} << 16) | 0xffff});
  const Hlc stamp = clock.tick(7 * kMillisecond);
  CHECK(stamp.wall_ms() == 8);
  CHECK(stamp.logical() == 0);
}

TEST_CASE("every timestamp is later than all issued or seen before, however the wall clock jumps") {
  REQUIRE(rc::check([] {
    const auto jumps = *rc::gen::container<std::vector<std::pair<std::int32_t, bool>>>(
        rc::gen::pair(rc::gen::inRange<std::int32_t>(-1'000, 10'000), rc::gen::arbitrary<bool>()));
    HybridClock clock;
    Hlc latest;
    for (const auto& [at_ms, only_seen] : jumps) {
      if (only_seen) {
        const Hlc seen{static_cast<std::uint64_t>(std::max(at_ms, 0)) << 16};
        clock.observe(seen);
        latest = std::max(latest, seen);
        continue;
      }
      const Hlc stamp = clock.tick(at_ms * kMillisecond);
      RC_ASSERT(stamp > latest);
      latest = stamp;
    }
    RC_ASSERT(clock.last() == latest);
  }));
}

TEST_CASE("a timestamp from beyond the range is not observed, so later ones can still be issued") {
  HybridClock clock;
  clock.observe(Hlc{~std::uint64_t{0}});
  CHECK(clock.last() == Hlc{});
  clock.observe(HybridClock::kObservedMax);
  CHECK(clock.tick(0) > HybridClock::kObservedMax);
}

TEST_CASE("a clock follows wall time again once this passes the observed timestamps") {
  HybridClock clock;
  clock.observe(Hlc{std::uint64_t{100} << 16});
  CHECK(clock.tick(50 * kMillisecond).wall_ms() == 100);
  const Hlc stamp = clock.tick(200 * kMillisecond);
  CHECK(stamp.wall_ms() == 200);
  CHECK(stamp.logical() == 0);
}
