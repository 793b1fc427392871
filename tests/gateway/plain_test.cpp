#include "engine/gateway/plain.h"

#include <nlohmann/json.hpp>

#include "tests/gateway/api_rig.h"

using Catch::Matchers::Contains;

namespace dkv::http {
namespace {

const std::string kKey = "/api/v1/kv/k";
const Pairs kJson = {{"content-type", "application/json"}};

nlohmann::json json(const Response& response) {
  return nlohmann::json::parse(response.body);
}

}  // namespace

TEST_CASE("a value put as JSON comes back as the value that it is") {
  ApiRig rig;
  for (const char* value : {"\"text\"", "1", "true", "null", "[1,2]", "{\"a\":{\"b\":1}}"}) {
    const Response put = rig.put(kKey, std::string("{\"value\":") + value + "}", kJson);
    CHECK(put.status == 200);
    CHECK(json(put)["key"] == "k");
    CHECK(json(put)["status"] == "stored");
    CHECK(json(put)["value"] == nlohmann::json::parse(value));
    const Response got = rig.get(kKey);
    CHECK(got.status == 200);
    CHECK(json(got)["value"] == nlohmann::json::parse(value));
  }
}

TEST_CASE("a raw body is the value, as curl sends it") {
  ApiRig rig;
  const Pairs form = {{"content-type", "application/x-www-form-urlencoded"}};
  rig.put(kKey, "world", form);
  CHECK(json(rig.get(kKey))["value"] == "world");
  rig.put(kKey, "{\"value\":\"inside\"}", form);
  CHECK(json(rig.get(kKey))["value"] == "inside");
  rig.put(kKey, "{no json", form);
  CHECK(json(rig.get(kKey))["value"] == "{no json");
  rig.put(kKey, std::string("\xff\x00\x01", 3), {{"content-type", "application/octet-stream"}});
  CHECK(json(rig.get(kKey))["value"] == "/wAB");
  CHECK(json(rig.get(kKey))["encoding"] == "base64");
}

TEST_CASE("a plain put replaces the stored value, and makes no sibling") {
  ApiRig rig;
  rig.put(kKey, "one");
  rig.put(kKey, "two");
  CHECK(rig.get(kKey).status == 200);
  CHECK(json(rig.get(kKey))["value"] == "two");
}

TEST_CASE("a put with a context that has not seen everything makes a sibling, and a get shows both") {
  ApiRig rig;
  const std::string context = json(rig.put(kKey, "one"))["context"];
  rig.put(kKey, "two");
  const Response put = rig.put(kKey, nlohmann::json{{"value", "three"}, {"context", context}}.dump(), kJson);
  CHECK(put.status == 200);
  const Response got = rig.get(kKey);
  CHECK(got.status == 300);
  REQUIRE(json(got)["siblings"].size() == 2);
  const std::string both = json(got)["context"];
  CHECK(rig.put(kKey, nlohmann::json{{"value", "merged"}, {"context", both}}.dump(), kJson).status == 200);
  CHECK(json(rig.get(kKey))["value"] == "merged");
}

TEST_CASE("a delete removes the stored value, and the next one finds nothing") {
  ApiRig rig;
  CHECK(rig.call(Method::kDelete, kKey).status == 404);
  rig.put(kKey, "one");
  const Response gone = rig.call(Method::kDelete, kKey);
  CHECK(gone.status == 200);
  CHECK(json(gone) == nlohmann::json{{"key", "k"}, {"status", "deleted"}});
  const Response got = rig.get(kKey);
  CHECK(got.status == 404);
  CHECK(json(got)["error"] == "not found");
  CHECK(json(got)["status"] == 404);
  CHECK(json(got)["timestamp"].is_number());
  CHECK(rig.call(Method::kDelete, kKey).status == 404);
}

TEST_CASE("buckets are separate, and Riak's routes show the same objects") {
  ApiRig rig;
  rig.put(kKey + "?bucket=b", "there", {{"content-type", "text/plain"}});
  CHECK(rig.get(kKey).status == 404);
  CHECK(rig.get("/buckets/b/keys/k").body == "there");
}

TEST_CASE("a request with unknown words is refused, and the answer names them") {
  ApiRig rig;
  CHECK_THAT(rig.put(kKey, "{\"valeu\":1}", kJson).body, Contains("\\\"value\\\""));
  CHECK_THAT(rig.put(kKey, "{\"value\":1,\"tttl\":\"1s\"}", kJson).body, Contains("did you mean 'ttl'?"));
  CHECK(rig.put(kKey, "[1]", kJson).status == 400);
  CHECK(rig.put(kKey, "{", kJson).status == 400);
  CHECK(rig.put(kKey, "{\"value\":1,\"context\":\"?\"}", kJson).status == 400);
  CHECK(rig.put(kKey, "{\"value\":1,\"ttl\":\"soon\"}", kJson).status == 400);
  CHECK(rig.get("/api/v1/kv/a/b").status == 404);
  CHECK(rig.get(kKey + "?rr=1").status == 400);
  CHECK(rig.call(Method::kPost, kKey, "x").status == 405);
  CHECK(rig.asks() == 0);
}

TEST_CASE("a time to live is in the body or in the query") {
  ApiRig rig;
  rig.put(kKey, "{\"value\":1,\"ttl\":\"30s\"}", kJson);
  CHECK(rig.asked().ttl_ns == 30 * kSecond);
  rig.put(kKey + "?ttl=1h", "x");
  CHECK(rig.asked().ttl_ns == 3600 * kSecond);
}

TEST_CASE("a plain read has a tag and a date, and is spared the body that it has") {
  ApiRig rig;
  rig.put(kKey, "one");
  const Response got = rig.get(kKey);
  const std::string tag = ApiRig::header(got, "ETag");
  CHECK(tag.size() == 18);
  const Response unchanged = rig.get(kKey, {{"if-none-match", tag}});
  CHECK(unchanged.status == 304);
  CHECK(unchanged.body.empty());
  CHECK(ApiRig::header(unchanged, "ETag") == tag);
  CHECK(rig.get(kKey, {{"if-modified-since", ApiRig::header(got, "Last-Modified")}}).status == 304);
  CHECK(rig.get(kKey, {{"if-match", "\"x\""}}).status == 412);
  rig.put(kKey, "two");
  CHECK(rig.get(kKey, {{"if-none-match", tag}}).status == 200);
}

TEST_CASE("a plain write is made only when its precondition holds, with a context and without") {
  ApiRig rig;
  CHECK(rig.put(kKey, "one", {{"if-match", "*"}}).status == 412);
  CHECK(rig.put(kKey, "one", {{"if-none-match", "*"}}).status == 200);
  const Response got = rig.get(kKey);
  const Pairs with_context{{"if-none-match", "*"}, {"x-riak-vclock", ApiRig::context(got)}};
  CHECK(rig.put(kKey, "two", with_context).status == 412);
  CHECK(rig.call(Method::kDelete, kKey, {}, with_context).status == 412);
  CHECK(json(rig.get(kKey))["value"] == "one");
  CHECK(rig.put(kKey, "two", {{"if-match", ApiRig::header(got, "ETag")}}).status == 200);
  CHECK(rig.put(kKey, "three", {{"if-match", ApiRig::header(got, "ETag")}}).status == 412);
  CHECK(json(rig.get(kKey))["value"] == "two");
}

TEST_CASE("a conditional plain delete removes the versions of its read, and a later write stays") {
  ApiRig rig;
  rig.put(kKey, "one");
  const std::string tag = ApiRig::header(rig.get(kKey), "ETag");
  rig.before_next(RequestKind::kDelete, [&] { rig.put("/buckets/default/keys/k", "raced"); });
  CHECK(rig.call(Method::kDelete, kKey, {}, {{"if-match", tag}}).status == 200);
  const Response left = rig.get(kKey);
  CHECK_THAT(left.body, Contains("raced"));
  CHECK_THAT(left.body, !Contains("\"one\""));
}

}  // namespace dkv::http
