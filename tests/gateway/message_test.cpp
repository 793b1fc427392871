#include "engine/gateway/message.h"

#include "engine/gateway/body_source.h"
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

TEST_CASE("a target is parsed into segments and parameters, unescaped") {
  const Request request = taken("/buckets/b%20c/keys/a%2Fb+c?r=2&vtag=x%3Dy&flag&word=a+b");
  CHECK(request.segments == std::vector<std::string>{"buckets", "b c", "keys", "a/b+c"});
  CHECK(request.parameters == Pairs{{"r", "2"}, {"vtag", "x=y"}, {"flag", ""}, {"word", "a b"}});
}

TEST_CASE("empty segments and empty parameters are passed over") {
  CHECK(taken("//a///b/?&&x=1&").segments == std::vector<std::string>{"a", "b"});
  CHECK(taken("/a?&&x=1&").parameters == Pairs{{"x", "1"}});
  CHECK(taken("/").segments.empty());
}

TEST_CASE("a target that is no path is refused") {
  for (const char* bad : {"", "a/b", "*", "http://x/", "/%", "/%1", "/%zz", "/a?b=%g1"}) {
    INFO(bad);
    CHECK(refused(bad));
  }
}

TEST_CASE("a response carries its length, and a HEAD or a 204 no body") {
  const Response response{.status = 200, .content_type = "text/plain", .headers = {{"ETag", "\"x\""}}, .body = "body"};
  std::string bytes;
  encode(response, {}, "then", bytes);
  CHECK(bytes ==
        "HTTP/1.1 200 OK\r\nDate: then\r\nETag: \"x\"\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nbody");
  bytes.clear();
  encode(response, {.head = true, .keep_alive = false}, "then", bytes);
  CHECK(bytes ==
        "HTTP/1.1 200 OK\r\nDate: then\r\nETag: \"x\"\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n"
        "Connection: close\r\n\r\n");
  bytes.clear();
  encode({.status = 204}, {}, "then", bytes);
  CHECK(bytes == "HTTP/1.1 204 No Content\r\nDate: then\r\n\r\n");
  bytes.clear();
  encode({.status = 204, .content_type = "text/plain"}, {}, "then", bytes);
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

TEST_CASE("a body of unknown length travels in chunks, or ends with a connection of HTTP/1.0") {
  Response response{.status = 200, .content_type = "application/json", .headers = {}, .body = {}};
  response.source = std::make_shared<BodySource>();
  response.source->add_json_value({}, "x", false);
  std::string bytes;
  CHECK(encode(response, {}, "then", bytes) == BodyEnd::kChunked);
  CHECK(bytes ==
        "HTTP/1.1 200 OK\r\nDate: then\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
  bytes.clear();
  CHECK(encode(response, {.minor_version = 0}, "then", bytes) == BodyEnd::kUntilEnd);
  CHECK(bytes == "HTTP/1.1 200 OK\r\nDate: then\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n");
  bytes.clear();
  CHECK(encode(response, {.head = true}, "then", bytes) == BodyEnd::kHere);
  response.source = std::make_shared<BodySource>();
  response.source->add_text("four");
  bytes.clear();
  CHECK(encode(response, {.minor_version = 0}, "then", bytes) == BodyEnd::kLength);
  CHECK(bytes ==
        "HTTP/1.1 200 OK\r\nDate: then\r\nContent-Type: application/json\r\nContent-Length: 4\r\n"
        "Connection: keep-alive\r\n\r\n");
}

}  // namespace dkv::http
