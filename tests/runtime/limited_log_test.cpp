#include "engine/runtime/limited_log.h"

#include "tests/catch.h"

namespace dkv {

TEST_CASE("the first line of each kind passes, and the others are counted until the window closes") {
  LineWindow window;
  CHECK_FALSE(window.open());
  CHECK(window.pass(1) == nullptr);
  CHECK(window.open());
  *window.pass(1) = "b";
  CHECK(window.pass(2) == nullptr);
  *window.pass(1) = "c";
  const auto left_out = window.close();
  REQUIRE(left_out.size() == 1);
  CHECK(left_out[0].lines == 2);
  CHECK(left_out[0].last == "c");
  CHECK_FALSE(window.open());
  CHECK(window.pass(1) == nullptr);
  CHECK(window.close().empty());
}

}  // namespace dkv
