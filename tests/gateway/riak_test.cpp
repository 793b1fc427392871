#include "engine/gateway/riak.h"

#include "engine/gateway/envelope.h"
#include "engine/input/units.h"
#include "tests/gateway/api_rig.h"

using Catch::Matchers::Contains;

namespace dkv::http {
namespace {

const std::string kRiakKey = "/buckets/b/keys/k";

// Writes two versions that have not seen each other.
void make_siblings(ApiRig& rig) {
  CHECK(rig.put(kRiakKey, "one", {{"content-type", "text/plain"}}).status == 204);
  CHECK(rig.put(kRiakKey, "two", {{"content-type", "text/html"}, {"x-riak-meta-who", "me"}}).status == 204);
}

std::size_t count(const std::string& text, const std::string& word) {
  std::size_t found = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("a value comes back with its type, its metadata and a tag") {
  ApiRig rig;
  const Response put = rig.put(kRiakKey, "{\"a\":1}",
                               {{"content-type", "application/json"}, {"x-riak-meta-who", "me"}, {"link", "</x>"}});
  CHECK(put.status == 204);
  CHECK_FALSE(ApiRig::context(put).empty());
  CHECK(ApiRig::header(put, "X-Acks") == "total=1;primary=1;hinted=0;need=1");
  const Response got = rig.get(kRiakKey);
  CHECK(got.status == 200);
  CHECK(got.content_type == "application/json");
  CHECK(got.body == "{\"a\":1}");
  CHECK(ApiRig::header(got, "x-riak-meta-who") == "me");
  CHECK(ApiRig::header(got, "link") == "</x>");
  CHECK(ApiRig::context(got) == ApiRig::context(put));
  CHECK(ApiRig::header(got, "ETag").size() == 18);
  CHECK_THAT(ApiRig::header(got, "Last-Modified"), Contains("GMT"));
}

TEST_CASE("the older routes and the newer ones name the same objects") {
  ApiRig rig;
  CHECK(rig.put("/riak/b/k", "old").status == 204);
  CHECK(rig.get(kRiakKey).body == "old");
}

TEST_CASE("a key that was never written is not found, without a context") {
  ApiRig rig;
  const Response got = rig.get(kRiakKey);
  CHECK(got.status == 404);
  CHECK(ApiRig::context(got).empty());
  CHECK(ApiRig::header(got, "X-Riak-Deleted").empty());
}

TEST_CASE("writes that have not seen each other are siblings, in every form that clients ask for") {
  ApiRig rig;
  make_siblings(rig);
  SECTION("a list of tags") {
    const Response got = rig.get(kRiakKey);
    CHECK(got.status == 300);
    CHECK(got.content_type == "text/plain");
    CHECK_THAT(got.body, Catch::Matchers::StartsWith("Siblings:\n"));
    CHECK(count(got.body, "\n") == 3);
    const std::string tag = got.body.substr(got.body.find('\n') + 1, 16);
    const Response one = rig.get(kRiakKey + "?vtag=" + tag);
    CHECK(one.status == 200);
    CHECK((one.body == "one" || one.body == "two"));
    CHECK(rig.get(kRiakKey + "?vtag=0000000000000000").status == 404);
  }
  SECTION("multipart") {
    const Response got = rig.get(kRiakKey, {{"accept", "multipart/mixed, */*"}});
    CHECK(got.status == 300);
    CHECK_THAT(got.content_type, Catch::Matchers::StartsWith("multipart/mixed; boundary="));
    const std::string boundary = got.content_type.substr(got.content_type.find('=') + 1);
    CHECK(count(got.body, "--" + boundary) == 3);
    CHECK_THAT(got.body, Contains("\r\nx-riak-meta-who: me\r\n\r\ntwo\r\n--"));
    CHECK_THAT(got.body, Contains("Content-Type: text/plain\r\n"));
  }
  SECTION("JSON") {
    const Response got = rig.get(kRiakKey, {{"accept", "application/json"}});
    CHECK(got.status == 300);
    CHECK_THAT(got.body, Contains("\"value\":\"one\"") && Contains("\"value\":\"two\""));
  }
  SECTION("after a write that has seen both, there is one") {
    const std::string context = ApiRig::context(rig.get(kRiakKey));
    CHECK(rig.put(kRiakKey, "merged", {{"x-riak-vclock", context}}).status == 204);
    CHECK(rig.get(kRiakKey).body == "merged");
  }
}

TEST_CASE("the boundary between siblings is 128 random bits, drawn for each answer") {
  ApiRig rig;
  rig.put(kRiakKey, "one");
  rig.put(kRiakKey, "two");
  const auto type = [&] { return rig.get(kRiakKey, {{"accept", "multipart/mixed"}}).content_type; };
  // The rig's random numbers are 1, 2, 3, 4.
  CHECK(type() == "multipart/mixed; boundary=sibling-00000000000000010000000000000002");
  CHECK(type() == "multipart/mixed; boundary=sibling-00000000000000030000000000000004");
}

TEST_CASE("returnbody answers a put with the key's new state") {
  ApiRig rig;
  const Response first = rig.put(kRiakKey + "?returnbody=true", "one", {{"content-type", "text/plain"}});
  CHECK(first.status == 200);
  CHECK(first.body == "one");
  CHECK(rig.put(kRiakKey + "?returnbody=true", "two").status == 300);
}

TEST_CASE("a delete leaves a tombstone whose context a later write can use") {
  ApiRig rig;
  rig.put(kRiakKey, "one");
  SECTION("with the context") {
    CHECK(rig.call(Method::kDelete, kRiakKey, {}, {{"x-riak-vclock", ApiRig::context(rig.get(kRiakKey))}}).status ==
          204);
  }
  SECTION("without one, it removes the stored value") {
    CHECK(rig.call(Method::kDelete, kRiakKey).status == 204);
  }
  const Response got = rig.get(kRiakKey);
  CHECK(got.status == 404);
  CHECK(ApiRig::header(got, "X-Riak-Deleted") == "true");
  CHECK_FALSE(ApiRig::context(got).empty());
  CHECK(rig.call(Method::kDelete, kRiakKey).status == 404);
  rig.put(kRiakKey, "again", {{"x-riak-vclock", ApiRig::context(got)}});
  CHECK(rig.get(kRiakKey).body == "again");
}

TEST_CASE("a delete that has not seen a write leaves it") {
  ApiRig rig;
  rig.put(kRiakKey, "one");
  const std::string context = ApiRig::context(rig.get(kRiakKey));
  rig.put(kRiakKey, "two");
  CHECK(rig.call(Method::kDelete, kRiakKey, {}, {{"x-riak-vclock", context}}).status == 204);
  const Response got = rig.get(kRiakKey, {{"accept", "multipart/mixed"}});
  CHECK(got.status == 300);
  CHECK_THAT(got.body, Contains("two") && Contains("X-Riak-Deleted: true"));
}

TEST_CASE("a POST to a bucket makes a new key") {
  ApiRig rig;
  const Response first = rig.call(Method::kPost, "/buckets/b/keys", "one");
  const Response second = rig.call(Method::kPost, "/buckets/b/keys", "two");
  CHECK(first.status == 201);
  const std::string location = ApiRig::header(first, "Location");
  CHECK(location != ApiRig::header(second, "Location"));
  CHECK_THAT(location, Catch::Matchers::StartsWith("/buckets/b/keys/"));
  CHECK(rig.get(location).body == "one");
}

TEST_CASE("preconditions are checked before a write, and a read of a known version is answered 304") {
  ApiRig rig;
  CHECK(rig.put(kRiakKey, "x", {{"if-match", "\"0123456789abcdef\""}}).status == 412);
  CHECK(rig.put(kRiakKey, "one", {{"if-none-match", "*"}}).status == 204);
  CHECK(rig.put(kRiakKey, "two", {{"if-none-match", "*"}}).status == 412);
  const Response got = rig.get(kRiakKey);
  const std::string tag = ApiRig::header(got, "ETag");
  const Response unchanged = rig.get(kRiakKey, {{"if-none-match", tag}});
  CHECK(unchanged.status == 304);
  CHECK(unchanged.body.empty());
  CHECK(rig.get(kRiakKey, {{"if-none-match", "\"0123456789abcdef\""}}).status == 200);
  CHECK(rig.put(kRiakKey, "two", {{"if-match", tag}, {"x-riak-vclock", ApiRig::context(got)}}).status == 204);
  CHECK(rig.get(kRiakKey).body == "two");
}

TEST_CASE("a conditional delete removes the versions of its read, and a later write stays") {
  ApiRig rig;
  rig.put(kRiakKey, "one");
  const std::string tag = ApiRig::header(rig.get(kRiakKey), "ETag");
  CHECK(rig.call(Method::kDelete, kRiakKey, {}, {{"if-match", "\"0123456789abcdef\""}}).status == 412);
  rig.before_next(RequestKind::kDelete, [&] { CHECK(rig.put(kRiakKey, "raced").status == 204); });
  CHECK(rig.call(Method::kDelete, kRiakKey, {}, {{"if-match", tag}}).status == 204);
  const Response left = rig.get(kRiakKey, {{"accept", "multipart/mixed"}});
  CHECK_THAT(left.body, Contains("raced"));
  CHECK_THAT(left.body, !Contains("\r\none\r\n"));
}

TEST_CASE("a conditional delete with a context deletes no more than that has seen") {
  ApiRig rig;
  rig.put(kRiakKey, "one");
  const std::string context = ApiRig::context(rig.get(kRiakKey));
  rig.put(kRiakKey, "two");
  const std::string tag = ApiRig::header(rig.get(kRiakKey), "ETag");
  CHECK(rig.call(Method::kDelete, kRiakKey, {}, {{"if-match", "\"x\""}, {"x-riak-vclock", context}}).status == 412);
  CHECK(rig.call(Method::kDelete, kRiakKey, {}, {{"if-match", tag}, {"x-riak-vclock", context}}).status == 204);
  CHECK_THAT(rig.get(kRiakKey, {{"accept", "multipart/mixed"}}).body, Contains("two"));
}

TEST_CASE("siblings have a tag of their own, and one of them keeps its tag") {
  ApiRig rig;
  make_siblings(rig);
  const Response all = rig.get(kRiakKey);
  const std::string tag = ApiRig::header(all, "ETag");
  CHECK_THAT(ApiRig::header(all, "Last-Modified"), Contains("GMT"));
  CHECK(rig.get(kRiakKey, {{"if-none-match", tag}}).status == 304);
  const std::string vtag = all.body.substr(all.body.find('\n') + 1, 16);
  const std::string one = kRiakKey + "?vtag=" + vtag;
  CHECK(rig.get(one, {{"if-none-match", tag}}).status == 200);
  CHECK(rig.get(one, {{"if-none-match", "\"" + vtag + "\""}}).status == 304);
  CHECK(rig.get(kRiakKey + "?vtag=0000000000000000", {{"if-match", "*"}}).status == 404);
  CHECK(rig.put(kRiakKey, "merged", {{"if-match", "\"" + vtag + "\""}}).status == 412);
  CHECK(rig.put(kRiakKey, "merged", {{"if-match", tag}, {"x-riak-vclock", ApiRig::context(all)}}).status == 204);
  CHECK(rig.get(kRiakKey).body == "merged");
}

TEST_CASE("a conditional insert still says which key it made") {
  ApiRig rig;
  const Response made = rig.call(Method::kPost, "/buckets/b/keys", "x", {{"if-none-match", "*"}});
  CHECK(made.status == 201);
  CHECK(rig.get(ApiRig::header(made, "Location")).body == "x");
  CHECK(rig.call(Method::kPost, "/buckets/b/keys", "x", {{"if-match", "*"}}).status == 412);
}

TEST_CASE("bad requests are explained and reach no node") {
  ApiRig rig;
  const std::string long_key(kKeyBytesMax + 1, 'k');
  CHECK(rig.get("/buckets/b/keys/" + long_key).status == 400);
  CHECK(rig.get(kRiakKey + "?r=2").status == 400);
  CHECK(rig.put(kRiakKey, "x", {{"x-riak-vclock", "!!"}}).status == 400);
  CHECK(rig.put(kRiakKey, "x", {{"x-riak-vclock", "AAAA"}}).status == 400);
  CHECK(rig.put(kRiakKey, "x", {{"x-riak-index-a_bin", "1"}}).status == 501);
  CHECK(rig.call(Method::kOther, kRiakKey).status == 405);
  CHECK(rig.get("/buckets?buckets=true").status == 501);
  CHECK(rig.get("/buckets/b/keys?keys=true").status == 501);
  CHECK(rig.asks() == 0);
}

TEST_CASE("quorums, time-outs and times to live reach the node as they were asked") {
  ApiRig rig;
  rig.put(kRiakKey + "?w=1&pw=1&timeout=250&ttl=30s&sloppy_quorum=false", "x");
  CHECK(rig.asked().need == 1);
  CHECK(rig.asked().need_primary == 1);
  CHECK(rig.asked().timeout_ms == 250);
  CHECK(rig.asked().ttl_ns == 30 * kSecond);
  CHECK(rig.asked().mode == QuorumMode::kStrict);
}

TEST_CASE("too many siblings are a conflict, and the answer says what to do") {
  ApiRig rig(", siblings_max: 2");
  rig.put(kRiakKey, "one");
  rig.put(kRiakKey, "two");
  const Response third = rig.put(kRiakKey, "three");
  CHECK(third.status == 409);
  CHECK_THAT(third.body, Contains("merge them"));
}

TEST_CASE("a bucket's properties are those of the configuration") {
  ApiRig rig;
  const Response props = rig.get("/buckets/b/props");
  CHECK(props.status == 200);
  CHECK_THAT(props.body, Contains("\"allow_mult\":true") && Contains("\"n_val\":1"));
  CHECK_THAT(props.body, !Contains("ttl_ms"));
  ApiRig named(", buckets: {b: {conflicts: lww, ttl: 30s}}");
  CHECK_THAT(named.get("/buckets/b/props").body,
             Contains("\"allow_mult\":false") && Contains("\"last_write_wins\":true") && Contains("\"ttl_ms\":30000"));
  CHECK_THAT(named.get("/buckets/c/props").body, Contains("\"allow_mult\":true"));
  CHECK(rig.put("/buckets/b/props", "{}").status == 501);
  CHECK(rig.get("/ping").body == "OK");
  CHECK_THAT(rig.get("/").body, Contains("riak_kv_wm_ping"));
}

TEST_CASE("a large value is stored in steps, whether or not something is looked at before") {
  ApiRig rig;
  CHECK(rig.put(kRiakKey, "small").status == 204);
  const int few = rig.steps();
  std::string large(5 * Wrapping::kStepBytes, 'x');
  large += "end";
  CHECK(rig.put("/buckets/b/keys/large", large, {{"content-type", "text/plain"}}).status == 204);
  CHECK(rig.steps() == few + 5);
  CHECK(rig.get("/buckets/b/keys/large").body == large);
  CHECK(rig.put("/buckets/b/keys/new", large, {{"if-none-match", "*"}}).status == 204);
  CHECK(rig.steps() == few + 5);
  CHECK(rig.put("/buckets/b/keys/new", large, {{"if-none-match", "*"}}).status == 412);
  CHECK(rig.get("/buckets/b/keys/new").body == large);
}

TEST_CASE("each outcome has the status that a client can act on") {
  const auto status = [](Outcome outcome, Reason reason) {
    return status_of({.outcome = outcome, .reason = reason, .acks = {}, .coordinator = 0, .object = {}, .context = {}});
  };
  CHECK(status(Outcome::kDone, Reason::kNone) == 200);
  CHECK(status(Outcome::kRefused, Reason::kBadRequest) == 400);
  CHECK(status(Outcome::kRefused, Reason::kTooManySiblings) == 409);
  for (const Reason reason : {Reason::kNotReady, Reason::kOverloaded, Reason::kTooFewReplicas,
                              Reason::kNoReachablePrimary, Reason::kStorageFull, Reason::kTimedOut}) {
    CHECK(status(Outcome::kRefused, reason) == 503);
    CHECK(status(Outcome::kUnknown, reason) == 504);
  }
}

}  // namespace dkv::http
