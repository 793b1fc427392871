#include "engine/runtime/http/door.h"

#include "tests/gateway/api_rig.h"

using Catch::Matchers::Contains;

namespace dkv::http {
namespace {

const DoorPolicy kLoopback{.origins = {{"https://shop.example"}},
                           .hosts = {.loopback = true, .own = "127.0.0.1", .names = {}}};

Request request_of(Method method, const std::string& target, Pairs headers) {
  Request made;
  REQUIRE(take_target(target, made));
  made.method = method;
  made.headers = std::move(headers);
  return made;
}

}  // namespace

TEST_CASE("the host is judged first, then the origin, and each refusal gives advice") {
  const auto misled = judge_request(
      kLoopback,
      request_of(Method::kGet, "/ping", {{"host", "evil.example:8098"}, {"origin", "http://evil.example:8098"}}));
  CHECK(misled.status == 421);
  CHECK_THAT(misled.what, Contains("'evil.example:8098'") && Contains("http.hosts"));
  const auto foreign = judge_request(
      kLoopback, request_of(Method::kPut, "/riak/b/k", {{"host", "localhost"}, {"origin", "https://evil.example"}}));
  CHECK(foreign.status == 403);
  CHECK_THAT(foreign.what, Contains("'https://evil.example'") && Contains("http.allow_origins"));
  CHECK(judge_request(kLoopback, request_of(Method::kPut, "/riak/b/k", {{"host", "localhost"}})).status == 0);
}

TEST_CASE("a repeated header names nothing") {
  CHECK(
      judge_request(kLoopback, request_of(Method::kGet, "/", {{"host", "localhost"}, {"host", "localhost"}})).status ==
      421);
  CHECK(judge_request(
            kLoopback,
            request_of(Method::kPut, "/riak/b/k",
                       {{"host", "localhost"}, {"origin", "https://shop.example"}, {"origin", "https://evil.example"}}))
            .status == 403);
}

TEST_CASE("an administrator's route is known by its path, however that is written") {
  for (const char* path : {"/api/v1/admin/stats", "//api/v1/%61dmin/keys/k?bucket=b", "/api/v1/admin"}) {
    CAPTURE(path);
    const Pairs headers{{"host", "localhost"}, {"origin", "https://evil.example"}};
    CHECK(judge_request(kLoopback, request_of(Method::kGet, path, headers)).status == 403);
  }
  CHECK(judge_request(kLoopback,
                      request_of(Method::kGet, "/stats", {{"host", "localhost"}, {"origin", "https://evil.example"}}))
            .status == 0);
}

TEST_CASE("a preflight is answered for a listed origin only, and varies by it") {
  const Pairs asked{{"host", "localhost"},
                    {"origin", "https://shop.example"},
                    {"access-control-request-method", "PUT"},
                    {"access-control-request-headers", "x-riak-vclock"}};
  const Request listed = request_of(Method::kOptions, "/riak/b/k", asked);
  const DoorVerdict verdict = judge_request(kLoopback, listed);
  CHECK(verdict.status == 0);
  Response response = options_response(listed, verdict.origin);
  add_origin_headers(verdict.origin, response);
  CHECK(response.status == 204);
  CHECK(ApiRig::header(response, "Access-Control-Allow-Origin") == "https://shop.example");
  CHECK_THAT(ApiRig::header(response, "Access-Control-Allow-Methods"), Contains("DELETE"));
  CHECK(ApiRig::header(response, "Access-Control-Allow-Headers") == "x-riak-vclock");
  CHECK(ApiRig::header(response, "Vary") == "Origin");

  Pairs foreign = asked;
  foreign[1].second = "https://evil.example";
  const DoorVerdict refused = judge_request(kLoopback, request_of(Method::kOptions, "/riak/b/k", foreign));
  CHECK(refused.status == 403);
  CHECK(refused.origin.allow.empty());
  CHECK(refused.origin.vary);
}

TEST_CASE("OPTIONS without an origin names the methods, and has no headers for pages") {
  const Request plain = request_of(Method::kOptions, "/", {{"host", "localhost"}});
  const DoorVerdict verdict = judge_request(kLoopback, plain);
  const Response response = options_response(plain, verdict.origin);
  CHECK(ApiRig::header(response, "Allow") == "GET, HEAD, PUT, POST, DELETE, OPTIONS");
  CHECK(ApiRig::header(response, "Access-Control-Allow-Methods").empty());
}

}  // namespace dkv::http
