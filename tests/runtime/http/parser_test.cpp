#include "engine/runtime/http/parser.h"

#include <random>

#include "tests/catch.h"
#include "tests/runtime/http/parser_feed.h"

namespace dkv::http {
namespace {

constexpr ParserLimits kSmall{.header_bytes_max = 200, .body_bytes_max = 20};

const std::string kTwo =
    "PUT /a?w=2 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nX-Riak-Meta-Who: me\r\n\r\nhello"
    "GET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
const std::string kChunkedHead = "PUT /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

int status_of(const std::string& bytes, const ParserLimits& limits = kSmall) {
  const Taken whole = feed(bytes, {}, limits);
  CHECK(same(whole, feed(bytes, {1}, limits)));
  return whole.failure ? whole.failure->status : 0;
}

}  // namespace

TEST_CASE("requests come out whole, however their bytes are cut") {
  for (const std::vector<std::size_t>& pieces : {std::vector<std::size_t>{}, {1}, {2, 7}, {50}, {3, 1, 60}}) {
    const Taken taken = feed(kTwo, pieces);
    REQUIRE(taken.requests.size() == 2);
    const Request& put = taken.requests[0];
    CHECK(put.method == Method::kPut);
    CHECK(put.segments == std::vector<std::string>{"a"});
    CHECK(*put.parameter("w") == "2");
    CHECK(*put.header("x-riak-meta-who") == "me");
    CHECK(put.body == "hello");
    CHECK(put.keep_alive);
    CHECK(taken.requests[1].method == Method::kGet);
    CHECK_FALSE(taken.requests[1].keep_alive);
  }
}

TEST_CASE("a body in chunks is put together") {
  const Taken taken = feed(kChunkedHead + "5\r\nhello\r\n6;why=\"; not\"\r\n world\r\n0\r\n\r\n", {4});
  REQUIRE(taken.requests.size() == 1);
  CHECK(taken.requests[0].body == "hello world");
}

TEST_CASE("trailers are read and never become headers") {
  const Taken taken =
      feed(kChunkedHead + "1\r\nx\r\n0\r\nX-Riak-Vclock: forged\r\nHost: y\r\nContent-Length: 9\r\n\r\n" +
               "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
           {});
  REQUIRE(taken.requests.size() == 2);
  CHECK(taken.requests[0].header("x-riak-vclock") == nullptr);
  CHECK(*taken.requests[0].header("host") == "x");
  CHECK(taken.requests[0].headers.size() == 2);
}

TEST_CASE("the host of an absolute target counts in place of Host") {
  const Taken taken = feed("GET http://real:8098/a?b=c HTTP/1.1\r\nHost: other\r\n\r\n", {});
  REQUIRE(taken.requests.size() == 1);
  CHECK(*taken.requests[0].header("host") == "real:8098");
  CHECK(taken.requests[0].target == "/a?b=c");
  CHECK(taken.requests[0].segments == std::vector<std::string>{"a"});
  CHECK(*feed("GET HTTP://[::1] HTTP/1.0\r\n\r\n", {}).requests.at(0).header("host") == "[::1]");
}

TEST_CASE("a connection stays as its version and its Connection field say") {
  const auto keeps = [](const std::string& version, const std::string& fields) {
    return feed("GET / HTTP/" + version + "\r\nHost: x\r\n" + fields + "\r\n", {}).requests.at(0).keep_alive;
  };
  CHECK(keeps("1.1", ""));
  CHECK_FALSE(keeps("1.1", "Connection: upgrade, Close\r\n"));
  CHECK_FALSE(keeps("1.1", "Connection: keep-alive\r\nConnection: close\r\n"));
  CHECK_FALSE(keeps("1.0", ""));
  CHECK(keeps("1.0", "Connection: Keep-Alive\r\n"));
}

TEST_CASE("each limit ends a request with its own status") {
  CHECK(status_of("GET / HTTP/1.1\r\nHost: " + std::string(300, 'x') + "\r\n\r\n") == 431);
  CHECK(status_of("GET /" + std::string(300, 'x') + " HTTP/1.1\r\nHost: x\r\n\r\n") == 414);
  CHECK(status_of("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 21\r\n\r\n") == 413);
  CHECK(status_of(kChunkedHead + "15\r\n" + std::string(21, 'x') + "\r\n0\r\n\r\n") == 413);
  CHECK(status_of(kChunkedHead + "ffffffffffffffffffffff\r\n") == 413);
  CHECK(status_of("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n" + std::string(20, 'x')) == 0);
}

TEST_CASE("the bytes around the chunks count against the header's limit") {
  CHECK(status_of(kChunkedHead + "1;" + std::string(200, 'e')) == 431);
  CHECK(status_of(kChunkedHead + std::string(200, '0')) == 431);
  CHECK(status_of(kChunkedHead + "0\r\nA: " + std::string(200, 't')) == 431);
  CHECK(status_of(kChunkedHead + "0\r\nA: " + std::string(60, 't') + "\r\nB: " + std::string(100, 't')) == 431);
  std::string many = kChunkedHead;
  for (int i = 0; i < 100; ++i) many += "1;e=abcdef\r\nx\r\n";
  CHECK(status_of(many, {.header_bytes_max = 200, .body_bytes_max = 1000}) == 431);
  // Chunks of reasonable size are allowed the overhead of their lines.
  std::string fair = kChunkedHead;
  for (int i = 0; i < 1000; ++i) fair += "8\r\n12345678\r\n";
  CHECK(feed(fair + "0\r\n\r\n", {}, {.header_bytes_max = 200, .body_bytes_max = 8000}).requests.size() == 1);
}

TEST_CASE("fields are counted, for each takes more memory than its bytes") {
  std::string head = "GET / HTTP/1.1\r\nHost: x\r\n";
  for (std::size_t i = 1; i < kFieldsMax; ++i) head += "a:\r\n";
  CHECK(status_of(head + "\r\n", {}) == 0);
  CHECK(status_of(head + "a:\r\n\r\n", {}) == 431);
}

TEST_CASE("a client that waits for a 100 gets one, and a client of HTTP/1.0 none") {
  RequestParser parser({});
  parser.put("PUT /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  CHECK(parser.wants_continue());
  CHECK_FALSE(parser.wants_continue());
  parser.put("ab");
  CHECK(parser.done());
  CHECK(parser.take().body == "ab");
  parser.put("PUT /a HTTP/1.0\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  CHECK_FALSE(parser.wants_continue());
  RequestParser early({});
  early.put("PUT /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  early.put("a");
  CHECK_FALSE(early.wants_continue());
}

TEST_CASE("nothing is taken behind a failure or behind a whole request") {
  RequestParser parser({});
  const std::size_t head = kTwo.find("hello");
  CHECK(parser.put(kTwo) == head);
  CHECK(parser.put(kTwo.substr(head)) == 5);
  CHECK(parser.put("more") == 0);
  RequestParser bad({});
  bad.put("GET / HTTP/1.1\r\nbad\r\n");
  CHECK(bad.failure()->status == 400);
  CHECK(bad.put("Host: x\r\n\r\n") == 0);
  CHECK_FALSE(bad.done());
}

TEST_CASE("a head can be judged before its body is waited for, and taken without it") {
  for (const std::string& head : {kTwo.substr(0, kTwo.find("hello")), kChunkedHead}) {
    RequestParser parser({});
    CHECK(parser.put(head.substr(0, head.size() - 1)) == head.size() - 1);
    CHECK_FALSE(parser.in_body());
    CHECK(parser.put("\n5\r\nhello") == 1);
    CHECK(parser.in_body());
    CHECK(*parser.head().header("host") == "x");
    CHECK(parser.take_head().method == Method::kPut);
    CHECK_FALSE(parser.begun());
    CHECK(parser.held_bytes() < 100);
  }
  // Without a body the request is whole.
  RequestParser parser({});
  parser.put("DELETE /a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
  CHECK_FALSE(parser.in_body());
  CHECK(parser.done());
}

TEST_CASE("a cleared parser has given its memory back") {
  RequestParser parser({});
  parser.put(kChunkedHead);
  parser.put("186a0\r\n" + std::string(100'000, 'x'));
  CHECK(parser.held_bytes() >= 100'000);
  parser.clear();
  CHECK(parser.held_bytes() < 100);
  // A short chunked body must not keep the capacity of the long one before it.
  parser.put(kChunkedHead);
  parser.put("1\r\nx");
  CHECK(parser.held_bytes() < 1000);
}

TEST_CASE("noise gives one result, wherever it is cut") {
  std::mt19937 random(7);
  const std::string chunked = kChunkedHead + "5;a=b\r\nhello\r\n0\r\nT: v\r\n\r\n";
  for (int round = 0; round < 3000; ++round) {
    std::string bytes = kTwo + chunked;
    for (std::uint32_t i = 0; i < 1 + random() % 4; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
    const Taken whole = feed(bytes, {});
    INFO(bytes);
    REQUIRE(same(whole, feed(bytes, {1 + random() % 40})));
    REQUIRE(same(whole, feed(bytes, {1})));
  }
}

}  // namespace dkv::http
