#include "engine/runtime/http/message.h"

#include "tests/catch.h"

namespace dkv::http {
namespace {

Request taken(std::string_view target) {
  Request request;
  REQUIRE(take_target(target, request));
  return request;
}

bool refused(std::string_view target) {
  Request request;
  return !take_target(target, request);
}

}  // namespace

TEST_CASE("a target is taken apart into segments and parameters, unescaped") {
  const Request request = taken("/buckets/b%20c/keys/a%2Fb+c?r=2&vtag=x%3Dy&flag&word=a+b");
  CHECK(request.segments == std::vector<std::string>{"buckets", "b c", "keys", "a/b+c"});
  CHECK(request.parameters == Pairs{{"r", "2"}, {"vtag", "x=y"}, {"flag", ""}, {"word", "a b"}});
}

TEST_CASE("empty segments and empty parameters are passed over") {
  CHECK(taken("//a///b/?&&x=1&").segments == std::vector<std::string>{"a", "b"});
  CHECK(taken("/a?&&x=1&").parameters == Pairs{{"x", "1"}});
  CHECK(taken("/").segments.empty());
}

TEST_CASE("what is no path is refused") {
  for (const char* bad : {"", "a/b", "*", "http://x/", "/%", "/%1", "/%zz", "/a?b=%g1"}) {
    INFO(bad);
    CHECK(refused(bad));
  }
}

TEST_CASE("a response carries its length, and a HEAD or a 204 no body") {
  const Response response{.status = 200, .content_type = "text/plain", .headers = {{"ETag", "\"x\""}}, .body = "body"};
  std::string bytes;
  encode(response, false, true, "then", bytes);
  CHECK(bytes ==
        "HTTP/1.1 200 OK\r\nDate: then\r\nETag: \"x\"\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nbody");
  bytes.clear();
  encode(response, true, false, "then", bytes);
  CHECK(bytes ==
        "HTTP/1.1 200 OK\r\nDate: then\r\nETag: \"x\"\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n"
        "Connection: close\r\n\r\n");
  bytes.clear();
  encode({.status = 204}, false, true, "then", bytes);
  CHECK(bytes == "HTTP/1.1 204 No Content\r\nDate: then\r\n\r\n");
  bytes.clear();
  encode({.status = 204, .content_type = "text/plain"}, false, true, "then", bytes);
  CHECK(bytes == "HTTP/1.1 204 No Content\r\nDate: then\r\nContent-Type: text/plain\r\n\r\n");
}

TEST_CASE("base64 is that of RFC 4648, and only that") {
  const std::pair<const char*, const char*> known[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : known) {
    CHECK(encode_base64(plain) == text);
    std::string back;
    CHECK(decode_base64(text, back));
    CHECK(back == plain);
  }
  for (const char* bad : {"Z", "Zg=", "Zg", "Zh==", "Zm9=", "Zm9v=", "Z=g=", "====", "Zm9v Zm9", "Zm-v"}) {
    INFO(bad);
    std::string back;
    CHECK_FALSE(decode_base64(bad, back));
  }
}

TEST_CASE("dates are those of HTTP") {
  CHECK(http_date(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
  CHECK(http_date(1'795'453'860) == "Mon, 23 Nov 2026 17:11:00 GMT");
}

TEST_CASE("only valid UTF-8 counts as text") {
  for (const char* good : {"", "plain", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"}) CHECK(is_utf8(good));
  for (const char* bad :
       {"\x80", "\xc3", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff", "a\xe2\x82"}) {
    CHECK_FALSE(is_utf8(bad));
  }
}

}  // namespace dkv::http
