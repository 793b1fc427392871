#include "engine/gateway/exchange.h"

#include "engine/gateway/gateway.h"
#include "tests/catch.h"

namespace dkv::http {
namespace {

class Host final : public GatewayHost {
 public:
  TimeNs wall_ns() override { return kSecond; }
  std::uint64_t random() override { return ++drawn; }
  std::uint64_t drawn = 0;
};

Request request_for(Method method, const std::string& target, Pairs headers = {}, std::string body = {}) {
  Request request;
  REQUIRE(take_target(target, request));
  request.method = method;
  request.headers = std::move(headers);
  request.body = std::move(body);
  return request;
}

ClientReply done() {
  ClientReply reply;
  reply.outcome = Outcome::kDone;
  return reply;
}

struct Rig {
  Gateway gateway{{.quorum = {}, .buckets = {}, .node_names = {}, .contexts = {"test", {}}}};
  Host host;

  Exchange open(Request request) {
    auto exchange = gateway.open(request, host);
    REQUIRE(exchange);
    return std::move(*exchange);
  }
  // Runs the exchange until it asks the node or answers. steps: the number of calls.
  Exchange::Next go_on(Exchange& exchange, int* steps = nullptr) {
    for (int taken = 1;; ++taken) {
      Exchange::Next next = gateway.go_on(exchange, host);
      if (steps != nullptr) *steps = taken;
      if (!std::holds_alternative<Exchange::GoOn>(next)) return next;
    }
  }
  Exchange::Next replied(Exchange& exchange, ClientReply reply) {
    return gateway.replied(exchange, std::move(reply), host);
  }
};

RequestKind asks(const Exchange::Next& next) {
  REQUIRE(std::holds_alternative<ClientRequest>(next));
  return std::get<ClientRequest>(next).kind;
}

int answers(const Exchange::Next& next) {
  REQUIRE(std::holds_alternative<Response>(next));
  return std::get<Response>(next).status;
}

}  // namespace

TEST_CASE("an unknown path leaves the request unchanged") {
  Rig rig;
  Request request = request_for(Method::kGet, "/api/v1/cluster/ring?x=1");
  CHECK_FALSE(rig.gateway.open(request, rig.host));
  CHECK(request.segments == std::vector<std::string>{"api", "v1", "cluster", "ring"});
  CHECK(request.parameters.size() == 1);
}

TEST_CASE("a get asks once and answers") {
  Rig rig;
  Exchange exchange = rig.open(request_for(Method::kGet, "/buckets/b/keys/k"));
  CHECK(asks(rig.go_on(exchange)) == RequestKind::kGet);
  CHECK(answers(rig.replied(exchange, done())) == 404);
}

TEST_CASE("a plain put without a context reads first, and writes with the context of the read") {
  Rig rig;
  Exchange exchange = rig.open(request_for(Method::kPut, "/api/v1/kv/k", {}, "text"));
  CHECK(asks(rig.go_on(exchange)) == RequestKind::kGet);
  ClientReply held = done();
  held.context.seen = held.context.seen.with(Dot{{{1, 2}, 3}, 4});
  const Exchange::Next next = rig.replied(exchange, std::move(held));
  REQUIRE(asks(next) == RequestKind::kPut);
  CHECK(std::get<ClientRequest>(next).context.seen.covers(Dot{{{1, 2}, 3}, 4}));
  CHECK(answers(rig.replied(exchange, done())) == 200);
}

TEST_CASE("a put of Riak's routes without a context becomes a sibling, so it does not read") {
  Rig rig;
  Exchange exchange = rig.open(request_for(Method::kPut, "/buckets/b/keys/k", {}, "text"));
  const Exchange::Next next = rig.go_on(exchange);
  REQUIRE(asks(next) == RequestKind::kPut);
  CHECK(std::get<ClientRequest>(next).context.seen.empty());
  CHECK(answers(rig.replied(exchange, done())) == 204);
}

TEST_CASE("a precondition makes each write read first") {
  Rig rig;
  for (const char* path : {"/buckets/b/keys/k", "/api/v1/kv/k"}) {
    Exchange exchange = rig.open(request_for(Method::kPut, path, {{"if-match", "*"}}, "text"));
    CHECK(asks(rig.go_on(exchange)) == RequestKind::kGet);
    CHECK(answers(rig.replied(exchange, done())) == 412);
  }
}

TEST_CASE("a refused read before a write is the answer, and nothing is written") {
  Rig rig;
  Exchange exchange = rig.open(request_for(Method::kDelete, "/api/v1/kv/k"));
  CHECK(asks(rig.go_on(exchange)) == RequestKind::kGet);
  ClientReply refused;
  refused.outcome = Outcome::kRefused;
  refused.reason = Reason::kOverloaded;
  CHECK(answers(rig.replied(exchange, std::move(refused))) == 503);
}

TEST_CASE("a large body takes several steps on both sets of routes") {
  Rig rig;
  for (const char* path : {"/buckets/b/keys/k", "/api/v1/kv/k"}) {
    CAPTURE(path);
    Exchange exchange = rig.open(request_for(Method::kPut, path, {}, std::string(1'000'000, 'x')));
    int steps = 0;
    rig.go_on(exchange, &steps);
    CHECK(steps > 5);
  }
}

TEST_CASE("a copy of an exchange continues independently of the original") {
  Rig rig;
  Exchange original = rig.open(request_for(Method::kDelete, "/api/v1/kv/k"));
  CHECK(asks(rig.go_on(original)) == RequestKind::kGet);
  Exchange copy = original;
  CHECK(answers(rig.replied(original, done())) == 404);
  ClientReply held = done();
  held.context.seen = held.context.seen.with(Dot{{{1, 2}, 3}, 4});
  std::vector<Sibling> siblings = {{.dot = {{{1, 2}, 3}, 4}, .value = Blob("x")}};
  held.object = Object::make(held.context.seen, siblings);
  CHECK(asks(rig.replied(copy, std::move(held))) == RequestKind::kDelete);
}

TEST_CASE("a name that the store makes is drawn from the host") {
  Rig rig;
  Exchange exchange = rig.open(request_for(Method::kPost, "/buckets/b/keys", {}, "text"));
  const Exchange::Next next = rig.go_on(exchange);
  REQUIRE(asks(next) == RequestKind::kPut);
  CHECK(std::get<ClientRequest>(next).key.key() == "00000000000000010000000000000002");
  const Exchange::Next last = rig.replied(exchange, done());
  REQUIRE(answers(last) == 201);
  CHECK(std::get<Response>(last).headers.back().second == "/buckets/b/keys/00000000000000010000000000000002");
}

}  // namespace dkv::http
