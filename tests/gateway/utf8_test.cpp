#include "engine/gateway/utf8.h"

#include <string>

#include "tests/catch.h"

namespace dkv::http {

TEST_CASE("only valid UTF-8 counts as text") {
  for (const char* good : {"", "plain", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"}) CHECK(is_utf8(good));
  for (const char* bad :
       {"\x80", "\xc3", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff", "a\xe2\x82"}) {
    CHECK_FALSE(is_utf8(bad));
  }
}

TEST_CASE("text is judged the same wherever it is cut") {
  const std::string all = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80 and plain letters behind";
  for (std::size_t cut = 0; cut <= all.size(); ++cut) {
    Utf8Check check;
    CHECK(check.add(std::string_view(all).substr(0, cut)));
    CHECK(check.add(std::string_view(all).substr(cut)));
    CHECK(check.complete());
  }
  Utf8Check half;
  CHECK(half.add("\xe2\x82"));
  CHECK_FALSE(half.complete());
  CHECK_FALSE(half.add("x"));
}

}  // namespace dkv::http
