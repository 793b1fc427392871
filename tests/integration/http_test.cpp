// The HTTP API with clients that are slow, broken or hostile.
#include <thread>

#include "tests/catch.h"
#include "tests/integration/cluster.h"
#include "tests/integration/socket.h"

using namespace dkv;
using namespace dkv::integration;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

Setup one_node(const std::string& http = {}) {
  return {.nodes = 1, .cluster = {}, .rest = http.empty() ? "" : "http: {" + http + "}"};
}

}  // namespace

TEST_CASE("a request that never ends is answered with 408, and its connection closed") {
  Cluster node(one_node("request: 300ms"));
  Socket slow(node.http(0));
  REQUIRE(slow.send("PUT /buckets/b/keys/k HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf"));
  CHECK_THAT(slow.read_to_end(), StartsWith("HTTP/1.1 408 "));
  Socket slower(node.http(0));
  REQUIRE(slower.send("GET /buckets/b"));
  CHECK_THAT(slower.read_to_end(), StartsWith("HTTP/1.1 408 "));
}

TEST_CASE("a connection without requests is closed after its time") {
  Cluster node(one_node("idle: 200ms"));
  Socket idle(node.http(0));
  CHECK(idle.read_to_end().empty());
}

TEST_CASE("a header or body above the limit is refused before it is read") {
  Cluster node(one_node("header: 2KiB, body: 1KiB"));
  Socket header(node.http(0));
  header.send("GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + std::string(4096, 'x') + "\r\n\r\n");
  CHECK_THAT(header.read_to_end(), StartsWith("HTTP/1.1 431 "));
  Socket body(node.http(0));
  body.send("PUT /buckets/b/keys/k HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1025\r\n\r\n");
  CHECK_THAT(body.read_to_end(), StartsWith("HTTP/1.1 413 "));
  auto client = node.client(0);
  CHECK(put(client, "k", std::string(1024, 'x')) == 204);
}

TEST_CASE("garbage on the HTTP port is answered with 400, and the node serves on") {
  Cluster node(one_node());
  for (const std::string garbage :
       {"hello\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        "PUT /buckets/b/keys/k HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n"}) {
    CAPTURE(garbage);
    Socket stranger(node.http(0));
    stranger.send(garbage);
    const std::string answer = stranger.read_to_end();
    CHECK_THAT(answer, StartsWith("HTTP/1.1 "));
    CHECK((answer.substr(9, 3) == "400" || answer.substr(9, 3) == "505"));
  }
  auto client = node.client(0);
  CHECK(put(client, "k", "v") == 204);
}

TEST_CASE("pipelined requests are answered in their order") {
  Cluster node(one_node());
  std::string requests;
  for (int i = 0; i < 20; ++i) {
    const std::string key = "/buckets/b/keys/" + std::to_string(i);
    const std::string value = "value-" + std::to_string(i) + ";";
    requests += "PUT " + key + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: " +
                std::to_string(value.size()) + "\r\n\r\n" + value;
    requests += "GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n";  // ready at once, but its answer must follow the put's
  }
  for (int i = 0; i < 20; ++i)
    requests += "GET /buckets/b/keys/" + std::to_string(i) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  Socket client(node.http(0));
  REQUIRE(client.send(requests));
  const std::string answers = client.read_until("value-", 20);
  std::size_t at = 0;
  const auto next = [&](const std::string& text) {
    at = answers.find(text, at);
    CAPTURE(text);
    REQUIRE(at != std::string::npos);
    at += text.size();
  };
  for (int i = 0; i < 20; ++i) next("HTTP/1.1 204 "), next("HTTP/1.1 200 "), next("alive\n");
  for (int i = 0; i < 20; ++i) next("HTTP/1.1 200 "), next("value-" + std::to_string(i));
}

TEST_CASE("connections above the limit are closed, and those within it served") {
  Cluster node(one_node("connections: 2"));
  auto client = node.client(0);
  REQUIRE(put(client, "k", "v") == 204);
  Socket second(node.http(0));
  REQUIRE(second.send("GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  second.read_until("alive\n");
  Socket third(node.http(0));
  third.send("GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const std::string answer = third.read_to_end();
  CHECK((answer.empty() || answer.starts_with("HTTP/1.1 503 ")));
  CHECK(get(client, "k") == "v");
}

TEST_CASE("an empty body in chunks whose last bytes come in two pieces is a request like any other") {
  Cluster node(one_node());
  Socket client(node.http(0));
  const std::string request = "GET /ping HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  for (std::size_t cut = 1; cut < request.size(); ++cut) {
    REQUIRE(client.send(request.substr(0, cut)));
    if (cut + 4 > request.size()) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    REQUIRE(client.send(request.substr(cut)));
    CHECK_THAT(client.read_until("OK"), StartsWith("HTTP/1.1 200 "));
  }
  CHECK(node.process(0).running());
}

TEST_CASE("no request is smuggled behind a length that two readers could understand in two ways") {
  Cluster node(one_node());
  const std::string inner =
      "PUT /buckets/b/keys/smuggled HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\npwned";
  for (const std::string head :
       {"PUT /buckets/b/keys/k HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n",
        "PUT /buckets/b/keys/k HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n",
        "PUT /buckets/b/keys/k HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nContent-Length: 1\r\n\r\n",
        "PUT /buckets/b/keys/k HTTP/1.0\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n"}) {
    CAPTURE(head);
    Socket client(node.http(0));
    client.send(head + inner);
    const std::string answer = client.read_to_end();
    CHECK_THAT(answer, StartsWith("HTTP/1.1 400 ") && Contains("Connection: close\r\n"));
    CHECK(answer.find("HTTP/1.1 ", 1) == std::string::npos);
  }
  auto client = node.client(0);
  CHECK(client.get("/buckets/b/keys/smuggled")->status == 404);
}
