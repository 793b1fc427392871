#include "engine/runtime/http/parser.h"

#include <random>

#include "tests/catch.h"

namespace dkv::http {
namespace {

constexpr ParserLimits kSmall{.header_bytes_max = 200, .body_bytes_max = 20};

struct Taken {
  std::vector<Request> requests;
  std::optional<ParseFailure> failure;
};

// As a connection does it: what was not taken comes again with more behind it.
Taken feed(const std::string& bytes, const std::vector<std::size_t>& pieces, const ParserLimits& limits = {}) {
  RequestParser parser(limits);
  Taken taken;
  std::string buffer;
  std::size_t at = 0;
  for (std::size_t piece = 0; at < bytes.size(); ++piece) {
    const std::size_t count = pieces.empty() ? bytes.size() : pieces[piece % pieces.size()];
    buffer += bytes.substr(at, count);
    at += std::min(count, bytes.size() - at);
    for (;;) {
      const std::size_t used = parser.put(buffer);
      buffer.erase(0, used);
      if (parser.failure()) {
        taken.failure = parser.failure();
        return taken;
      }
      if (parser.done()) {
        taken.requests.push_back(parser.take());
      } else if (used == 0) {
        break;
      }
    }
  }
  return taken;
}

const std::string kTwo =
    "PUT /a?w=2 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nX-Riak-Meta-Who: me\r\n\r\nhello"
    "GET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

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
  const Taken taken = feed(
      "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", {4});
  REQUIRE(taken.requests.size() == 1);
  CHECK(taken.requests[0].body == "hello world");
}

TEST_CASE("limits end a request with the status that says which one") {
  const std::string long_header = "GET / HTTP/1.1\r\nHost: " + std::string(300, 'x') + "\r\n\r\n";
  CHECK(feed(long_header, {}, kSmall).failure->status == 431);
  CHECK(feed(long_header, {1}, kSmall).failure->status == 431);
  CHECK(feed("PUT / HTTP/1.1\r\nContent-Length: 21\r\n\r\n", {}, kSmall).failure->status == 413);
  CHECK(feed("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n15\r\n" + std::string(21, 'x') + "\r\n0\r\n\r\n", {},
             kSmall)
            .failure->status == 413);
  CHECK(feed("PUT / HTTP/1.1\r\nContent-Length: 20\r\n\r\n" + std::string(20, 'x'), {}, kSmall).requests.size() == 1);
}

TEST_CASE("what is no HTTP is refused") {
  for (const char* bad : {"\x16\x03\x01\x02hello\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
                          "GET / HTTP/1.1\r\nno colon\r\n\r\n", "PUT / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                          "PUT / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", "GET /%zz HTTP/1.1\r\n\r\n",
                          "GET a HTTP/1.1\r\n\r\n"}) {
    INFO(bad);
    const Taken taken = feed(bad, {});
    REQUIRE(taken.failure);
    CHECK(taken.failure->status >= 400);
    CHECK(taken.requests.empty());
  }
}

TEST_CASE("a client that waits for a 100 is told once") {
  RequestParser parser({});
  parser.put("PUT /a HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  CHECK(parser.wants_continue());
  CHECK_FALSE(parser.wants_continue());
  parser.put("ab");
  CHECK(parser.done());
  CHECK(parser.take().body == "ab");
}

TEST_CASE("no noise makes the parser fail in another way than by saying so") {
  std::mt19937 random(7);
  for (int round = 0; round < 3000; ++round) {
    std::string bytes = kTwo;
    for (std::uint32_t i = 0; i < 1 + random() % 4; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
    const Taken taken = feed(bytes, {1 + random() % 40});
    CHECK(taken.requests.size() <= 3);
  }
}

}  // namespace dkv::http
