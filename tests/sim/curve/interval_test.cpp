#include "sim/curve/interval.h"

#include "tests/catch.h"

using namespace dkv::sim;

TEST_CASE("Wilson's interval has the published bounds") {
  // R. G. Newcombe, Two-sided confidence intervals for the single proportion, 1998, table I, method 3.
  const Interval many = wilson(81, 263);
  CHECK(many.low == Approx(0.2553).margin(5e-5));
  CHECK(many.high == Approx(0.3662).margin(5e-5));
  const Interval few = wilson(15, 148);
  CHECK(few.low == Approx(0.0624).margin(5e-5));
  CHECK(few.high == Approx(0.1605).margin(5e-5));
  const Interval none = wilson(0, 20);
  CHECK(none.low == 0);
  CHECK(none.high == Approx(0.1611).margin(5e-5));
}

TEST_CASE("the interval says nothing without a run, and narrows with more of them") {
  CHECK(wilson(0, 0).low == 0);
  CHECK(wilson(0, 0).high == 1);
  CHECK(wilson(10, 10).high == 1);
  CHECK(wilson(10, 10).low < wilson(100, 100).low);
  CHECK(wilson(5, 10).high > wilson(50, 100).high);
}
