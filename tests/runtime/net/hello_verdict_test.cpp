#include "engine/runtime/net/hello_verdict.h"

#include "tests/catch.h"

namespace dkv {
namespace {

using Catch::Matchers::Contains;

constexpr TimeNs kNow = 100 * kSecond;
const Hello kPeerHello{
    .kind = Hello::Kind::kHello, .version = 3, .from = 1, .to = 0, .incarnation = 7, .membership = 42, .text = "demo"};
const HelloKnown kKnown{.version = 3,
                        .cluster = "demo",
                        .self = 0,
                        .membership = 42,
                        .from_peer = true,
                        .present = {},
                        .unreachable_after_ns = 2 * kSecond};

HelloKnown connected(Incarnation incarnation, TimeNs silent_ns) {
  HelloKnown known = kKnown;
  known.present = InboundLife{.incarnation = incarnation, .last_heard_ns = kNow - silent_ns};
  return known;
}

}  // namespace

TEST_CASE("a peer without a connection is welcome in any of its lives") {
  for (const Incarnation life : {0u, 1u, 7u, 0xffffffffu}) {
    Hello hello = kPeerHello;
    hello.incarnation = life;
    CHECK(judge_hello(kKnown, hello, kNow).welcome());
    CHECK(judge_hello(kKnown, hello, kNow).reason.empty());
  }
}

TEST_CASE("a live connection is replaced only for a later life, a silent one for any life") {
  struct Row {
    Incarnation present;
    TimeNs silent_ns;
    bool welcome;
  };
  for (const auto& [present, silent_ns, welcome] : {Row{6, 0, true},
                                                    {6, 2 * kSecond, true},
                                                    {7, 0, false},
                                                    {7, 2 * kSecond, false},
                                                    {7, 2 * kSecond + 1, true},
                                                    {8, 0, false},
                                                    {8, 2 * kSecond, false},
                                                    {8, 2 * kSecond + 1, true},
                                                    {0xffffffffu, kSecond, false}}) {
    CAPTURE(present, silent_ns);
    const HelloVerdict verdict = judge_hello(connected(present, silent_ns), kPeerHello, kNow);
    CHECK(verdict.welcome() == welcome);
    CHECK_THAT(verdict.reason, Contains("life 7, the connected one is " + std::to_string(present)));
  }
}

TEST_CASE("a hello that is not meant for this cluster and this node is refused, and the reason says how it differs") {
  const auto refused = [](Hello hello, const HelloKnown& known = kKnown) {
    const HelloVerdict verdict = judge_hello(known, hello, kNow);
    CHECK_FALSE(verdict.welcome());
    return verdict.reason;
  };
  Hello other = kPeerHello;
  other.version = 4;
  CHECK_THAT(refused(other), Contains("version 4") && Contains("is 3"));
  other = kPeerHello;
  other.text = "prod\x1b[2J";
  CHECK_THAT(refused(other), Contains("'prod?[2J'") && Contains("'demo'"));
  other = kPeerHello;
  other.to = 2;
  CHECK_THAT(refused(other), Contains("this node for number 2") && Contains("this is number 0"));
  other = kPeerHello;
  other.membership = 43;
  CHECK_THAT(refused(other), Contains("compare the configurations"));
  HelloKnown strange = kKnown;
  strange.from_peer = false;
  CHECK_THAT(refused(kPeerHello, strange), Contains("itself for number 1"));
  // A later life does not help such a hello either.
  other.incarnation = 9;
  refused(other, connected(7, 0));
}

TEST_CASE("a refusal repeats only the caller's own data") {
  const Hello refusal = refusal_of(kPeerHello);
  CHECK(refusal.kind == Hello::Kind::kRefused);
  CHECK(refusal.version == kPeerHello.version);
  CHECK(refusal.from == kPeerHello.to);
  CHECK(refusal.to == kPeerHello.from);
  CHECK(refusal.incarnation == 0);
  CHECK(refusal.membership == 0);
  CHECK(refusal.text == kRefusalText);
}

TEST_CASE("a welcome names the answering node and its life") {
  const Hello welcome = welcome_to(kPeerHello, kKnown, 12);
  CHECK(welcome.kind == Hello::Kind::kWelcome);
  CHECK(welcome.version == 3);
  CHECK(welcome.from == 0);
  CHECK(welcome.to == 1);
  CHECK(welcome.incarnation == 12);
  CHECK(welcome.membership == 42);
  CHECK(welcome.text == "demo");
}

}  // namespace dkv
