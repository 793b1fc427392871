#include "engine/runtime/own_life.h"

#include "tests/catch.h"

namespace dkv {
namespace {

using Step = OwnLife::Step;
constexpr Hello::Kind kTwin = Hello::Kind::kTwin;

}  // namespace

TEST_CASE("a node that is refused for another process goes on for a while, as that one may be gone, and then stops") {
  OwnLife life(2 * kSecond);
  CHECK(life.told(1, kTwin, 10 * kSecond) == Step::kGoOn);
  CHECK(life.told(1, kTwin, 15 * kSecond) == Step::kGoOn);
  CHECK(life.told(2, kTwin, 16 * kSecond) == Step::kGoOn);
  CHECK(life.told(1, kTwin, 15 * kSecond + 1) == Step::kStop);
}

TEST_CASE("a welcome ends the refusal of that peer, and a welcomed node is patient for longer") {
  OwnLife life(2 * kSecond);
  CHECK(life.told(1, kTwin, 0) == Step::kGoOn);
  CHECK(life.told(1, Hello::Kind::kWelcome, kSecond) == Step::kGoOn);
  CHECK(life.told(1, kTwin, 20 * kSecond) == Step::kGoOn);
  CHECK(life.told(1, kTwin, 30 * kSecond) == Step::kGoOn);
  CHECK(life.told(1, kTwin, 30 * kSecond + 1) == Step::kStop);
}

TEST_CASE("a node that is told of a later life takes one above it at once") {
  OwnLife life(2 * kSecond);
  CHECK(life.told(1, Hello::Kind::kLate, 0) == Step::kTakeLater);
}

}  // namespace dkv
