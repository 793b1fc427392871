#include "engine/core/hlc.h"

#include <rapidcheck.h>

#include "tests/catch.h"

using namespace dkv;

namespace {

constexpr TimeNs kAheadMax = 10 * kSecond;

}  // namespace

TEST_CASE("a timestamp follows the wall clock in milliseconds") {
  HybridClock clock(kAheadMax);
  const Hlc stamp = clock.tick(1'234 * kMillisecond + 999'999, {});
  CHECK(stamp.wall_ms() == 1'234);
  CHECK(stamp.logical() == 0);
  CHECK(clock.last() == stamp);
}

TEST_CASE("the counter separates timestamps of one millisecond") {
  HybridClock clock(kAheadMax);
  const Hlc first = clock.tick(5 * kMillisecond, {});
  const Hlc second = clock.tick(5 * kMillisecond, {});
  CHECK(second > first);
  CHECK(second.wall_ms() == 5);
  CHECK(second.logical() == 1);
}

TEST_CASE("more events in a millisecond than the counter holds run over into the next") {
  HybridClock clock(kAheadMax);
  clock.observe(Hlc{(std::uint64_t{7} << 16) | 0xffff}, 0);
  const Hlc stamp = clock.tick(7 * kMillisecond, {});
  CHECK(stamp.wall_ms() == 8);
  CHECK(stamp.logical() == 0);
}

TEST_CASE("every timestamp is later than `after`, and than all issued or seen before that are not too far ahead") {
  REQUIRE(rc::check([] {
    using Turn = std::tuple<std::int32_t, std::int32_t, bool>;
    const auto turns = *rc::gen::container<std::vector<Turn>>(
        rc::gen::tuple(rc::gen::inRange<std::int32_t>(-1'000, 100'000), rc::gen::inRange<std::int32_t>(0, 100'000),
                       rc::gen::arbitrary<bool>()));
    HybridClock clock(kAheadMax);
    Hlc latest;
    const auto near = [](Hlc stamp, std::int32_t at_ms) {
      return stamp.packed <= (static_cast<std::uint64_t>(std::max(at_ms, 0)) << 16) + (std::uint64_t{10'000} << 16);
    };
    for (const auto& [at_ms, other_ms, only_seen] : turns) {
      const Hlc other{static_cast<std::uint64_t>(other_ms) << 16};
      if (only_seen) {
        clock.observe(other, at_ms * kMillisecond);
        if (near(other, at_ms)) latest = std::max(latest, other);
        continue;
      }
      const Hlc stamp = clock.tick(at_ms * kMillisecond, other);
      RC_ASSERT(stamp > other);
      if (near(latest, at_ms)) RC_ASSERT(stamp > latest);
      latest = clock.last();
    }
  }));
}

TEST_CASE("a timestamp that is too far ahead is neither adopted nor kept") {
  HybridClock clock(kAheadMax);
  clock.observe(Hlc{std::uint64_t{10'101} << 16}, 100 * kMillisecond);
  CHECK(clock.last() == Hlc{});
  CHECK(clock.tick(3600 * kSecond, {}).wall_ms() == 3'600'000);
  CHECK(clock.tick(100 * kMillisecond, {}).wall_ms() == 100);
}

TEST_CASE("what a write must exceed moves that write alone") {
  HybridClock clock(kAheadMax);
  const Hlc far{std::uint64_t{90'000'000} << 16};
  CHECK(clock.tick(100 * kMillisecond, far) == Hlc{far.packed + 1});
  CHECK(clock.tick(101 * kMillisecond, {}).wall_ms() == 101);
}

TEST_CASE("a clock follows wall time again once this passes the observed timestamps") {
  HybridClock clock(kAheadMax);
  clock.observe(Hlc{std::uint64_t{100} << 16}, 0);
  CHECK(clock.tick(50 * kMillisecond, {}).wall_ms() == 100);
  const Hlc stamp = clock.tick(200 * kMillisecond, {});
  CHECK(stamp.wall_ms() == 200);
  CHECK(stamp.logical() == 0);
}
