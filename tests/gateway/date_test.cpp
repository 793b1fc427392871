#include "engine/gateway/date.h"

#include "engine/gateway/message.h"
#include "tests/catch.h"

namespace dkv::http {

TEST_CASE("a date is read in each of the three forms") {
  for (const char* text :
       {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"}) {
    CAPTURE(text);
    CHECK(parse_http_date(text) == 784111777);
  }
  CHECK(parse_http_date("Tue Nov 16 08:49:37 1999") == 942742177);
  CHECK(parse_http_date("Thursday, 01-Jan-70 00:00:00 GMT") == 0);
  CHECK(parse_http_date("Friday, 01-Jan-26 00:00:00 GMT") == 1767225600);
  CHECK(parse_http_date("Thu, 29 Feb 2024 23:59:60 GMT") == 1709251200);
}

TEST_CASE("a date that is written is read back") {
  for (const std::uint64_t seconds : {0ULL, 951782400ULL, 1709164799ULL, 1795625000ULL, 4102444800ULL}) {
    CHECK(parse_http_date(http_date(seconds)) == static_cast<std::int64_t>(seconds));
  }
}

TEST_CASE("a text that is no date has no value") {
  for (const char* text :
       {"", "now", "784111777", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ", "Sun, 31 Feb 2024 00:00:00 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:00 GMT",
        "Sun, 06 nov 1994 08:49:37 GMT", "Son, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT", "Sun Nov 6 08:49:37 1994",
        "Sun Nov   08:49:37 1994"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_http_date(text));
  }
}

}  // namespace dkv::http
