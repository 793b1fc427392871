#include "viz/model/ladder.h"

#include "tests/viz/run.h"
#include "viz/model/clients.h"

using namespace dkv;
using namespace dkv::viz;

namespace {

constexpr const char* kOnePut = R"(run: 3s
cluster: {nodes: 3, n: 3, r: 2, w: 3}
network: {latency: 1ms}
disk: {sync: 1ms}
workload:
  steps:
    - {at: 1s, as: alice, put: cart, value: milk, via: n1}
    - {at: 2s, as: alice, get: cart, via: n1}
)";

}  // namespace

TEST_CASE("a put is a ladder: the request, a copy to each replica, their acknowledgements, the reply") {
  Session session(kit::source_of(kOnePut), kit::counted());
  session.seek_time(1'500 * kMillisecond);
  session.finish();
  KeyTable keys = session.keys();
  const Ladder ladder =
      viz::ladder(session.branch(), session.world(), keys, kSecond, 1'200 * kMillisecond, false, 10'000);
  CHECK(ladder.complete);
  REQUIRE(ladder.rows.size() == 5);  // three nodes, alice, the load
  CHECK(ladder.rows[3].name == "alice");
  std::map<std::string, std::size_t> names;
  EventNumber reply = 0;
  for (const LadderMessage& message : ladder.messages) {
    CHECK(message.end == LadderMessage::End::kArrived);
    CHECK(message.from_ns < message.to_ns);
    const EventRecord& record = *session.log().event(message.event);
    ++names[event_name(record)];
    if (message.kind == EventKind::kRequest) {
      CHECK(message.from_row == 3);
      CHECK(message.to_row == 0);
    }
    if (message.kind == EventKind::kReply) {
      CHECK(message.from_row == 0);
      CHECK(message.to_row == 3);
      reply = message.event;
    }
  }
  CHECK(names["request"] == 1);
  CHECK(names["ReplicaPut"] == 2);
  CHECK(names["ReplicaPutAck"] == 2);
  CHECK(names["reply"] == 1);

  // The reply came of the last acknowledgement, and that, in the end, of alice's wish.
  REQUIRE(reply != 0);
  const auto causes = causes_of(session.log(), reply);
  REQUIRE(causes.size() >= 3);
  CHECK(session.log().event(causes.back())->kind == EventKind::kClientBegins);
  EventNumber request = 0;
  for (const EventNumber cause : causes) {
    if (session.log().event(cause)->kind == EventKind::kRequest) request = cause;
  }
  REQUIRE(request != 0);
  const auto effects = effects_of(session.log(), request, session.branch().explored);
  CHECK(std::count(effects.begin(), effects.end(), reply) == 1);
  std::size_t copies = 0;
  for (const EventNumber effect : effects) {
    const EventRecord& record = *session.log().event(effect);
    CHECK(record.kind != EventKind::kTimer);
    copies += record.kind == EventKind::kMessage && record.leg == sim::Leg::kWrite ? 1 : 0;
  }
  CHECK(copies == 2);
}

TEST_CASE("what is on its way, what was lost and who was away stand in the ladder as such") {
  Session session(kit::source_of(kit::kStormy), kit::counted());
  kit::go(session, 1'000'000);
  KeyTable keys = session.keys();
  const Ladder whole = viz::ladder(session.branch(), session.world(), keys, 0, 4 * kSecond, true, 1'000'000);
  CHECK(whole.complete);
  std::map<LadderMessage::End, std::size_t> ends;
  for (const LadderMessage& message : whole.messages) {
    ++ends[message.end];
    CHECK(message.from_row < whole.rows.size());
    CHECK(message.to_row < whole.rows.size());
  }
  CHECK(ends[LadderMessage::End::kArrived] > 1'000);
  CHECK(ends[LadderMessage::End::kDropped] > 10);
  CHECK_FALSE(whole.shades.empty());
  for (const LadderShade& shade : whole.shades) CHECK(shade.from_ns <= shade.to_ns);

  const Ladder little = viz::ladder(session.branch(), session.world(), keys, 0, 4 * kSecond, true, 100);
  CHECK_FALSE(little.complete);
  CHECK(little.messages.size() + little.ticks.size() <= 100);

  EventNumber busy = 2'000;
  kit::go(session, busy);
  while (session.world().flights().empty()) kit::go(session, ++busy);
  const Ladder now = viz::ladder(session.branch(), session.world(), keys, session.now_ns(), session.now_ns() + kSecond,
                                 true, 1'000'000);
  CHECK(std::any_of(now.messages.begin(), now.messages.end(),
                    [](const LadderMessage& message) { return message.end == LadderMessage::End::kFlying; }));
}

TEST_CASE("the clients' time line has every operation once, and the curves count the same") {
  Session session(kit::source_of(kit::kStormy), kit::counted());
  kit::go(session, 1'000'000);
  KeyTable keys = session.keys();
  const auto bars = operation_bars(session.branch(), session.world(), keys, 0, 100 * kSecond, 1'000'000);
  std::uint64_t done = 0, failed = 0;
  for (const OperationBar& bar : bars) {
    CHECK(bar.finished_ns >= bar.started_ns);
    CHECK(bar.event > 0);
    ++(bar.end == OperationEnd::kDone ? done : failed);
  }
  std::uint64_t counted = 0, counted_ok = 0;
  for (const sim::OperationCount& one : session.world().clients().counts()) {
    counted += one.ok + one.refused + one.unknown;
    counted_ok += one.ok;
  }
  CHECK(bars.size() == counted);
  CHECK(done == counted_ok);
  std::uint64_t drawn_ok = 0, drawn_failed = 0;
  for (const TrafficStep& step : traffic(session.branch(), 0, 100 * kSecond, 37)) {
    for (const std::uint32_t one : step.done) drawn_ok += one;
    drawn_failed += step.refused + step.unknown;
    CHECK(step.p50_ns <= step.p99_ns);
    CHECK(step.p99_ns <= step.worst_ns);
  }
  CHECK(drawn_ok == done);
  CHECK(drawn_failed == failed);

  const auto spans = fault_spans(session.branch(), session.world());
  CHECK(spans.size() == session.world().schedule().size());
  for (const FaultSpan& span : spans) {
    CHECK(span.from_ns <= span.to_ns);
    CHECK_FALSE(span.text.empty());
  }
}

TEST_CASE("an operation that runs is on the time line without an end") {
  Session session(kit::source_of(kOnePut), kit::counted());
  session.seek_time(kSecond);
  session.finish();
  KeyTable keys = session.keys();
  const auto bars = operation_bars(session.branch(), session.world(), keys, 0, 3 * kSecond, 100);
  REQUIRE(bars.size() == 1);
  CHECK(bars[0].name == "alice");
  CHECK(bars[0].finished_ns == -1);
  CHECK(bars[0].event == 0);
}
