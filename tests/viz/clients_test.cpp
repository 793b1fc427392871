#include "viz/model/clients.h"

#include "tests/viz/run.h"

using namespace dkv;
using namespace dkv::viz;

TEST_CASE("the clients' curves count every operation once") {
  Session session(kit::source_of(kit::kStormy), kit::counted());
  kit::go(session, 1'000'000);
  std::uint64_t ok = 0, failed = 0;
  for (const sim::OperationCount& one : session.world().clients().counts()) {
    ok += one.ok;
    failed += one.refused + one.unknown;
  }
  CHECK(ok > 200);
  CHECK(failed > 0);
  std::uint64_t drawn_ok = 0, drawn_failed = 0;
  for (const TrafficStep& step : traffic(session.branch(), 0, 100 * kSecond, 37)) {
    drawn_ok += step.answered();
    drawn_failed += step.failed();
    CHECK(step.p50_ns <= step.p99_ns);
    CHECK(step.p99_ns <= step.worst_ns);
  }
  CHECK(drawn_ok == ok);
  CHECK(drawn_failed == failed);
}

TEST_CASE("a fault is shaded from its beginning to its end, or to the heal") {
  Session session(kit::source_of(kit::kStormy), kit::counted());
  kit::go(session, 1'000'000);
  const auto spans = fault_spans(session.branch(), session.world());
  CHECK(spans.size() == session.world().schedule().size());
  for (const FaultSpan& span : spans) {
    CHECK(span.from_ns < span.to_ns);
    CHECK(span.to_ns <= session.scenario().run_ns);
    CHECK_FALSE(span.by_command);
  }
}

TEST_CASE("a cut by command is shaded until it is healed") {
  Session session(kit::source_of(kit::kCalm), kit::counted());
  session.seek_time(kSecond);
  session.finish();
  sim::Command cut{.kind = sim::CommandKind::kPartition};
  cut.groups = {{0}, {1, 2}};
  REQUIRE(session.apply(cut));
  session.seek_time(2 * kSecond);
  session.finish();
  REQUIRE(session.apply({.kind = sim::CommandKind::kHeal}));
  kit::go(session, 1'000'000);
  const auto spans = fault_spans(session.branch(), session.world());
  REQUIRE(spans.size() == 1);
  CHECK(spans[0].by_command);
  CHECK(spans[0].kind == sim::FaultKind::kPartition);
  CHECK(spans[0].from_ns <= kSecond);
  CHECK(spans[0].from_ns > 900 * kMillisecond);
  CHECK(spans[0].to_ns <= 2 * kSecond);
  CHECK(spans[0].to_ns > 1'900 * kMillisecond);
}
