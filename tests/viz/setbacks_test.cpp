#include "viz/model/setbacks.h"

#include <set>

#include "sim/story/setbacks.h"
#include "sim/watch/witness.h"
#include "tests/viz/run.h"
#include "tests/viz/stage.h"
#include "viz/model/oracles.h"

using namespace dkv;
using namespace dkv::viz;

namespace {

// The setbacks as `distri-kv run` tells them.
class Told final : public sim::Forwarding<> {
 public:
  explicit Told(const sim::Scenario& scenario) : scenario_(scenario), witness_(scenario) { forward_to(witness_); }
  void on_setback(const sim::Setback& setback) override {
    const bool stale = setback.kind == sim::SetbackKind::kStaleRead;
    words.push_back(story::setback_words(setback, stale ? witness_.cause_of(setback) : sim::StaleCause(), scenario_));
  }
  std::vector<std::string> words;

 private:
  const sim::Scenario& scenario_;
  sim::Witness witness_;
};

std::vector<std::string> told_by_run(const sim::Source& source) {
  sim::World world(source.scenario, source.seed, source.schedule);
  Told told(*source.scenario);
  while (world.step(&told)) {
  }
  return told.words;
}

}  // namespace

TEST_CASE("the debugger finds the setbacks that a run tells, each with the same words") {
  for (const char* name : {"stale-reads-r1w1", "last-write-wins-loses"}) {
    INFO(name);
    const sim::Source source = kit::scenario_named(name);
    Session session(source, kit::counted());
    kit::go(session, 1'000'000);
    std::vector<std::string> words;
    for (const FoundSetback& one : session.branch().setbacks) words.push_back(one.words);
    CHECK_FALSE(words.empty());
    CHECK(words == told_by_run(source));
    CHECK(session.branch().setbacks_left_out == 0);
  }
}

TEST_CASE("one can run from each setback to the next one, and the last one is followed by the end") {
  Session session(kit::scenario_named("stale-reads-r1w1"), kit::counted());
  kit::go(session, 1'000'000);
  std::set<EventNumber> events;
  for (const FoundSetback& one : session.branch().setbacks) events.insert(one.event);
  kit::go(session, 0);
  for (const EventNumber event : events) {
    session.run_until({.what = Until::What::kSetback});
    session.finish();
    REQUIRE(session.met());
    REQUIRE(session.at() == event);
  }
  session.run_until({.what = Until::What::kSetback});
  session.finish();
  CHECK_FALSE(session.met());
  CHECK(session.world().ended());
}

TEST_CASE("a setback is found at the operation that it is about") {
  Session session(kit::scenario_named("last-write-wins-loses"), kit::counted());
  kit::go(session, 1'000'000);
  WrongOperations wrong;
  wrong.update(session.branch());
  std::set<const FoundSetback*> reached;
  std::size_t right = 0;
  session.log().each_operation(0, session.at(), [&](const OperationRecord& one) {
    const FoundSetback* found = wrong.of(one);
    if (!found) {
      ++right;
      return;
    }
    reached.insert(found);
    if (one.kind != sim::OperationKind::kGet) CHECK(found->setback.write == one.tag);
    if (one.kind == sim::OperationKind::kGet) CHECK(found->setback.session == one.session);
  });
  CHECK(right > 0);
  CHECK_FALSE(reached.empty());
}

TEST_CASE("discards are counted when they happen, and at the end as the oracle counts them") {
  Session session(kit::scenario_named("last-write-wins-loses"), kit::counted());
  kit::go(session, 1'000'000);
  const std::uint64_t all = discards_so_far(session.branch(), session.world());
  CHECK(all == session.world().judge()->counters().discarded_by_lww);
  REQUIRE(all > 0);
  std::uint64_t before = 0;
  for (const FoundSetback& one : std::vector(session.branch().setbacks)) {
    if (one.setback.kind != sim::SetbackKind::kDiscarded) continue;
    kit::go(session, one.event - 1);
    CHECK(discards_so_far(session.branch(), session.world()) <= before);
    kit::go(session, one.event);
    CHECK(discards_so_far(session.branch(), session.world()) > before);
    before = discards_so_far(session.branch(), session.world());
    if (before >= 3) break;
  }
}

TEST_CASE("a branch in the past forgets the setbacks after it") {
  Session session(kit::scenario_named("stale-reads-r1w1"), kit::counted());
  kit::go(session, 1'000'000);
  const EventNumber first = session.branch().setbacks.front().event;
  kit::go(session, first);
  REQUIRE(session.apply({.kind = sim::CommandKind::kPause, .groups = {{0}}}));
  CHECK(session.branch().setbacks.back().event == first);
  CHECK(session.branch(0).setbacks.back().event > first);
}
