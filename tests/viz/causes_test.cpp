#include "viz/model/causes.h"

#include <algorithm>

#include "tests/viz/run.h"

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

// The only event of this kind and, if it is a message, of this leg.
EventNumber only(const Session& session, EventKind kind) {
  EventNumber found = 0;
  for (EventNumber event = 1; event <= session.branch().explored; ++event) {
    if (session.log().event(event)->kind != kind) continue;
    REQUIRE(found == 0);
    found = event;
  }
  REQUIRE(found != 0);
  return found;
}

}  // namespace

TEST_CASE("the causes of a reply lead over the last acknowledgement back to the client's request") {
  Session session(kit::source_of(kOnePut), kit::counted());
  session.seek_time(1'500 * kMillisecond);
  session.finish();
  const EventNumber request = only(session, EventKind::kRequest), reply = only(session, EventKind::kReply);
  const auto causes = causes_of(session.log(), reply);
  REQUIRE(causes.size() >= 3);
  CHECK(std::ranges::is_sorted(causes, std::greater<>()));
  CHECK(std::ranges::count(causes, request) == 1);
  CHECK(session.log().event(causes.back())->kind == EventKind::kClientBegins);
  CHECK(causes_of(session.log(), causes.back()).empty());
}

TEST_CASE("a request causes its copies, their acknowledgements and the reply, but no timer") {
  Session session(kit::source_of(kOnePut), kit::counted());
  session.seek_time(1'500 * kMillisecond);
  session.finish();
  const EventNumber request = only(session, EventKind::kRequest), reply = only(session, EventKind::kReply);
  const auto effects = effects_of(session.log(), request, session.branch().explored);
  CHECK(std::ranges::is_sorted(effects));
  CHECK(std::ranges::count(effects, reply) == 1);
  std::size_t copies = 0, answers = 0;
  for (const EventNumber effect : effects) {
    const EventRecord& record = *session.log().event(effect);
    CHECK(record.kind != EventKind::kTimer);
    copies += record.kind == EventKind::kMessage && record.leg == sim::Leg::kWrite ? 1 : 0;
    answers += record.kind == EventKind::kMessage && record.leg == sim::Leg::kReply ? 1 : 0;
  }
  CHECK(copies == 2);
  CHECK(answers == 2);
  // Up to the reply only.
  CHECK(effects_of(session.log(), request, reply).back() == reply);
}
