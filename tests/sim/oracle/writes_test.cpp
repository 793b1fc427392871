#include "sim/oracle/writes.h"

#include <map>
#include <tuple>

#include "tests/catch.h"

namespace dkv::sim {
namespace {

Dot dot(std::uint64_t actor, std::uint32_t epoch, std::uint64_t counter) {
  return {Actor{ActorId{actor, 1}, epoch}, counter};
}

TEST_CASE("a dot names the write that it was first seen with") {
  Dots dots;
  Write a, b;
  CHECK(dots.note(a, 1, dot(1, 1, 1)) == 1);
  CHECK(dots.is_first_of(a, dot(1, 1, 1)));
  CHECK_FALSE(dots.is_first_of(a, dot(1, 2, 1)));
  CHECK_FALSE(dots.is_first_of(b, dot(1, 1, 1)));
  CHECK(dots.note(b, 2, dot(1, 1, 1)) == 1);
  CHECK(b.actor == 0);  // that dot is not its own
  CHECK(dots.note(b, 2, dot(1, 1, 2)) == 2);
  CHECK(dots.is_first_of(b, dot(1, 1, 2)));
}

TEST_CASE("dots differ by key, actor, epoch and counter, for any order of arrival") {
  Dots dots;
  std::map<std::tuple<std::uint32_t, std::uint64_t, std::uint32_t, std::uint64_t>, WriteTag> expected;
  std::uint64_t state = 5;
  std::uint64_t wrong = 0;
  for (WriteTag tag = 1; tag <= 20'000; ++tag) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    const auto key = static_cast<std::uint32_t>(state >> 60 & 3);
    const std::uint64_t actor = state >> 50 & 3;
    const auto epoch = static_cast<std::uint32_t>(state >> 40 & 1);
    // Most are near each other, some far apart, some absurd.
    const std::uint64_t spread = (state >> 30 & 15) == 0 ? state >> 2 : state >> 33 & 255;
    Write write;
    write.key = key;
    const WriteTag named = dots.note(write, tag, dot(actor, epoch, spread));
    const auto [known, first] = expected.try_emplace({key, actor, epoch, spread}, tag);
    if (named != known->second) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("a counter beyond a gap stays known when the gap is filled") {
  Dots dots;
  Write far;
  CHECK(dots.note(far, 1, dot(1, 1, 500)) == 1);
  for (std::uint64_t counter = 1; counter < 500; ++counter) {
    Write near;
    REQUIRE(dots.note(near, counter + 1, dot(1, 1, counter)) == counter + 1);
  }
  Write again;
  CHECK(dots.note(again, 999, dot(1, 1, 500)) == 1);
  CHECK(dots.note(again, 999, dot(1, 1, 0)) == 999);
}

}  // namespace
}  // namespace dkv::sim
