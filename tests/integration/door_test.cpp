// Attacks on the ports of a real node by strangers that know the protocols.
#include "engine/protocol/codec.h"
#include "engine/runtime/net/hello.h"
#include "tests/catch.h"
#include "tests/integration/cluster.h"
#include "tests/integration/socket.h"
#include "tests/runtime/http/rows.h"

using namespace dkv;
using namespace dkv::integration;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

Setup door_node(const std::string& http, const std::string& log = {}) {
  return {.nodes = 1, .cluster = {}, .rest = "http: {" + http + "}" + (log.empty() ? "" : "\nlog: {" + log + "}")};
}

std::size_t answers_in(const std::string& bytes) {
  std::size_t found = 0;
  for (std::size_t at = bytes.find("HTTP/1.1 "); at != std::string::npos; at = bytes.find("HTTP/1.1 ", at + 1)) ++found;
  return found;
}

std::size_t lines_in(const std::string& log, const std::string& text) {
  std::size_t found = 0;
  for (std::size_t at = log.find(text); at != std::string::npos; at = log.find(text, log.find('\n', at))) ++found;
  return found;
}

constexpr std::size_t kStrangersMax = 64;  // the value of PeerLinks::kStrangersMax
const std::string kPutK = "PUT /buckets/b/keys/k HTTP/1.1\r\nHost: localhost\r\n";
const std::string kPutKChunked = kPutK + "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n";

}  // namespace

TEST_CASE("a node answers each malformed or unusual request as the specification asks") {
  Cluster node(door_node("hosts: [x]"));
  for (const http::Row& row : http::all_rows()) {
    INFO(row.bytes.substr(0, 500));
    Socket client(node.http(0));
    // A refused client may find its connection closed while it still sends.
    const bool sent = client.send(row.bytes);
    if (row.status <= 0) {
      REQUIRE(sent);
      client.end_sending();
    }
    const std::string answer = client.read_to_end();
    if (row.status == http::kTaken) {
      REQUIRE(answers_in(answer) == row.requests);
    } else if (row.status == http::kWaits) {
      REQUIRE(answer.empty());
    } else {
      REQUIRE_THAT(answer,
                   StartsWith("HTTP/1.1 " + std::to_string(row.status) + " ") && Contains("Connection: close\r\n"));
    }
  }
  CHECK(node.process(0).running());
}

TEST_CASE("the bytes around a body's chunks are limited as the header is") {
  Cluster node(door_node("header: 4KiB"));
  const std::string long_text(1'000'000, 'a');
  std::string tiny_chunks, short_trailers;
  for (int i = 0; i < 1000; ++i) {
    tiny_chunks += "1;extension=value\r\nx\r\n";
    short_trailers += "A: b\r\n";
  }
  for (const std::string& rest :
       {"5;" + long_text, tiny_chunks, "0\r\n" + short_trailers, "0\r\nA: " + long_text, std::string(5000, '0')}) {
    INFO(rest.substr(0, 100));
    Socket client(node.http(0));
    client.send(kPutKChunked + rest);
    CHECK_THAT(client.read_to_end(), StartsWith("HTTP/1.1 431 "));
  }
}

