// Branches: changes to a run, and their consequences.
#include "sim/capsule/write_scenario.h"
#include "sim/world/runner.h"
#include "tests/viz/run.h"
#include "viz/model/session.h"

using namespace dkv;
using namespace dkv::viz;
using sim::Command;
using sim::CommandKind;

namespace {

Command on(CommandKind kind, std::vector<NodeId> nodes) {
  Command command;
  command.kind = kind;
  command.groups = {std::move(nodes)};
  return command;
}

Command put(const std::string& key, const std::string& value, NodeId via) {
  Command command;
  command.kind = CommandKind::kPut;
  command.key = key;
  command.value = value;
  command.via = via;
  return command;
}

void to_end(Session& session) {
  session.run_until({.what = Until::What::kEnd});
  session.finish();
  REQUIRE(session.world().ended());
}

// The runner's verdict on the saved file of the branch.
sim::RunResult played(const std::string& text) {
  const auto loaded = sim::load_scenario_text(text, "saved.yaml");
  if (!loaded) FAIL(to_string(loaded.error()) + text);
  return sim::run(std::make_shared<const sim::Scenario>(*loaded), loaded->seed, nullptr);
}

}  // namespace

TEST_CASE("a command in the past makes a branch, and the original run stays") {
  const auto source = kit::source_of(kit::kCalm);
  const auto run = kit::straight(source);
  Session session(source, kit::counted());
  kit::go(session, run.last());
  kit::go(session, 900);
  REQUIRE(session.apply(on(CommandKind::kCrash, {1})));
  CHECK(session.branch_count() == 2);
  CHECK(session.branch().id == 1);
  CHECK(session.branch().parent == 0);
  CHECK(session.branch().forked_at == 900);
  CHECK(session.at() == 900);
  CHECK(session.world().node_view(1).process == sim::ProcessState::kDown);
  CHECK(session.world().fingerprint() != run.fingerprints[900]);
  kit::go(session, 1'500);
  CHECK(session.world().node_view(1).process == sim::ProcessState::kDown);
  const std::uint64_t other = session.world().fingerprint();
  const TimeNs shown_ns = session.now_ns();

  session.switch_to(0, session.now_ns());
  session.finish();
  CHECK(session.world().fingerprint() == run.fingerprints[session.at()]);
  CHECK(session.now_ns() <= shown_ns);
  CHECK(run.times[session.at() + 1] > shown_ns);
  kit::go(session, 899);
  session.switch_to(1, session.now_ns());
  session.finish();
  CHECK(session.world().fingerprint() == run.fingerprints[899]);
  kit::go(session, 1'500);
  CHECK(session.world().fingerprint() == other);
  kit::go(session, 900);
  CHECK(session.world().node_view(1).process == sim::ProcessState::kDown);
  CHECK_FALSE(session.error());
}

TEST_CASE("two branches with the same commands have the same fingerprint") {
  const auto source = kit::source_of(kit::kStormy);
  std::vector<std::uint64_t> fingerprints;
  for (int i = 0; i < 2; ++i) {
    Session session(source, kit::counted());
    // The second session reaches the moment on another path.
    kit::go(session, i == 0 ? 600 : 2'500);
    kit::go(session, 600);
    REQUIRE(session.apply(on(CommandKind::kPause, {0})));
    kit::go(session, 1'100);
    REQUIRE(session.apply(on(CommandKind::kResume, {0})));
    REQUIRE(session.apply(put("k3", "mine", 2)));
    CHECK(session.branch_count() == 2);  // a branch that was not played further takes commands itself
    to_end(session);
    fingerprints.push_back(session.world().fingerprint());
  }
  CHECK(fingerprints[0] == fingerprints[1]);
  CHECK(fingerprints[0] != kit::straight(source).fingerprints.back());
}

TEST_CASE("a branch that is saved plays to the same fingerprint") {
  const auto source = kit::source_of(kit::kStormy, 5);
  Session session(source, kit::counted());
  kit::go(session, 400);
  Command cut;
  cut.kind = CommandKind::kPartition;
  cut.groups = {{0}, {1, 2, 3, 4}};
  REQUIRE(session.apply(cut));
  kit::go(session, 800);
  REQUIRE(session.apply(put("a new: key", "with \"quotes\", and # more", 3)));
  REQUIRE(session.apply(on(CommandKind::kCrash, {2})));
  kit::go(session, 1'000);
  std::uint64_t flying = 0;
  while (flying == 0) {
    kit::go(session, session.at() + 1);
    for (const sim::Flight& one : session.world().flights()) {
      if (one.message && one.id != 0) flying = one.id;
    }
  }
  Command drop;
  drop.kind = CommandKind::kDrop;
  drop.message = flying;
  REQUIRE(session.apply(drop));
  kit::go(session, 1'300);
  Command heal;
  heal.kind = CommandKind::kHeal;
  REQUIRE(session.apply(heal));
  REQUIRE(session.apply(on(CommandKind::kRestart, {2})));
  Command remove = put("k1", "", 4);
  remove.kind = CommandKind::kDelete;
  REQUIRE(session.apply(remove));
  to_end(session);

  const auto text = session.scenario_text(session.branch().id);
  if (!text) FAIL(text.error().what);
  const auto result = played(*text);
  CHECK(result.fingerprint == session.world().fingerprint());
  CHECK(result.events == session.world().events());
  CHECK(result.failed_expectations.empty());

  // A loaded file can be shown, branched and saved again.
  const auto loaded = sim::load_scenario_text(*text, "saved.yaml");
  Session again(kit::source_of(*text, 5), kit::counted());
  CHECK(again.branch().commands.size() == 7);
  to_end(again);
  CHECK(again.world().fingerprint() == result.fingerprint);
  kit::go(again, 200);
  kit::go(again, 1'300);
  CHECK(again.world().fingerprint() != 0);
  CHECK_FALSE(again.error());
  CHECK(*again.scenario_text(0) == *text);
}

TEST_CASE("the original run is saved unchanged") {
  const auto source = kit::source_of(kit::kStormy, 3);
  Session session(source, kit::counted());
  const auto text = session.scenario_text(0);
  REQUIRE(text);
  CHECK(played(*text).fingerprint == kit::straight(source).fingerprints.back());
}

TEST_CASE("a saved scenario contains the overrides and the schedule of its run") {
  sim::Source source = kit::source_of(kit::kCalm);
  source.overrides = {"cluster.w=1", "workload.keys.count=3", "network.latency=2ms"};
  const auto loaded = sim::load_scenario_text(kit::kCalm, "test.yaml", source.overrides);
  REQUIRE(loaded);
  source.scenario = std::make_shared<const sim::Scenario>(*loaded);
  sim::Fault fault;
  fault.kind = sim::FaultKind::kCrash;
  fault.at_ns = kSecond;
  fault.for_ns = kSecond;
  fault.groups = {{0}};
  source.schedule = std::make_shared<const sim::Schedule>(sim::Schedule{fault});
  Session session(source, kit::counted());
  kit::go(session, 300);
  REQUIRE(session.apply(on(CommandKind::kPowerLoss, {2})));
  to_end(session);
  const auto text = session.scenario_text(1);
  if (!text) FAIL(text.error().what);
  CHECK(played(*text).fingerprint == session.world().fingerprint());
}

TEST_CASE("a command that makes no sense changes nothing") {
  Session session(kit::source_of(kit::kCalm), kit::counted());
  kit::go(session, 500);
  const std::uint64_t before = session.world().fingerprint();
  CHECK_FALSE(session.apply(on(CommandKind::kResume, {1})));
  CHECK_FALSE(session.apply(on(CommandKind::kCrash, {7})));
  Command drop;
  drop.kind = CommandKind::kDrop;
  drop.message = 1;
  CHECK_FALSE(session.apply(drop));
  CHECK_FALSE(session.apply(put("", "x", 0)));
  CHECK(session.branch_count() == 1);
  CHECK(session.world().fingerprint() == before);
  to_end(session);
  CHECK_FALSE(session.apply(on(CommandKind::kCrash, {1})));
}

TEST_CASE("another branch is shown at the same time, or at the last moment that it has been played to") {
  const sim::Source source = kit::source_of(kit::kCalm);
  const kit::Straight run = kit::straight(source);
  Session session(source, kit::counted());
  kit::go(session, 1'000'000);
  kit::go(session, 900);
  REQUIRE(session.apply(on(CommandKind::kCrash, {1})));
  kit::go(session, 1'200);
  const TimeNs fork_ns = session.now_ns();
  session.switch_to(0, kSecond * 5 / 2);
  session.finish();
  CHECK(run.times[session.at() + 1] > kSecond * 5 / 2);
  CHECK(session.now_ns() <= kSecond * 5 / 2);
  // The branch ends earlier so far.
  session.switch_to(1, kSecond * 5 / 2);
  session.finish();
  CHECK(session.at() == 1'200);
  CHECK(session.now_ns() == fork_ns);
  session.switch_to(0, 1'000 * kSecond);
  session.finish();
  CHECK(session.at() == run.last());
  CHECK_FALSE(session.error());
}

TEST_CASE("a command happens at its own time, and the moment with it is shown at that time") {
  Session session(kit::source_of(kit::kCalm), kit::counted());
  kit::go(session, 900);
  auto crash = on(CommandKind::kCrash, {1});
  const TimeNs before_ns = session.now_ns();
  crash.at_ns = before_ns + 1;
  REQUIRE(session.apply(crash));
  CHECK(session.now_ns() == before_ns + 1);
  const std::uint64_t print = session.world().fingerprint();
  kit::go(session, 1'500);
  session.seek_time(before_ns + 1);
  session.finish();
  CHECK(session.at() == 900);
  CHECK(session.world().fingerprint() == print);
  CHECK_FALSE(session.error());
}

TEST_CASE("a branch of a branch keeps the commands before it and forgets those after") {
  Session session(kit::source_of(kit::kCalm), kit::counted());
  kit::go(session, 300);
  REQUIRE(session.apply(on(CommandKind::kCrash, {0})));
  kit::go(session, 600);
  REQUIRE(session.apply(on(CommandKind::kRestart, {0})));
  kit::go(session, 900);
  const std::uint64_t first = session.world().fingerprint();
  kit::go(session, 500);
  REQUIRE(session.apply(put("k1", "x", 1)));
  CHECK(session.branch().parent == 1);
  REQUIRE(session.branch().commands.size() == 2);
  CHECK(session.branch().commands[0].kind == CommandKind::kCrash);
  CHECK(session.branch().commands[1].at_event == 501);
  kit::go(session, 900);
  CHECK(session.world().node_view(0).process == sim::ProcessState::kDown);
  session.switch_to(1, session.now_ns());
  session.finish();
  CHECK(session.at() == 900);
  CHECK(session.world().fingerprint() == first);
  CHECK(session.world().node_view(0).process == sim::ProcessState::kUp);
  CHECK_FALSE(session.error());
}

TEST_CASE("the snapshots of all branches together keep within the budget") {
  SessionOptions options = kit::counted();
  options.snapshot_bytes_max = 4u << 20;
  Session session(kit::source_of(kit::kStormy), options);
  for (EventNumber at = 500; at < 3'000; at += 500) {
    session.switch_to(0, session.now_ns());
    session.finish();
    kit::go(session, at);
    REQUIRE(session.apply(put("k1", std::to_string(at), 1)));
    kit::go(session, at + 1'500);
    CHECK(session.stats().snapshot_bytes <= options.snapshot_bytes_max);
  }
  for (BranchId id = 0; id < session.branch_count(); ++id) {
    session.switch_to(id, session.now_ns());
    session.finish();
    kit::go(session, 450);
    kit::go(session, 1'700);
  }
  CHECK_FALSE(session.error());
}
