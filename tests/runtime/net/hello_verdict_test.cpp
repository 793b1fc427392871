#include "engine/runtime/net/hello_verdict.h"

#include "tests/catch.h"

namespace dkv {
namespace {

using Catch::Matchers::Contains;

constexpr TimeNs kNow = 100 * kSecond;
const ActorId kFolder{1, 2};
const Hello kPeerHello{.kind = Hello::Kind::kHello,
                       .from = 1,
                       .to = 0,
                       .incarnation = 7,
                       .membership = 42,
                       .previous = 6,
                       .start = 70,
                       .folder = kFolder,
                       .text = "demo",
                       .settings = {}};
const Agreement kHere{{"conflicts", "siblings"}, {"n", "3"}};
const HelloKnown kKnown{.cluster = "demo",
                        .self = 0,
                        .agreement = &kHere,
                        .membership = 42,
                        .from_peer = true,
                        .present = {},
                        .unreachable_after_ns = 2 * kSecond};

// A life whose process has the number of start 10 * life.
HelloKnown heard_before(Incarnation life, TimeNs silent_ns, ActorId folder = kFolder) {
  HelloKnown known = kKnown;
  known.present = InboundLife{.incarnation = life,
                              .start = std::uint64_t{10} * life,
                              .folder = folder,
                              .last_heard_ns = kNow - silent_ns,
                              .connected = silent_ns <= known.unreachable_after_ns};
  return known;
}

}  // namespace

TEST_CASE("a peer of which no life was heard is welcome in any of its lives") {
  for (const Incarnation life : {0u, 1u, 7u, 0xffffffffu}) {
    Hello hello = kPeerHello;
    hello.incarnation = life;
    CHECK(judge_hello(kKnown, hello, kNow).welcome());
    CHECK(judge_hello(kKnown, hello, kNow).reason.empty());
  }
}

TEST_CASE(
    "while a life is heard only the next life of the same folder is welcome, and after its silence any later one") {
  constexpr ActorId kOther{3, 4};
  struct Row {
    Incarnation present;
    TimeNs silent_ns;
    ActorId folder;
    HelloFault fault;
  };
  for (const auto& [present, silent_ns, folder, fault] :
       {Row{6, 0, kFolder, HelloFault::kNone},                // the next life
        Row{5, 0, kFolder, HelloFault::kNone},                // one between them was never heard here
        Row{6, 0, kOther, HelloFault::kTwin},                 // a later life of another folder
        Row{6, 2 * kSecond, kOther, HelloFault::kTwin},       // is heard still
        Row{6, 2 * kSecond + 1, kOther, HelloFault::kNone},   // and is gone
        Row{7, 0, kFolder, HelloFault::kLinkAlive},           // the same process
        Row{7, 2 * kSecond + 1, kFolder, HelloFault::kNone},  // whose connection is dead
        Row{8, 0, kFolder, HelloFault::kTwin},                // an earlier life beside a later one
        Row{8, 2 * kSecond + 1, kFolder, HelloFault::kLate},  // which is gone
        Row{8, 2 * kSecond + 1, kOther, HelloFault::kLate}}) {
    CAPTURE(present, silent_ns, folder.high);
    const HelloVerdict verdict = judge_hello(heard_before(present, silent_ns, folder), kPeerHello, kNow);
    CHECK(verdict.fault == fault);
    CHECK_THAT(verdict.reason, Contains("life 7 of folder 00000000") &&
                                   Contains("heard before is life " + std::to_string(present) + " of folder"));
  }
}

TEST_CASE("a copy of a running node's folder is no next life of it, once the node has taken another life") {
  Hello copy = kPeerHello;
  copy.incarnation = 9;
  copy.previous = 7;
  CHECK(judge_hello(heard_before(8, 0), copy, kNow).fault == HelloFault::kTwin);
  copy.previous = 8;
  CHECK(judge_hello(heard_before(8, 0), copy, kNow).welcome());
}

TEST_CASE("two processes of one life are told apart by their starts") {
  Hello twin = kPeerHello;
  twin.start = 71;
  CHECK(judge_hello(heard_before(7, 0), twin, kNow).fault == HelloFault::kTwin);
  CHECK(judge_hello(heard_before(7, 3 * kSecond), twin, kNow).fault == HelloFault::kLate);
}

TEST_CASE("a process whose connection was lost is welcome again at once") {
  HelloKnown known = heard_before(7, 0);
  known.present->connected = false;
  CHECK(judge_hello(known, kPeerHello, kNow).welcome());
}

TEST_CASE("settings that differ are named with both values") {
  Hello other = kPeerHello;
  other.membership = 43;
  other.settings = encode_agreement({{"conflicts", "lww"}, {"n", "3"}});
  const HelloVerdict verdict = judge_hello(kKnown, other, kNow);
  CHECK(verdict.fault == HelloFault::kSettings);
  CHECK_THAT(verdict.reason, Contains("conflicts is siblings here and lww there"));
  REQUIRE(verdict.differ.size() == 1);
  CHECK(verdict.differ[0].name == "conflicts");
}

TEST_CASE("a hello that is not meant for this cluster and this node is refused, and the reason says how it differs") {
  const auto refused = [](Hello hello, const HelloKnown& known = kKnown) {
    const HelloVerdict verdict = judge_hello(known, hello, kNow);
    CHECK_FALSE(verdict.welcome());
    return verdict.reason;
  };
  Hello other = kPeerHello;
  other.version = kHelloVersion + 1;
  CHECK_THAT(refused(other), Contains("version 6") && Contains("is 5"));
  other = kPeerHello;
  other.text = "prod\x1b[2J";
  CHECK_THAT(refused(other), Contains("'prod?[2J'") && Contains("'demo'"));
  other = kPeerHello;
  other.to = 2;
  CHECK_THAT(refused(other), Contains("this node for number 2") && Contains("this is number 0"));
  other = kPeerHello;
  other.membership = 43;
  CHECK_THAT(refused(other), Contains("its settings are other ones than this node's: "));
  HelloKnown strange = kKnown;
  strange.from_peer = false;
  CHECK_THAT(refused(kPeerHello, strange), Contains("itself for number 1"));
  // A later life does not help such a hello either.
  other.incarnation = 9;
  refused(other, heard_before(7, 0));
}

TEST_CASE("a stranger's refusal is the same for every reason, and repeats only the caller's own data") {
  for (const HelloFault fault : {HelloFault::kVersion, HelloFault::kCluster, HelloFault::kNumbers,
                                 HelloFault::kSettings, HelloFault::kLinkAlive}) {
    const Hello refusal = refusal_of(kPeerHello, heard_before(8, 0), fault);
    CHECK(refusal.kind == Hello::Kind::kRefused);
    CHECK(refusal.version == kPeerHello.version);
    CHECK(refusal.from == kPeerHello.to);
    CHECK(refusal.to == kPeerHello.from);
    CHECK(refusal.incarnation == 0);
    CHECK(refusal.membership == 0);
    CHECK(refusal.text == kRefusalText);
    CHECK(refusal.settings.empty());
  }
}

TEST_CASE("a caller that knows the cluster and its settings is told of the other life") {
  const Hello twin = refusal_of(kPeerHello, heard_before(8, 0), HelloFault::kTwin);
  CHECK(twin.kind == Hello::Kind::kTwin);
  CHECK(twin.incarnation == 8);
  CHECK(twin.folder == ActorId{});
  CHECK(refusal_of(kPeerHello, heard_before(8, 0), HelloFault::kLate).kind == Hello::Kind::kLate);
}

TEST_CASE("a welcome names the answering node and its life") {
  const Hello welcome = welcome_to(kPeerHello, kKnown, 12);
  CHECK(welcome.kind == Hello::Kind::kWelcome);
  CHECK(welcome.version == kHelloVersion);
  CHECK(welcome.from == 0);
  CHECK(welcome.to == 1);
  CHECK(welcome.incarnation == 12);
  CHECK(welcome.membership == 42);
  CHECK(welcome.text == "demo");
}

}  // namespace dkv