TEST_CASE("trailers never become headers") {
  Cluster node(door_node("request: 5s"));
  Socket client(node.http(0));
  REQUIRE(client.send(kPutKChunked + "1\r\nv\r\n0\r\nX-Riak-Meta-Forged: yes\r\nContent-Type: text/html\r\n"
                                     "If-None-Match: *\r\nOrigin: https://evil.example\r\nConnection: close\r\n\r\n"
                                     "GET /buckets/b/keys/k HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
  const std::string answers = client.read_to_end();
  CHECK_THAT(answers, StartsWith("HTTP/1.1 204 ") && Contains("HTTP/1.1 200 ") && Contains("\r\n\r\nv"));
  CHECK_THAT(answers, Contains("Content-Type: text/plain\r\n") && !Contains("orged"));
}

TEST_CASE("a refused page or host name is answered before its body is awaited") {
  Cluster node(door_node("request: 1h, idle: 1h"));
  for (const auto& [fields, status] :
       {std::pair{"Host: localhost\r\nOrigin: https://evil.example\r\n", "403"}, {"Host: evil.example\r\n", "421"}}) {
    for (const std::string body : {"Content-Length: 1000000\r\n", "Content-Length: 1000000\r\nExpect: 100-continue\r\n",
                                   "Transfer-Encoding: chunked\r\n"}) {
      CAPTURE(fields, body);
      Socket page(node.http(0));
      REQUIRE(page.send(std::string("PUT /api/v1/kv/k HTTP/1.1\r\n") + fields + body + "\r\n"));
      const std::string answer = page.read_to_end();
      CHECK_THAT(answer, StartsWith(std::string("HTTP/1.1 ") + status + " ") && Contains("Connection: close\r\n"));
      CHECK(answers_in(answer) == 1);
    }
  }
  // Without a body the connection stays open.
  Socket page(node.http(0));
  REQUIRE(page.send("DELETE /api/v1/kv/k HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n\r\n"));
  page.read_until("HTTP/1.1 403 ");
  REQUIRE(page.send("GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  page.read_until("HTTP/1.1 200 ");
}

TEST_CASE("others are answered while a large JSON value is read") {
  Cluster node(door_node("request: 1h"));
  std::string value;
  while (value.size() < 12'000'000) value += "a line with \\\"escapes\\\" and \\u20ac\\n";
  const std::string body = "{\"value\": \"" + value + "\"}";
  const std::string head = "PUT /api/v1/kv/k HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
  Socket large(node.http(0)), other(node.http(0));
  REQUIRE(large.send(head + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                     body.substr(0, body.size() - 1)));
  REQUIRE(large.send("}"));
  int answered = 0;
  while (!large.has_bytes()) {
    REQUIRE(other.send("GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    other.read_until("\r\n\r\nOK");
    ++answered;
  }
  CHECK(answered >= 4);  // in one turn, it would be one or two
  CHECK_THAT(large.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 200 "));
}

TEST_CASE("strangers that say nothing on the peer port keep no newcomer waiting") {
  Cluster cluster({.nodes = 2, .cluster = {}, .rest = {}});
  std::vector<Socket> silent;
  for (std::size_t i = 0; i < kStrangersMax; ++i) silent.emplace_back(cluster.peer(0));
  Socket newcomer(cluster.peer(0));
  const Hello hello{
      .from = 1, .to = 0, .incarnation = 1, .membership = 1, .folder = {}, .text = "guess", .settings = {}};
  REQUIRE(newcomer.send(encode_hello(hello)));
  CHECK(decode_hello(newcomer.read_to_end()));
  CHECK(silent.front().read_to_end().empty());
  CHECK(cluster.event(0, "peer_unreachable") == 0);
}

TEST_CASE("strangers fill no log: one line a second and kind, and a count of the others") {
  constexpr int kTimes = 1000;
  Cluster cluster({.nodes = 2, .cluster = {}, .rest = {}});
  for (int i = 0; i < kTimes; ++i) {
    Socket garbage(cluster.peer(0));
    garbage.send("GET / HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n");
    garbage.read_to_end();
  }
  Socket client(cluster.http(0));
  for (int i = 0; i < kTimes; ++i) {
    REQUIRE(client.send("GET /buckets HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    client.read_until("every node\n");
  }
  CHECK(cluster.log_says(0, " lines like this one: closed a peer's connection: "));
  CHECK(cluster.log_says(0, " lines like this one: request method=GET target=/buckets status=501 "));
  CHECK(lines_in(cluster.log(0), "closed a peer's connection: ") < kTimes / 4);
  CHECK(lines_in(cluster.log(0), "status=501") < kTimes / 4);
}
