#include "engine/runtime/http/budget.h"

#include "tests/catch.h"

namespace dkv::http {

TEST_CASE("a charge takes of the share and of the whole, and gives back at its end") {
  Budget whole(100);
  Budget share(30, &whole);
  {
    Charge charge(share);
    CHECK(charge.resize(20));
    CHECK(share.used() == 20);
    CHECK(whole.used() == 20);
    CHECK(charge.resize(5));
    CHECK(whole.left() == 95);
    Charge moved = std::move(charge);
    CHECK(moved.bytes() == 5);
    CHECK(whole.used() == 5);
  }
  CHECK(share.used() == 0);
  CHECK(whole.used() == 0);
}

TEST_CASE("a replaced charge returns its bytes") {
  Budget whole(100);
  Charge kept(whole);
  CHECK(kept.resize(70));
  {
    Charge next(whole);
    CHECK(next.resize(20));
    kept = std::move(next);
  }
  CHECK(kept.bytes() == 20);
  CHECK(whole.used() == 20);
}

TEST_CASE("only the whole refuses, and then nothing has changed") {
  Budget whole(100);
  Budget share(30, &whole);
  Charge one(share), other(whole);
  CHECK(one.resize(90));
  CHECK(share.left() == 0);
  CHECK_FALSE(other.resize(11));
  CHECK(other.bytes() == 0);
  CHECK(other.resize(10));
  CHECK_FALSE(one.resize(91));
  CHECK(one.bytes() == 90);
  other.force(500);
  CHECK(whole.used() == 590);
  CHECK(whole.left() == 0);
  CHECK(one.resize(1));
  CHECK_FALSE(one.resize(2));
}

}  // namespace dkv::http
