#include "tests/sim/kit.h"

using namespace dkv;
using namespace dkv::sim;

namespace {

Command command(CommandKind kind, std::uint64_t at_event, std::vector<std::vector<NodeId>> groups = {}) {
  Command made;
  made.kind = kind;
  made.at_event = at_event;
  made.groups = std::move(groups);
  return made;
}

Command asked(CommandKind kind, std::uint64_t at_event, const std::string& key, NodeId via,
              const std::string& value = {}) {
  Command made = command(kind, at_event);
  made.key = key;
  made.via = via;
  made.value = value;
  return made;
}

Scenario loaded() {
  Scenario scenario = kit::cluster_of(5);
  kit::load(scenario, 4, 200);
  return scenario;
}

// Plays until this many events are over.
void upto(kit::Play& play, std::uint64_t events) {
  while (play.world.events() < events) REQUIRE(play.world.step(&play));
}

Command now(const kit::Play& play, Command made) {
  made.at_event = play.world.events() + 1;
  return made;
}

std::string ms(const kit::Play& play) {
  return std::to_string(play.world.now() / kMillisecond);
}

}  // namespace

TEST_CASE("commands of a scenario and the same ones given by hand are the same run") {
  const Scenario plain = loaded();
  Scenario written = plain;
  written.commands = {command(CommandKind::kCrash, 1, {{0}}), command(CommandKind::kPartition, 700, {{1}, {2, 3, 4}}),
                      asked(CommandKind::kPut, 700, "k1", 1, "x"), command(CommandKind::kRestart, 1'200, {{0}})};
  kit::Play by_hand(plain);
  for (const Command& one : written.commands) {
    upto(by_hand, one.at_event - 1);
    REQUIRE(by_hand.world.apply(one, &by_hand));
  }
  kit::Play by_file(written);
  const RunResult first = by_hand.to_end();
  const RunResult second = by_file.to_end();
  CHECK(first.fingerprint == second.fingerprint);
  CHECK(first.events == second.events);
  CHECK(by_file.world.commands_applied() == 4);
  CHECK(second.failed_expectations.empty());
  CHECK(first.fingerprint != kit::Play(plain).to_end().fingerprint);
}

TEST_CASE("each command has its own fingerprint, even one that changes almost nothing") {
  const auto fingerprint = [](const Command& one) {
    Scenario scenario = loaded();
    scenario.commands = {one};
    return kit::Play(scenario).to_end().fingerprint;
  };
  const auto blank = kit::Play(loaded()).to_end().fingerprint;
  std::vector<std::uint64_t> all{blank,
                                 fingerprint(command(CommandKind::kPause, 900, {{4}})),
                                 fingerprint(command(CommandKind::kPause, 901, {{4}})),
                                 fingerprint(command(CommandKind::kPause, 900, {{3}})),
                                 fingerprint(asked(CommandKind::kPut, 900, "k1", 0, "x")),
                                 fingerprint(asked(CommandKind::kPut, 900, "k1", 0, "y")),
                                 fingerprint(asked(CommandKind::kPut, 900, "k1", 1, "x")),
                                 fingerprint(asked(CommandKind::kDelete, 900, "k1", 0))};
  std::sort(all.begin(), all.end());
  CHECK(std::unique(all.begin(), all.end()) == all.end());
}

TEST_CASE("a process that was crashed stays down until it is restarted, or until the heal") {
  kit::Play play(loaded());
  upto(play, 500);
  const std::string at = ms(play);
  REQUIRE(play.world.apply(now(play, command(CommandKind::kCrash, 0, {{0, 1}})), &play));
  CHECK(play.world.node(0) == nullptr);
  CHECK(play.world.node(1) == nullptr);
  CHECK(play.world.faults_on() == std::vector<std::uint32_t>{0});
  CHECK_FALSE(play.world.check(now(play, command(CommandKind::kCrash, 0, {{0}}))));
  play.until(2 * kSecond);
  CHECK(play.world.node(0) == nullptr);
  const std::string again = ms(play);
  REQUIRE(play.world.apply(now(play, command(CommandKind::kRestart, 0, {{0}})), &play));
  CHECK(play.world.node(0) != nullptr);
  CHECK(play.world.faults_on().size() == 1);  // it still keeps the other one down
  const RunResult result = play.to_end();
  CHECK(result.pass);
  CHECK(play.life_of(0) == "crashed " + at + ", started " + again);
  CHECK(play.life_of(1) == "crashed " + at + ", started 4000");
}

TEST_CASE("a restart ends the effect of a scheduled fault, and the fault's own end does nothing more") {
  kit::Play play(loaded(), {kit::fault(FaultKind::kCrash, kSecond, kSecond, {2})});
  play.until(1'500 * kMillisecond);
  const std::string again = ms(play);
  REQUIRE(play.world.apply(now(play, command(CommandKind::kRestart, 0, {{2}})), &play));
  CHECK(play.world.faults_on().empty());
  CHECK(play.to_end().pass);
  CHECK(play.life_of(2) == "crashed 1000, started " + again);
}

TEST_CASE("a restart of a process that is up kills it first") {
  kit::Play play(loaded());
  play.until(kSecond);
  REQUIRE(play.world.apply(now(play, command(CommandKind::kRestart, 0, {{2}})), &play));
  CHECK(play.world.node(2)->incarnation() == 2);
  CHECK(play.to_end().pass);
}

TEST_CASE("a paused process continues with the events that came meanwhile, whichever fault had paused it") {
  kit::Play play(loaded(), {kit::fault(FaultKind::kPause, kSecond, 2 * kSecond, {3})});
  play.until(500 * kMillisecond);
  REQUIRE(play.world.apply(now(play, command(CommandKind::kPause, 0, {{0}})), &play));
  play.until(1'200 * kMillisecond);
  CHECK(play.world.node_view(0).process == ProcessState::kPaused);
  CHECK(play.world.node_view(0).waiting > 0);
  CHECK(play.world.node_view(3).process == ProcessState::kPaused);
  const std::string again = ms(play);
  REQUIRE(play.world.apply(now(play, command(CommandKind::kResume, 0, {{0, 3}})), &play));
  CHECK(play.world.node_view(0).process == ProcessState::kUp);
  CHECK(play.world.node_view(0).waiting == 0);
  CHECK(play.world.faults_on().empty());
  CHECK_FALSE(play.world.check(now(play, command(CommandKind::kResume, 0, {{0}}))));
  CHECK(play.to_end().pass);
  CHECK(play.life_of(3) == "paused 1000, resumed " + again);
}

TEST_CASE("a partition holds until it is healed, and a heal ends the schedule's faults of the network too") {
  Schedule schedule{kit::fault(FaultKind::kClog, 600 * kMillisecond, 2 * kSecond, {4})};
  kit::Play play(loaded(), schedule);
  play.until(500 * kMillisecond);
  REQUIRE(play.world.apply(now(play, command(CommandKind::kPartition, 0, {{0}, {1, 2, 3, 4}})), &play));
  play.until(kSecond);
  CHECK_FALSE(play.world.network().open(0, 1));
  CHECK(play.world.node_view(0).cut_off);
  CHECK(play.world.node_view(1).cut_links == 2);
  REQUIRE(play.world.apply(now(play, command(CommandKind::kHeal, 0)), &play));
  CHECK(play.world.network().open(0, 1));
  CHECK_FALSE(play.world.network().any_fault());
  CHECK_FALSE(play.world.check(now(play, command(CommandKind::kHeal, 0))));
  for (const Flight& flight : play.world.flights()) CHECK(flight.where != Flight::Where::kClogged);
  CHECK(play.to_end().pass);
}

TEST_CASE("a message that is dropped never arrives, and its event still comes") {
  Scenario scenario = kit::cluster_of(3);
  scenario.workload.steps = {kit::step(kSecond, "alice", StepKind::kPut, "cart", "milk")};
  kit::Play play(scenario);
  play.until(kSecond);
  std::uint64_t request = 0;
  for (const Flight& flight : play.world.flights()) {
    if (flight.request) request = flight.id;
  }
  REQUIRE(request != 0);
  Command drop = command(CommandKind::kDrop, 0);
  drop.message = request;
  const std::size_t pending = play.world.pending_events();
  REQUIRE(play.world.apply(now(play, drop), &play));
  CHECK(play.world.pending_events() == pending);
  CHECK_FALSE(play.world.check(now(play, drop)));  // it is gone
  play.to_end();
  REQUIRE(play.operations.size() == 1);
  CHECK_FALSE(play.operations[0].outcome);  // alice got no answer
  CHECK(play.kinds["dropped"] == 1);
}

TEST_CASE("a put by command reads first and replaces the versions it saw, and a blind one becomes a sibling") {
  Scenario scenario = kit::cluster_of(3);
  scenario.workload.steps = {kit::step(kSecond, "alice", StepKind::kPut, "cart", "milk"),
                             kit::step(2'500 * kMillisecond, "bob", StepKind::kGet, "cart")};
  const bool blind = GENERATE(false, true);
  kit::Play play(scenario);
  play.until(1'500 * kMillisecond);
  Command put = asked(CommandKind::kPut, 0, "cart", 2, "bread");
  put.blind = blind;
  REQUIRE(play.world.apply(now(play, put), &play));
  REQUIRE(play.world.clients().running().size() == 1);
  CHECK(*play.world.clients().running()[0].session_name == "you");
  play.until(2 * kSecond);
  const ObjectPtr* held = play.world.image(0).find(*Key::make(kDefaultBucket, "cart"));
  REQUIRE(held);
  CHECK((*held)->siblings().size() == (blind ? 2 : 1));
  const RunResult result = play.to_end();
  CHECK(result.pass);
  CHECK(result.violations.empty());
}

TEST_CASE("a delete by command deletes, and a new key can be put") {
  Scenario scenario = loaded();
  kit::Play play(scenario);
  play.until(kSecond);
  REQUIRE(play.world.apply(now(play, asked(CommandKind::kPut, 0, "never heard of", 1, "x")), &play));
  REQUIRE(play.world.apply(now(play, asked(CommandKind::kPut, 0, "another", 1, "y")), &play));
  CHECK(play.world.clients().running().size() >= 2);
  play.until(1'500 * kMillisecond);
  REQUIRE(play.world.apply(now(play, asked(CommandKind::kDelete, 0, "never heard of", 3)), &play));
  const RunResult result = play.to_end();
  CHECK(result.pass);
  const auto held = [&](const char* key) {
    const auto place = play.world.placement().partition(Key::make(kDefaultBucket, key)->hash());
    return *play.world.image(play.world.placement().primaries(place)[0]).find(*Key::make(kDefaultBucket, key));
  };
  CHECK(held("never heard of")->deleted());
  CHECK(held("another")->siblings()[0].value.view() == "y");
}

TEST_CASE("a command of a file that made no sense, or never came, fails the run and says its line") {
  Scenario scenario = loaded();
  scenario.commands = {command(CommandKind::kResume, 10, {{0}}), command(CommandKind::kCrash, 1'000'000'000, {{0}})};
  scenario.commands[0].line = 7;
  const RunResult result = kit::Play(scenario).to_end();
  CHECK_FALSE(result.pass);
  REQUIRE(result.failed_expectations.size() == 2);
  CHECK(result.failed_expectations[0] == "command resume before event 10: n1 is not paused (line 7)");
  CHECK(result.failed_expectations[1] ==
        "command crash before event 1000000000: the run ended with event " + std::to_string(result.events));
}

TEST_CASE("a command happens at its own time, and one outside its two events at the nearer of them") {
  const auto crashed_at = [](TimeNs asked_ns) {
    kit::Play play(loaded());
    upto(play, 600);
    Command crash = now(play, command(CommandKind::kCrash, 0, {{0}}));
    crash.at_ns = asked_ns;
    REQUIRE(play.world.apply(crash));
    return play.world.now();
  };
  kit::Play play(loaded());
  upto(play, 600);
  const TimeNs before = play.world.now(), after = play.world.next_at();
  REQUIRE(after > before + 1);
  CHECK(crashed_at(0) == before);
  CHECK(crashed_at(before + 1) == before + 1);
  CHECK(crashed_at(after + kSecond) == after);
}

TEST_CASE("a command with a time of its own is another run than one without") {
  const auto fingerprint = [](TimeNs at_ns) {
    Scenario scenario = loaded();
    scenario.commands = {command(CommandKind::kCrash, 600, {{0}})};
    scenario.commands[0].at_ns = at_ns;
    return kit::Play(scenario).to_end().fingerprint;
  };
  kit::Play play(loaded());
  upto(play, 599);
  CHECK(fingerprint(0) == fingerprint(play.world.now()));
  CHECK(fingerprint(0) != fingerprint(play.world.now() + 1));
}

TEST_CASE("after the heal no command is taken") {
  kit::Play play(loaded());
  play.until(4 * kSecond);
  REQUIRE(play.world.healing());
  CHECK_FALSE(play.world.check(now(play, command(CommandKind::kCrash, 0, {{0}}))));
  CHECK_FALSE(play.world.check(now(play, asked(CommandKind::kPut, 0, "k1", 0, "x"))));
  CHECK(play.to_end().fingerprint == kit::Play(loaded()).to_end().fingerprint);
}

TEST_CASE("a copy of a world continues in the same way after commands") {
  kit::Play play(loaded());
  upto(play, 600);
  REQUIRE(play.world.apply(now(play, asked(CommandKind::kPut, 0, "new", 1, "x"))));
  REQUIRE(play.world.apply(now(play, command(CommandKind::kCrash, 0, {{3}}))));
  World copy = play.world;
  while (play.world.step()) REQUIRE(copy.step());
  copy.step();
  CHECK(copy.fingerprint() == play.world.fingerprint());
}
