#include "viz/model/session.h"

#include <malloc.h>

#include "sim/kernel/rng.h"
#include "tests/viz/run.h"

using namespace dkv;
using namespace dkv::viz;

TEST_CASE("seeks back and forward at random lead to the moments of a straight run") {
  const auto source = kit::source_of(kit::kStormy);
  const auto run = kit::straight(source);
  REQUIRE(run.last() > 4'000);
  Session session(source, kit::counted());
  sim::Stream random(7, sim::Purpose::kSwarm);
  for (int i = 0; i < 60; ++i) {
    const EventNumber event = random.below(run.last() + 1);
    kit::go(session, event);
    REQUIRE(session.at() == event);
    REQUIRE(session.world().fingerprint() == run.fingerprints[event]);
    REQUIRE(session.now_ns() == run.times[event]);
  }
  CHECK_FALSE(session.error());
  kit::go(session, run.last() + 1000);
  CHECK(session.at() == run.last());
  CHECK(session.branch().ended);
  CHECK(session.world().fingerprint() == run.fingerprints.back());
}

TEST_CASE("a time leads to the last moment that is not after it, from either side") {
  const auto source = kit::source_of(kit::kCalm);
  const auto run = kit::straight(source);
  Session session(source, kit::counted());
  sim::Stream random(3, sim::Purpose::kSwarm);
  for (int i = 0; i < 40; ++i) {
    const auto at_ns = static_cast<TimeNs>(random.below(static_cast<std::uint64_t>(run.times.back())));
    session.seek_time(at_ns);
    session.finish();
    REQUIRE(session.now_ns() <= at_ns);
    REQUIRE(session.world().fingerprint() == run.fingerprints[session.at()]);
    REQUIRE(session.at() < run.last());
    REQUIRE(run.times[session.at() + 1] > at_ns);
  }
}

TEST_CASE("steps back and forward are one event each, and stop at the beginning") {
  Session session(kit::source_of(kit::kCalm), kit::counted());
  kit::go(session, 700);
  const std::uint64_t here = session.world().fingerprint();
  for (int i = 0; i < 5; ++i) {
    session.step_back();
    session.finish();
  }
  CHECK(session.at() == 695);
  for (int i = 0; i < 5; ++i) {
    session.step();
    session.finish();
  }
  CHECK(session.at() == 700);
  CHECK(session.world().fingerprint() == here);
  kit::go(session, 0);
  session.step_back();
  session.finish();
  CHECK(session.at() == 0);
}

TEST_CASE("a seek works in slices, and a seek into the past shows the old moment until it is done") {
  Session session(kit::source_of(kit::kStormy), kit::counted());
  kit::go(session, 4'000);
  session.seek(470);
  CHECK(session.busy());
  int slices = 0;
  while (!session.advance(std::chrono::nanoseconds(1))) {
    ++slices;
    REQUIRE((session.at() == 4'000 || session.at() == 470));
    REQUIRE(session.progress() <= 1.0);
  }
  CHECK_FALSE(session.busy());
  CHECK(session.at() == 470);
  session.seek(4'100);
  session.advance(std::chrono::nanoseconds(1));
  session.cancel();
  CHECK_FALSE(session.busy());
  CHECK(session.at() < 4'100);
}

TEST_CASE("a run until a condition stops at the first event that meets it") {
  const auto source = kit::source_of(kit::kStormy);
  Session session(source, kit::counted());
  SECTION("a fault") {
    session.run_until({.what = Until::What::kFault});
    session.finish();
    CHECK(session.world().faults_on().size() == 1);
    REQUIRE(session.log().event(session.at()));
    CHECK(session.log().event(session.at())->kind == EventKind::kFaultBegins);
  }
  SECTION("a message of a node, also where the run was played before") {
    kit::go(session, 3'000);
    kit::go(session, 100);
    session.run_until({.what = Until::What::kMessage, .node = 3});
    session.finish();
    EventNumber expected = 101;
    const auto is_it = [&](const EventRecord& one) {
      return one.kind == EventKind::kMessage && (one.node == 3 || one.from == 3);
    };
    while (!is_it(*session.log().event(expected))) ++expected;
    CHECK(session.at() == expected);
  }
  SECTION("the end, when nothing is found") {
    session.run_until({.what = Until::What::kFinding});
    session.finish();
    CHECK(session.world().ended());
    CHECK(session.branch().violations.empty());
  }
}

TEST_CASE("snapshots keep within their budget, and every moment stays within reach") {
  const auto source = kit::source_of(kit::kStormy);
  const auto run = kit::straight(source);
  SessionOptions options = kit::counted();
  Session unbounded(source, options);
  kit::go(unbounded, run.last());
  const SessionStats all = unbounded.stats();
  REQUIRE(all.snapshots > 6);
  options.snapshot_bytes_max = all.snapshot_bytes / 3;
  Session session(source, options);
  kit::go(session, run.last());
  CHECK(session.stats().snapshot_bytes <= options.snapshot_bytes_max);
  CHECK(session.stats().snapshots < all.snapshots);
  CHECK(session.stats().snapshots > 1);
  sim::Stream random(11, sim::Purpose::kSwarm);
  for (int i = 0; i < 20; ++i) {
    const EventNumber event = random.below(run.last() + 1);
    kit::go(session, event);
    REQUIRE(session.world().fingerprint() == run.fingerprints[event]);
    REQUIRE(session.stats().snapshot_bytes <= options.snapshot_bytes_max);
  }
}

TEST_CASE("a second step back does not play the same stretch again") {
  Session session(kit::source_of(kit::kStormy), kit::counted());
  kit::go(session, 4'000);
  kit::go(session, 2'000);
  session.step_back();
  session.finish();
  // near_ns equals the cost of 100 events. Marks are 64 events apart.
  for (int i = 0; i < 10; ++i) {
    const std::uint64_t before = session.stats().events_replayed;
    session.step_back();
    session.finish();
    CHECK(session.stats().events_replayed - before <= 100 + Marks::kEvery);
  }
  CHECK(session.at() == 1'989);
}

TEST_CASE("the memory of a copy of the world is estimated within a factor of two") {
  const auto before = mallinfo2().uordblks;
  const auto probe = std::make_unique<std::string>(100'000, 'x');
  if (mallinfo2().uordblks < before + 100'000) return;  // another allocator is in use
  for (const char* text : {kit::kStormy, kit::kCalm}) {
    const auto source = kit::source_of(text);
    sim::World world(source.scenario, source.seed, source.schedule);
    while (world.events() < 4'000 && world.step()) {
    }
    const auto held = mallinfo2();
    const auto copy = std::make_unique<sim::World>(world);
    const auto more = mallinfo2();
    const auto taken = static_cast<double>(more.uordblks + more.hblkhd - held.uordblks - held.hblkhd);
    const auto estimate = static_cast<double>(world.copy_bytes());
    CAPTURE(taken, estimate);
    CHECK(estimate > taken / 2);
    CHECK(estimate < taken * 2);
  }
}

TEST_CASE("a full memory of snapshots does not make the session take them again and again") {
  SessionOptions options = kit::counted();
  Session roomy(kit::source_of(kit::kStormy), options);
  kit::go(roomy, 1'000'000);
  const std::size_t all = roomy.stats().snapshots_taken;
  options.snapshot_bytes_max = roomy.stats().snapshot_bytes / 3;
  Session narrow(kit::source_of(kit::kStormy), options);
  kit::go(narrow, 1'000'000);
  CHECK(narrow.stats().snapshot_bytes <= options.snapshot_bytes_max);
  CHECK(narrow.stats().snapshots > 1);
  CHECK(narrow.stats().snapshots_taken <= all);
}
