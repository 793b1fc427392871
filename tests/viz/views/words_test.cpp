#include "viz/views/words.h"

#include <fmt/format.h>

#include <map>

#include "tests/viz/run.h"
#include "tests/viz/stage.h"

using namespace dkv;
using namespace dkv::viz;
using namespace dkv::viz::kit;

namespace {

constexpr const char* kUnicode = R"(about: names beyond ASCII
seed: 7
run: 3s
cluster: {nodes: [alpha, beta-with-a-very-long-name-indeed.example.org, beta-with-a-very-long-name-indeed.example.com], n: 3, r: 2, w: 2}
workload:
  steps:
    - {at: 100ms, as: "Zoë", via: alpha, put: "café", value: "crème brûlée"}
    - {at: 500ms, as: "Борис", via: alpha, put: "хлеб", value: "молоко"}
    - {at: 900ms, as: "Zoë", via: alpha, put: "購物車", value: "牛乳"}
)";

constexpr const char* kLoad = R"(about: a load
run: 2s
cluster: {nodes: 3, n: 3, r: 2, w: 2}
workload:
  clients: 3
  load: {rate: 100/s}
  mix: {put: 100}
  keys: {count: 4}
)";

}  // namespace

TEST_CASE("text of any language is shown as it is, and bytes that are no text as dots") {
  CHECK(shown("crème brûlée") == "crème brûlée");
  CHECK(shown("хлеб", 3) == "хле…");
  CHECK(shown("хлеб", 4) == "хлеб");
  CHECK(shown(std::string("a\0b\x01\xff\xc3", 6)) == "a.b...");
  CHECK(shown("\xed\xa0\x80") == "...");       // a surrogate
  CHECK(shown("\xc0\xaf") == "..");            // an overlong form
  CHECK(shown("\xf4\x90\x80\x80") == "....");  // beyond the last letter
  CHECK(shown("\xc2\x85") == ".");             // a control letter
}

TEST_CASE("letters that the font has are drawn, and others are told by their numbers") {
  Stage stage(source_of(kUnicode, 7));
  if (!stage.workspace().ui.fonts.real) return;
  stage.host.frames();
  CHECK(shown("Борис") == "Борис");
  CHECK(shown("購") == "{U+8CFC}");
  stage.play(
      "seek 2s\nfocus key=хлеб\nsettle\nsee \"key хлеб\"\nsee \"key café\"\nsee \"key {U+8CFC}{U+7269}{U+8ECA}\"\n");
}

TEST_CASE("long names of nodes are cut so that they remain different") {
  Stage stage(source_of(kUnicode, 7));
  stage.host.frames();
  const float width = size_of("beta-with-a").x;
  const std::string first = node_label(stage.workspace(), 1, width), second = node_label(stage.workspace(), 2, width);
  CHECK(first != second);
  CHECK_THAT(first, ContainsSubstring("…"));
  CHECK(node_label(stage.workspace(), 0, width) == "alpha");
}

TEST_CASE("numbers have the right endings") {
  CHECK(ordinal(1) == "1st");
  CHECK(ordinal(2) == "2nd");
  CHECK(ordinal(3) == "3rd");
  CHECK(ordinal(4) == "4th");
  CHECK(ordinal(11) == "11th");
  CHECK(ordinal(112) == "112th");
  CHECK(ordinal(122) == "122nd");
}

TEST_CASE("a value of the load is told by its client and the number of its write") {
  Stage stage(source_of(kLoad));
  stage.play("press End\nsettle\n");
  std::map<std::uint32_t, std::uint32_t> writes;
  std::size_t seen = 0;
  stage.workspace().session.log().each_operation(0, ~EventNumber{0} - 1, [&](const OperationRecord& one) {
    if (one.kind != sim::OperationKind::kPut) return;
    ++seen;
    const std::string words = value_words(stage.workspace(), one.tag, one.value.view());
    CHECK(words == fmt::format("client {}'s {} write", one.session, ordinal(++writes[one.session])));
  });
  CHECK(seen > 20);
}

TEST_CASE("a branch in the past numbers its writes as the run did") {
  Session session(source_of(kLoad), counted());
  kit::go(session, 1'000'000);
  const auto first = session.branch().writes;
  session.seek_time(kSecond);
  session.finish();
  REQUIRE(session.apply({.kind = sim::CommandKind::kPause, .groups = {{0}}}));
  REQUIRE(session.apply({.kind = sim::CommandKind::kResume, .groups = {{0}}}));
  kit::go(session, 1'000'000);
  const auto& second = session.branch().writes;
  REQUIRE(second.size() == first.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    CHECK(second[i].session == first[i].session);
    CHECK(second[i].number == first[i].number);
  }
}

TEST_CASE("a copy for a stand-in and a hint on its way home are told apart") {
  Stage stage(source_of(R"(about: a stand-in
run: 6s
cluster: {nodes: 5, n: 3, r: 2, w: 2}
network: {latency: 5ms}
workload:
  clients: 4
  load: {rate: 100/s}
  mix: {put: 100}
  keys: {count: 20}
faults:
  - {at: 1s, for: 3s, crash: [n2]}
)"));
  bool copy = false, delivery = false;
  for (TimeNs at = kSecond; at < 6 * kSecond; at += 2 * kMillisecond) {
    stage.workspace().session.seek_time(at);
    stage.workspace().session.finish();
    for (const sim::Flight& flight : stage.workspace().world().flights()) {
      const auto* put = flight.message ? std::get_if<ReplicaPut>(flight.message) : nullptr;
      if (!put) continue;
      const std::string words = flight_meaning(stage.workspace().world(), flight);
      if (put->reason == CopyReason::kHint) {
        copy = true;
        CHECK_THAT(words, ContainsSubstring("stand-in") && ContainsSubstring("for n2"));
      }
      if (put->reason == CopyReason::kHintDelivery) {
        delivery = true;
        CHECK_THAT(words, ContainsSubstring("on its way to n2"));
      }
    }
    if (copy && delivery) break;
  }
  CHECK(copy);
  CHECK(delivery);
}
