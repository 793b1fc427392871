// Attacks by web pages on a real node: foreign origins, and host names that an attacker points at it.
#include "tests/catch.h"
#include "tests/integration/cluster.h"
#include "tests/integration/socket.h"

using namespace dkv;
using namespace dkv::integration;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

Setup page_target(const std::string& http) {
  return {.nodes = 1, .cluster = {}, .rest = "http: {" + http + "}"};
}

// Head and body of the answer. headers: complete lines.
std::string page_asks(const Cluster& node, const std::string& request_line, const std::string& headers,
                      const std::string& body = {}) {
  Socket client(node.http(0));
  REQUIRE(client.send(request_line + " HTTP/1.1\r\nConnection: close\r\nContent-Length: " +
                      std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body));
  return client.read_to_end();
}

const std::string kLocal = "Host: localhost\r\n";
const std::string kEvil = "Origin: https://evil.example\r\n";
const std::string kShop = "Origin: https://shop.example\r\n";

}  // namespace

TEST_CASE("a page of a site that is not listed changes nothing and cannot read the answer") {
  Cluster node(page_target("request: 5s"));
  auto client = node.client(0);
  REQUIRE(put(client, "k", "mine") == 204);
  for (const std::string target : {"/buckets/default/keys/k", "/api/v1/kv/k", "/riak/default/k"}) {
    for (const std::string method : {"PUT ", "POST ", "DELETE "}) {
      CAPTURE(method, target);
      const std::string answer = page_asks(node, method + target, kLocal + kEvil, "theirs");
      CHECK_THAT(answer, StartsWith("HTTP/1.1 403 ") && Contains("http.allow_origins"));
      CHECK_THAT(answer, !Contains("Access-Control-"));
    }
  }
  CHECK_THAT(page_asks(node, "POST /buckets/default/keys", kLocal + kEvil, "x"), StartsWith("HTTP/1.1 403 "));
  CHECK_THAT(page_asks(node, "GET /api/v1/admin/stats", kLocal + kEvil), StartsWith("HTTP/1.1 403 "));
  const std::string preflight =
      page_asks(node, "OPTIONS /api/v1/kv/k", kLocal + kEvil + "Access-Control-Request-Method: PUT\r\n");
  CHECK_THAT(preflight, StartsWith("HTTP/1.1 403 ") && Contains("Vary: Origin\r\n"));
  CHECK_THAT(preflight, !Contains("Access-Control-"));
  const std::string read = page_asks(node, "GET /buckets/default/keys/k", kLocal + kEvil);
  CHECK_THAT(read, StartsWith("HTTP/1.1 200 ") && Contains("mine"));
  CHECK_THAT(read, !Contains("Access-Control-"));
  CHECK(get(client, "k") == "mine");
}

TEST_CASE("each request of a connection is judged by its own head") {
  Cluster node(page_target("request: 5s"));
  auto client = node.client(0);
  Socket connection(node.http(0));
  const std::string put = "PUT /buckets/default/keys/k HTTP/1.1\r\n" + kLocal;
  REQUIRE(connection.send(put + "Content-Length: 4\r\n\r\nmine" + put + kEvil + "Content-Length: 0\r\n\r\n" +
                          "DELETE /buckets/default/keys/k HTTP/1.1\r\n" + kLocal + kEvil + "\r\n" + put + kEvil +
                          "Content-Length: 6\r\n\r\ntheirs"));
  const std::string answers = connection.read_to_end();
  CHECK_THAT(answers, StartsWith("HTTP/1.1 204 "));
  std::size_t refused = 0;
  for (std::size_t at = answers.find("HTTP/1.1 403 "); at != std::string::npos;
       at = answers.find("HTTP/1.1 403 ", at + 1))
    ++refused;
  CHECK(refused == 3);
  CHECK(get(client, "k") == "mine");
}

TEST_CASE("a page that is listed may write and read, and the node's own page may write") {
  Cluster node(page_target("allow_origins: ['https://shop.example', 'http://localhost:3000']"));
  const std::string preflight = page_asks(
      node, "OPTIONS /api/v1/kv/k",
      kLocal + kShop + "Access-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: x-riak-vclock\r\n");
  CHECK_THAT(preflight,
             StartsWith("HTTP/1.1 204 ") && Contains("Access-Control-Allow-Origin: https://shop.example\r\n") &&
                 Contains("Vary: Origin\r\n") && Contains("Access-Control-Allow-Headers: x-riak-vclock\r\n"));
  const std::string written = page_asks(node, "PUT /api/v1/kv/k", kLocal + kShop, "v");
  CHECK_THAT(written, StartsWith("HTTP/1.1 200 ") && Contains("Access-Control-Allow-Origin: https://shop.example\r\n"));
  CHECK_THAT(page_asks(node, "PUT /api/v1/kv/k", kLocal + kEvil, "v"), StartsWith("HTTP/1.1 403 "));
  const std::string own = "127.0.0.1:" + std::to_string(node.http(0).port);
  CHECK_THAT(page_asks(node, "PUT /api/v1/kv/k", "Host: " + own + "\r\nOrigin: http://" + own + "\r\n", "v"),
             StartsWith("HTTP/1.1 200 "));
}

TEST_CASE("a star lets every page in, and only because it was written") {
  Cluster node(page_target("allow_origins: ['*']"));
  CHECK_THAT(page_asks(node, "PUT /api/v1/kv/k", kLocal + kEvil, "v"),
             StartsWith("HTTP/1.1 200 ") && Contains("Access-Control-Allow-Origin: *\r\n"));
}

TEST_CASE("a name that was made to lead to a node on loopback is misdirected, unless it is listed") {
  Cluster node(page_target("hosts: [store.example]"));
  const std::string port = ":" + std::to_string(node.http(0).port);
  for (const std::string good : {"localhost", "127.0.0.1", "127.0.0.77", "[::1]", "store.example"}) {
    CAPTURE(good);
    CHECK_THAT(page_asks(node, "GET /live", "Host: " + good + "\r\n"), StartsWith("HTTP/1.1 200 "));
    CHECK_THAT(page_asks(node, "GET /live", "Host: " + good + port + "\r\n"), StartsWith("HTTP/1.1 200 "));
  }
  for (const std::string bad : {"evil.example", "127.0.0.1.evil.example", "10.0.0.1", "x.store.example"}) {
    CAPTURE(bad);
    // The origin of the page is the same name as the host.
    const std::string page = "Host: " + bad + port + "\r\nOrigin: http://" + bad + port + "\r\n";
    CHECK_THAT(page_asks(node, "PUT /buckets/default/keys/k", page, "theirs"),
               StartsWith("HTTP/1.1 421 Misdirected Request\r\n") && Contains("http.hosts"));
    CHECK_THAT(page_asks(node, "GET /buckets/default/keys/k", "Host: " + bad + port + "\r\n"),
               StartsWith("HTTP/1.1 421 "));
  }
  CHECK(node.client(0).get("/buckets/default/keys/k")->status == 404);
}
