// Conditional requests to a real node.
#include "tests/catch.h"
#include "tests/integration/cluster.h"

using namespace dkv;
using namespace dkv::integration;

namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

constexpr const char* kLongAgo = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr const char* kFarAhead = "Sat, 01 Jan 2101 00:00:00 GMT";

cli::HttpAnswer conditional(const Cluster& node, const std::string& method, const std::string& target,
                            const Headers& headers = {}, const std::string& body = {}) {
  auto client = node.client(0);
  const auto answer = client.ask({.method = method, .target = target, .headers = headers, .body = body});
  if (!answer) FAIL(answer.error().what);
  return *answer;
}

std::string header_in(const cli::HttpAnswer& answer, const char* name) {
  const std::string* value = answer.header(name);
  REQUIRE(value != nullptr);
  return *value;
}

}  // namespace

TEST_CASE("reads and writes of a real node honour the four preconditions, on both sets of routes") {
  Cluster node({.nodes = 1, .cluster = {}, .rest = {}});
  const std::string key = GENERATE("/buckets/default/keys/k", "/api/v1/kv/k");
  CAPTURE(key);
  const Headers text{{"Content-Type", "text/plain"}};
  const auto status = [&](const std::string& method, Headers headers, const std::string& body = {}) {
    headers.insert(headers.end(), text.begin(), text.end());
    return conditional(node, method, key, headers, body).status;
  };
  CHECK(status("PUT", {{"If-Match", "*"}}, "v") == 412);
  CHECK(status("GET", {}) == 404);
  CHECK(status("GET", {{"If-Match", "*"}}) == 404);
  CHECK(status("DELETE", {{"If-Match", "*"}}) == 404);
  CHECK(status("PUT", {{"If-None-Match", "*"}}, "v") / 100 == 2);
  CHECK(status("PUT", {{"If-None-Match", "*"}}, "w") == 412);

  const auto got = conditional(node, "GET", key);
  const std::string tag = header_in(got, "ETag"), date = header_in(got, "Last-Modified");
  for (const std::string method : {"GET", "HEAD"}) {
    CAPTURE(method);
    CHECK(status(method, {{"If-None-Match", "\"x\", W/" + tag}}) == 304);
    CHECK(status(method, {{"If-None-Match", "\"x\""}}) == 200);
    CHECK(status(method, {{"If-Modified-Since", date}}) == 304);
    CHECK(status(method, {{"If-Modified-Since", kLongAgo}}) == 200);
    CHECK(status(method, {{"If-Match", tag}}) == 200);
    CHECK(status(method, {{"If-Match", "W/" + tag}}) == 412);
    CHECK(status(method, {{"If-Unmodified-Since", kLongAgo}}) == 412);
    CHECK(status(method, {{"If-Unmodified-Since", date}}) == 200);
  }
  const auto unchanged = conditional(node, "GET", key, {{"If-None-Match", tag}});
  CHECK(unchanged.body.empty());
  CHECK(header_in(unchanged, "ETag") == tag);

  CHECK(status("PUT", {{"If-Unmodified-Since", kLongAgo}}, "w") == 412);
  CHECK(status("DELETE", {{"If-Match", "\"x\""}}) == 412);
  CHECK(status("DELETE", {{"If-None-Match", tag}}) == 412);
  CHECK(status("DELETE", {{"If-Unmodified-Since", kLongAgo}}) == 412);
  CHECK(conditional(node, "GET", key).body == got.body);
  CHECK(status("DELETE", {{"If-Match", tag}, {"If-Unmodified-Since", kLongAgo}}) / 100 == 2);
  CHECK(status("GET", {}) == 404);
  CHECK(status("PUT", {{"If-None-Match", "*"}}, "again") / 100 == 2);
  CHECK(status("DELETE", {{"If-Unmodified-Since", kFarAhead}}) / 100 == 2);
  CHECK(status("GET", {}) == 404);
}
