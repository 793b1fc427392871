#include "engine/runtime/incarnation.h"

#include <fstream>

#include "tests/catch.h"
#include "tests/runtime/disk/temporary_folder.h"

namespace dkv {
namespace {

constexpr TimeNs kYear2020Ns = 1'577'836'800 * kSecond;

}  // namespace

TEST_CASE("each life of a folder has a greater number, however short the one before and however wrong the clock") {
  const runtime_tests::TemporaryFolder folder;
  const TimeNs now_ns = kYear2020Ns + 1000 * kSecond;
  CHECK(next_incarnation(folder.path(), now_ns) == 1000u);
  CHECK(next_incarnation(folder.path(), now_ns) == 1001u);
  CHECK(next_incarnation(folder.path(), kYear2020Ns - 5 * kSecond) == 1002u);
  CHECK(next_incarnation(folder.path(), now_ns + 500 * kSecond) == 1500u);
}

TEST_CASE("an emptied folder continues above the incarnations that peers have heard") {
  const runtime_tests::TemporaryFolder first, emptied;
  const auto before = next_incarnation(first.path(), kYear2020Ns + 1000 * kSecond);
  const auto after = next_incarnation(emptied.path(), kYear2020Ns + 1001 * kSecond);
  REQUIRE(before);
  REQUIRE(after);
  CHECK(*after > *before);
}

TEST_CASE("a file that can't be understood costs nothing but its number") {
  const runtime_tests::TemporaryFolder folder;
  std::ofstream(folder.path() / "INCARNATION") << "what?";
  CHECK(next_incarnation(folder.path(), kYear2020Ns + 7 * kSecond) == 7u);
}

TEST_CASE("a folder that can't be written is an error that names it") {
  const auto none = next_incarnation("/nowhere/at/all", kYear2020Ns);
  REQUIRE_FALSE(none);
  CHECK_THAT(none.error().what, Catch::Matchers::Contains("/nowhere/at/all"));
}

TEST_CASE("a later life that peers have heard is exceeded, and is no life of this folder") {
  const runtime_tests::TemporaryFolder folder;
  const TimeNs now_ns = kYear2020Ns + 7 * kSecond;
  CHECK(last_incarnation(folder.path()) == 0);
  REQUIRE(next_incarnation(folder.path(), now_ns) == 7u);
  REQUIRE(exceed_incarnation(folder.path(), 500));
  REQUIRE(exceed_incarnation(folder.path(), 300));
  CHECK(last_incarnation(folder.path()) == 7);
  CHECK(next_incarnation(folder.path(), now_ns) == 501u);
  CHECK(last_incarnation(folder.path()) == 501);
}

}  // namespace dkv
