#include "engine/runtime/metrics.h"

#include "tests/catch.h"

namespace dkv {
namespace {

TEST_CASE("the ten longest turns are kept, the longest first") {
  TurnLog log;
  for (const TimeNs took_ns : {5, 1, 9, 3, 12, 7, 2, 11, 4, 8, 6, 10}) log.add({.took_ns = took_ns}, kSecond);
  CHECK(log.count() == 12);
  REQUIRE(log.longest().size() == TurnLog::kKept);
  for (std::size_t i = 0; i < TurnLog::kKept; ++i) CHECK(log.longest()[i].took_ns == static_cast<TimeNs>(12 - i));
  CHECK(log.longest_ns() == 12);
}

TEST_CASE("the longest turn of the last minute is forgotten after a minute, and not before 50 seconds") {
  TurnLog log;
  CHECK(log.longest_in_minute_ns() == 0);
  log.add({.took_ns = 70}, 9 * kSecond);
  log.add({.took_ns = 50}, 15 * kSecond);
  log.add({.took_ns = 1}, 58 * kSecond);
  CHECK(log.longest_in_minute_ns() == 70);
  log.add({.took_ns = 1}, 61 * kSecond);
  CHECK(log.longest_in_minute_ns() == 50);
  log.add({.took_ns = 1}, 1000 * kSecond);
  CHECK(log.longest_in_minute_ns() == 1);
  CHECK(log.longest_ns() == 70);
}

}  // namespace
}  // namespace dkv
