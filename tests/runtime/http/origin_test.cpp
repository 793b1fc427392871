#include "engine/runtime/http/origin.h"

#include "tests/catch.h"

namespace dkv::http {
namespace {

using Text = std::optional<std::string_view>;

const OriginPolicy kNone{};
const OriginPolicy kShop{{"https://shop.example", "http://localhost:3000"}};
const OriginPolicy kAny{{"*"}};
const Text kOwnHost = "127.0.0.1:8098";

OriginVerdict page_asks(const OriginPolicy& policy, Method method, Text origin, Text host = kOwnHost) {
  return judge_origin(policy, {.method = method, .admin = false, .preflight = false, .origin = origin, .host = host});
}

}  // namespace

TEST_CASE("a request without an origin comes from no other site's page, and may do all") {
  for (const Method method : {Method::kGet, Method::kHead, Method::kPut, Method::kPost, Method::kDelete}) {
    for (const OriginPolicy& policy : {kNone, kShop, kAny}) {
      const OriginVerdict verdict = page_asks(policy, method, {});
      CHECK_FALSE(verdict.refused);
      CHECK(verdict.allow.empty());
    }
  }
}

TEST_CASE("a page that is not listed changes nothing and reads nothing") {
  for (const Text origin :
       {"https://evil.example", "null", "", "https://shop.example.evil.example", "file://", "http://shop.example",
        "https://shop.example:444", "https://shop.example/", "https://shop.example, https://shop.example",
        "https://127.0.0.1:8098", "http://127.0.0.1:8099", "http://127.0.0.1"}) {
    CAPTURE(*origin);
    for (const OriginPolicy& policy : {kNone, kShop}) {
      for (const Method method : {Method::kPut, Method::kPost, Method::kDelete, Method::kOther}) {
        CHECK(page_asks(policy, method, origin).refused);
      }
      for (const Method method : {Method::kGet, Method::kHead, Method::kOptions}) {
        const OriginVerdict verdict = page_asks(policy, method, origin);
        CHECK_FALSE(verdict.refused);
        CHECK(verdict.allow.empty());
      }
    }
  }
}

TEST_CASE("a page that is not listed may use no administrator's route and no preflight, with any method") {
  OriginCase asked{
      .method = Method::kGet, .admin = true, .preflight = false, .origin = "https://evil.example", .host = kOwnHost};
  CHECK(judge_origin(kShop, asked).refused);
  CHECK(judge_origin(kShop, asked).vary);
  asked = {.method = Method::kOptions,
           .admin = false,
           .preflight = true,
           .origin = "https://evil.example",
           .host = kOwnHost};
  CHECK(judge_origin(kNone, asked).refused);
  CHECK(judge_origin(kNone, asked).vary);
  asked.origin = "https://shop.example";
  CHECK_FALSE(judge_origin(kShop, asked).refused);
}

TEST_CASE("a listed page is allowed by its own name, in any case of letters and with its scheme's port") {
  for (const Text origin :
       {"https://shop.example", "https://SHOP.example", "https://shop.example:443", "http://localhost:3000"}) {
    CAPTURE(*origin);
    const OriginVerdict verdict = page_asks(kShop, Method::kPut, origin);
    CHECK_FALSE(verdict.refused);
    CHECK(verdict.allow == *origin);
    CHECK(verdict.vary);
  }
}

TEST_CASE("answers vary by origin when origins are listed, and not otherwise") {
  CHECK(page_asks(kShop, Method::kGet, {}).vary);
  CHECK_FALSE(page_asks(kNone, Method::kGet, "https://evil.example").vary);
  CHECK_FALSE(page_asks(kAny, Method::kGet, "https://evil.example").vary);
}

TEST_CASE("any page is allowed by an explicit star only") {
  const OriginVerdict verdict = page_asks(kAny, Method::kDelete, "https://evil.example");
  CHECK_FALSE(verdict.refused);
  CHECK(verdict.allow == "*");
}

TEST_CASE("a page of the node itself is of the same origin") {
  const std::pair<const char*, const char*> same[] = {{"http://127.0.0.1:8098", "127.0.0.1:8098"},
                                                      {"http://LOCALHOST:8098", "localhost:8098"},
                                                      {"http://node", "node:80"},
                                                      {"http://node:80", "node"},
                                                      {"http://[::1]:8098", "[::1]:8098"}};
  for (const auto& [origin, host] : same) {
    CAPTURE(origin, host);
    CHECK_FALSE(page_asks(kNone, Method::kPut, origin, host).refused);
    CHECK(page_asks(kNone, Method::kPut, origin, host).allow.empty());
  }
  CHECK(page_asks(kNone, Method::kPut, "http://", "").refused);
  CHECK(page_asks(kNone, Method::kPut, "http://node", {}).refused);
}

TEST_CASE("an origin is a scheme, a host and perhaps a port") {
  CHECK(read_origin("HTTPS://Shop.Example:443") == "https://shop.example");
  CHECK(read_origin("http://[::1]:3000") == "http://[::1]:3000");
  CHECK(read_origin("chrome-extension://abcdef") == "chrome-extension://abcdef");
  for (const char* bad : {"", "null", "*", "shop.example", "https://", "https://a/", "https://a/b", "https://a:b",
                          "https://u@a", "https://*.a", "://a", "1a://b", "https://a:0", "https://a b"}) {
    CAPTURE(bad);
    CHECK_FALSE(read_origin(bad));
  }
  CHECK_FALSE(read_origin("https://" + std::string(kOriginBytesMax, 'a')));
}

}  // namespace dkv::http
