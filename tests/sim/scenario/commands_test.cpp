// `commands:` of a scenario: reading, complaints, and writing.
#include "sim/capsule/write_scenario.h"
#include "tests/paths.h"
#include "tests/sim/scenario/text.h"

namespace dkv::sim {

namespace {

std::string complaint_about(const std::string& command) {
  return complaint_of("commands:\n  - " + command + "\n");
}

}  // namespace

TEST_CASE("commands are read in the order of their events, and those of one event in the file's order") {
  const Scenario scenario = load_good(R"(
cluster: {nodes: [a, b, c]}
commands:
  - {at_event: 90, heal: network}
  - {at_event: 7, crash: a}
  - {at_event: 7, power_loss: [b, c]}
  - {at_event: 8, at: 2500us, restart: all}
  - {at_event: 9, pause: [a]}
  - {at_event: 10, resume: [a]}
  - {at_event: 11, partition: [[a], rest]}
  - {at_event: 12, drop: 4711}
  - {at_event: 13, put: cart, value: "milk, eggs", via: b, bucket: sessions}
  - {at_event: 14, delete: cart, via: c, blind: true}
)");
  const Commands& commands = scenario.commands;
  REQUIRE(commands.size() == 10);
  CHECK(commands[0].kind == CommandKind::kCrash);
  CHECK(commands[0].groups == std::vector<std::vector<NodeId>>{{0}});
  CHECK(commands[0].line == 5);
  CHECK(commands[1].kind == CommandKind::kPowerLoss);
  CHECK(commands[1].groups[0] == std::vector<NodeId>{1, 2});
  CHECK(commands[2].groups[0].size() == 3);
  CHECK(commands[2].at_ns == 2500 * kMicrosecond);
  CHECK(commands[3].at_ns == 0);
  CHECK(commands[3].kind == CommandKind::kPause);
  CHECK(commands[4].kind == CommandKind::kResume);
  CHECK(commands[5].groups == std::vector<std::vector<NodeId>>{{0}, {1, 2}});
  CHECK(commands[6].message == 4711);
  CHECK(commands[7].value == "milk, eggs");
  CHECK(commands[7].via == 1);
  CHECK(commands[7].bucket == "sessions");
  CHECK_FALSE(commands[7].blind);
  CHECK(commands[8].kind == CommandKind::kDelete);
  CHECK(commands[8].blind);
  CHECK(commands[9].at_event == 90);

  Commands read = load_good("cluster: {nodes: [a, b, c]}\n" + write_commands(commands, scenario)).commands;
  Commands meant = commands;
  for (Command& one : read) one.line = 0;
  for (Command& one : meant) one.line = 0;
  CHECK(read == meant);
}

TEST_CASE("a wrong command is refused with its place and a suggestion") {
  CHECK(complaint_about("{at_event: 5, crahs: n1}") ==
        "story.yaml:2:19: unknown key 'crahs' in 'commands'; did you mean 'crash'?");
  CHECK_THAT(complaint_about("{at_event: 5}"), ContainsSubstring("2:5: a command that does nothing"));
  CHECK_THAT(complaint_about("{crash: n1}"), ContainsSubstring("at_event"));
  CHECK_THAT(complaint_about("{at_event: 0, crash: n1}"), ContainsSubstring("'at_event'"));
  CHECK_THAT(complaint_about("{at_event: 5, crash: n1, pause: n2}"),
             ContainsSubstring("2:30: a command that is both 'crash' and 'pause'"));
  CHECK_THAT(complaint_about("{at_event: 5, crash: n9}"), ContainsSubstring("unknown node 'n9' in 'crash'"));
  CHECK_THAT(complaint_about("{at_event: 5, partition: [[n1, n2]]}"), ContainsSubstring("with 1 sets of nodes"));
  CHECK_THAT(complaint_about("{at_event: 5, heal: n1}"), ContainsSubstring("'n1' is not a value of 'heal'"));
  CHECK_THAT(complaint_about("{at_event: 5, drop: 0}"), ContainsSubstring("'drop'"));
  CHECK_THAT(complaint_about("{at_event: 5, put: cart, value: x}"), ContainsSubstring("via"));
  CHECK_THAT(complaint_about("{at_event: 5, put: cart, via: n1}"), ContainsSubstring("value"));
  CHECK_THAT(complaint_about("{at_event: 5, put: '', value: x, via: n1}"), ContainsSubstring("empty key"));
  CHECK_THAT(complaint_about("{at_event: 5, delete: cart, value: x, via: n1}"), ContainsSubstring("it belongs to put"));
  CHECK_THAT(complaint_about("{at_event: 5, crash: n1, via: n1}"),
             ContainsSubstring("'via' in a command with 'crash'"));
  CHECK_THAT(complaint_of("commands: {at_event: 5, crash: n1}\n"), ContainsSubstring("commands"));
}

TEST_CASE("writing keeps the text of the scenario, except seed and commands") {
  const std::string text = R"(# A story.
about: short
seed: 9
run: 2s
# what was done
commands:
  - {at_event: 3, crash: n1}
# some load
workload: {clients: 2, load: {rate: 50/s}}
)";
  Source source;
  source.scenario = std::make_shared<const Scenario>(load_good(text));
  source.seed = 4;
  source.schedule = std::make_shared<const Schedule>();
  source.scenario_text = text;
  Command pause;
  pause.at_event = 12;
  pause.kind = CommandKind::kPause;
  pause.groups = {{1}};
  const auto written = write_scenario(source, {pause});
  if (!written) FAIL(written.error().what);
  CHECK(*written == R"(# A story.
about: short
run: 2s
# what was done
# some load
workload: {clients: 2, load: {rate: 50/s}}
seed: 4
commands:
  - {at_event: 12, pause: [n2]}
)");
}

TEST_CASE("a run of the swarm can't be written as a scenario") {
  Source source;
  source.scenario = std::make_shared<const Scenario>(load_good("run: 2s\n"));
  source.schedule = std::make_shared<const Schedule>();
  source.swarm_seed = 3;
  REQUIRE_FALSE(write_scenario(source, {}));
  CHECK_THAT(write_scenario(source, {}).error().what, ContainsSubstring("swarm"));
}

TEST_CASE("a file is taken for a capsule when that is its first word") {
  const auto missing =
      load_any({.scenario_path = "/nonexistent/x.yaml", .seed = {}, .schedule_path = {}, .overrides = {}});
  REQUIRE_FALSE(missing);
  const std::string path = std::string(paths::kSources) + "/scenarios/rolling-restart.yaml";
  const auto loaded = load_any({.scenario_path = path, .seed = 5, .schedule_path = {}, .overrides = {"cluster.w=1"}});
  if (!loaded) FAIL(to_string(loaded.error()));
  CHECK(loaded->seed == 5);
  CHECK(loaded->scenario->cluster.write_need == 1);
  CHECK_FALSE(loaded->schedule->empty());
}

}  // namespace dkv::sim
