#include "engine/gateway/envelope.h"

#include "tests/catch.h"

namespace dkv::http {

TEST_CASE("the HTTP metadata of a value comes back with it") {
  for (const char* type : {"application/json", "text/plain", "image/png", ""}) {
    const Envelope envelope{.content_type = type, .meta = {{"link", "</a>"}, {"x-riak-meta-who", "me"}}};
    const Blob value = wrap(envelope, "the body");
    std::string_view body;
    const auto back = unwrap(value.view(), body);
    REQUIRE(back);
    CHECK(back->content_type == type);
    CHECK(back->meta == envelope.meta);
    CHECK(body == "the body");
  }
}

TEST_CASE("a usual content type costs three bytes") {
  CHECK(wrap({.content_type = "application/json"}, "{}").size() == 2 + 3);
}

TEST_CASE("every cut of an envelope is refused, and never read past") {
  const Blob value = wrap({.content_type = "image/png", .meta = {{"link", "x"}}}, "");
  for (std::size_t bytes = 0; bytes < value.size(); ++bytes) {
    std::string_view body;
    CHECK_FALSE(unwrap(value.view().substr(0, bytes), body));
  }
}

TEST_CASE("another version, an unknown content and too many metas are refused") {
  std::string_view body;
  CHECK_FALSE(unwrap(std::string("\x02\x01\x00", 3), body));
  CHECK_FALSE(unwrap(std::string("\x01\x7f\x00", 3), body));
  CHECK_FALSE(unwrap(std::string("\x01\x01\xff\x01", 4), body));
}

TEST_CASE("a request's metadata is bounded") {
  Request request;
  request.headers = {{"content-type", "text/plain"}, {"x-riak-meta-b", "2"}, {"x-riak-meta-a", "1"}, {"host", "x"}};
  const auto envelope = envelope_of(request);
  REQUIRE(envelope);
  CHECK(envelope->meta == Pairs{{"x-riak-meta-a", "1"}, {"x-riak-meta-b", "2"}});
  request.headers.emplace_back("x-riak-meta-big", std::string(kMetaBytesMax, 'x'));
  CHECK_FALSE(envelope_of(request));
  request.headers.pop_back();
  for (std::size_t i = 0; i < kMetaMax; ++i) request.headers.emplace_back("x-riak-meta-" + std::to_string(i), "");
  CHECK_FALSE(envelope_of(request));
}

}  // namespace dkv::http
