// Scripted sessions: actions of a person, and the state of the model afterwards.
#include "viz/app/app.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "sim/scenario/load.h"
#include "tests/viz/stage.h"

using namespace dkv;
using namespace dkv::viz;
using namespace dkv::viz::kit;

TEST_CASE("the arrow keys step from event to event and back, and the state after each event is shown") {
  Stage stage(scenario_named("shopping-carts"));
  CHECK(stage.fact("event") == "0");
  const std::string first = stage.fact("fingerprint");
  stage.play(
      "press Right\nsettle\nexpect event 1\npress Shift+Right\nsettle\nexpect event 11\n"
      "press Ctrl+Right\nsettle\nexpect event 111\npress Left\nsettle\nexpect event 110\npress Home\nsettle\nexpect "
      "event 0\n");
  CHECK(stage.fact("fingerprint") == first);
  stage.play("press End\nsettle\nexpect ended yes\npress Left\nsettle\nexpect ended no\n");
}

TEST_CASE("Space lets time pass at the chosen speed, and stops it") {
  Stage stage(scenario_named("shopping-carts"));
  stage.workspace().player.speed = 0.02;
  stage.play("press Space\nexpect playing yes\nwait 60\npress Space\nexpect playing no\nsettle\n");
  // A few more than sixty frames, each a sixtieth of a second.
  const TimeNs shown = stage.workspace().player.shown_ns;
  CHECK(shown >= 19 * kMillisecond);
  CHECK(shown <= 24 * kMillisecond);
  CHECK(stage.workspace().session.now_ns() <= shown);
  CHECK(stage.workspace().next_at_ns() > shown);
  stage.play("press +\nexpect playing no\nclick Play\nexpect playing yes\nclick \"Stop time\"\nexpect playing no\n");
  CHECK(stage.workspace().player.speed > 0.02);
}

TEST_CASE("a debugger at rest makes no frames of its own") {
  Stage stage(scenario_named("shopping-carts"));
  CHECK_FALSE(stage.app.restless());
  stage.host.frames(5);
  CHECK_FALSE(stage.app.restless());
  stage.press("Space");
  CHECK(stage.app.restless());
}

TEST_CASE("a click or a drag on the time line shows the moment under the pointer") {
  Stage stage(scenario_named("shopping-carts"));
  const TimeNs end = stage.workspace().end_ns();
  stage.click("timeline");
  stage.settle();
  CHECK(std::abs(stage.workspace().player.shown_ns - end / 2) < end / 500);
  CHECK(stage.workspace().session.now_ns() <= stage.workspace().player.shown_ns);
  stage.play("drag timeline 0.5 0.25\nsettle\n");
  CHECK(std::abs(stage.workspace().player.shown_ns - end / 4) < end / 500);
  const TimeNs shown = stage.workspace().player.shown_ns;
  stage.host.frames(10);
  CHECK(stage.workspace().player.shown_ns == shown);
}

TEST_CASE("a click on a node of the ring puts it in focus, and one beside it takes the focus away") {
  Stage stage(scenario_named("shopping-carts"));
  stage.play(
      "click \"node n4\"\nexpect node n4\nsee Crash\nclick \"node n2\"\nexpect node n2\nclick ring\nexpect node "
      "none\nabsent Crash\n");
}

TEST_CASE("a crash from the panel makes a branch in which the node is down, and the original run stays") {
  Stage stage(scenario_named("shopping-carts"), {.at_ns = kSecond});
  stage.play("click \"node n2\"\nclick Crash\nexpect branches 2\nexpect branch 1\n");
  CHECK(stage.fact("state n2") == "down");
  stage.play("click Restart\nexpect branches 2\nsettle\n");
  CHECK(stage.fact("state n2") != "down");
  stage.play("click \"tab Branches\"\nclick \"the run\"\nsettle\nexpect branch 0\n");
  CHECK(stage.fact("state n2") == "up");
  CHECK(stage.workspace().session.branch(0).commands.empty());
  CHECK(stage.workspace().session.branch(1).commands.size() == 2);
}

TEST_CASE("pause, resume, cutting off and healing work by button and by key") {
  Stage stage(scenario_named("shopping-carts"), {.at_ns = kSecond});
  stage.play("click \"node n3\"\nclick Pause\n");
  CHECK(stage.fact("state n3") == "paused");
  stage.play("press p\n");
  CHECK(stage.fact("state n3") == "up");
  stage.play("press x\n");
  CHECK(stage.workspace().world().node_view(2).cut_off);
  stage.play("press h\n");
  CHECK(stage.workspace().world().node_view(2).cut_links == 0);
  CHECK(stage.workspace().session.branch().commands.size() == 4);
}

TEST_CASE("a message that is dropped from the panel never arrives") {
  Stage stage(scenario_named("shopping-carts"), {.at_ns = 500 * kMillisecond});
  std::uint64_t id = 0;
  for (int steps = 0; steps < 100 && id == 0; ++steps) {
    stage.play("press Right\nsettle\n");
    for (const sim::Flight& one : stage.workspace().world().flights())
      if (one.message) id = one.id;
  }
  REQUIRE(id != 0);
  stage.workspace().look_at_message(id);
  stage.play("wait 2\nclick \"Drop it\"\nexpect branches 2\nexpect message none\n");
  for (const sim::Flight& one : stage.workspace().world().flights()) CHECK(one.id != id);
}

TEST_CASE("a put from the panel reaches the replicas of the key") {
  Stage stage(scenario_named("shopping-carts"), {.at_ns = kSecond});
  stage.play(
      "click \"node n1\"\nclick \"put key\"\npress Ctrl+a\ntype fruit\nclick \"put value\"\npress Ctrl+a\ntype "
      "pears\nclick Put\nexpect branches 2\n");
  const auto& command = stage.workspace().session.branch().commands.back();
  CHECK(command.key == "fruit");
  CHECK(command.value == "pears");
  stage.play("seek 1500ms\nsettle\n");
  const Key key = Key::make(kDefaultBucket, "fruit").value();
  int holders = 0;
  for (NodeId node = 0; node < 5; ++node) holders += stage.workspace().world().image(node).find(key) ? 1 : 0;
  CHECK(holders == 3);
}

TEST_CASE("letters that are typed into a field are no shortcuts") {
  Stage stage(scenario_named("shopping-carts"), {.at_ns = kSecond});
  stage.play(
      "click \"node n1\"\nclick search\ntype \"crash t\"\npress Space\nexpect playing no\nexpect branches 1\nexpect "
      "theme dark\n");
  CHECK(stage.workspace().story_filter == "crash t ");
}

TEST_CASE("the story can be searched, and a line leads to its moment") {
  Stage stage(scenario_named("shopping-carts"));
  stage.play("press Ctrl+f\nwait 2\ntype ham\nwait 2\n");
  const auto& lines = stage.workspace().story.of(stage.workspace());
  REQUIRE_FALSE(lines.empty());
  for (const StoryRow& line : lines) CHECK_THAT(line.what, ContainsSubstring("ham"));
  const EventNumber event = lines[0].event;
  stage.click("story " + std::string(lines[0].what));
  stage.settle();
  CHECK(stage.workspace().session.at() == event);
}

TEST_CASE("an event's causes light up, and lead back to the beginning of what caused it") {
  Stage stage(scenario_named("shopping-carts"));
  stage.play("seek 4002ms\nsettle\n");
  const EventNumber at = stage.workspace().session.at();
  REQUIRE(stage.app.focus_on("event=" + std::to_string(at)));
  stage.play("click \"tab Ladder\"\nsettle\n");
  int steps = 0;
  while (stage.sees("To its cause") && steps < 50) {
    const EventNumber before = stage.workspace().session.at();
    stage.click("To its cause");
    stage.settle();
    CHECK(stage.workspace().session.at() < before);
    ++steps;
  }
  CHECK(steps >= 1);
}

TEST_CASE("playing pauses at a violation, and a click leads to it") {
  const std::string text = R"(about: too little time to become equal again
run: 2s
heal_within: 100ms
cluster: {nodes: 3, n: 3, r: 1, w: 1}
workload:
  clients: 6
  load: {rate: 300/s}
  mix: {put: 100}
  keys: {count: 50}
  steps:
    - {at: 1900ms, as: alice, via: n1, put: late, value: v}
faults:
  - {at: 500ms, partition: [[n1], [n2], [n3]]}
)";
  const auto loaded = sim::load_scenario_text(text, "hurry.yaml");
  REQUIRE(loaded);
  auto scenario = std::make_shared<const sim::Scenario>(*loaded);
  sim::Source source{.scenario = scenario,
                     .seed = 1,
                     .schedule = std::make_shared<const sim::Schedule>(scenario->faults),
                     .scenario_text = text,
                     .overrides = {},
                     .swarm_seed = {}};
  Stage stage(std::move(source));
  const auto& violations = stage.workspace().session.branch().violations;
  REQUIRE_FALSE(violations.empty());
  const EventNumber event = violations[0].event;
  stage.play("press v\nsettle\n");
  CHECK(stage.workspace().session.at() == event);
  // Playing stops there, too.
  stage.workspace().player.speed = 20;
  stage.play("press Home\nsettle\npress Space\nwait 300\nsettle\nexpect playing no\nexpect panel Oracles\n");
  CHECK(stage.workspace().session.at() == event);
  stage.play("press Home\nsettle\nclick \"tab Oracles\"\nclick \"violation 1\"\nsettle\n");
  CHECK(stage.workspace().session.at() == event);
  CHECK(stage.workspace().focus.event == event);
}

TEST_CASE("a branch is saved as a scenario that plays to the same fingerprint") {
  std::string folder = (std::filesystem::temp_directory_path() / "dkv-viz-XXXXXX").string();
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  const std::string path = folder + "/what-if.yaml";
  {
    Stage stage(scenario_named("shopping-carts"), {.at_ns = kSecond});
    stage.play("click \"node n2\"\npress c\nexpect branches 2\npress End\nsettle\nexpect ended yes\n");
    stage.workspace().save_path = path;
    stage.press("Ctrl+s");
    CHECK_FALSE(stage.workspace().notice_bad);
    auto saved = sim::load_source({.scenario_path = path});
    REQUIRE(saved);
    sim::World world(saved->scenario, saved->seed, saved->schedule);
    while (world.step()) {
    }
    CHECK(world.fingerprint() == stage.workspace().session.world().fingerprint());
  }
  std::filesystem::remove_all(folder);
}

TEST_CASE(
    "help opens with ? and closes with Escape, T changes the colours, and F fills the window with the front panel") {
  Stage stage(scenario_named("shopping-carts"));
  stage.play(
      "press ?\nexpect help yes\nsee \"help page\"\npress Escape\nexpect help no\npress t\nexpect theme light\npress "
      "t\nexpect theme dark\n"
      "press 4\nexpect panel Ladder\npress f\nsee Back\nabsent ring\npress f\nsee ring\n");
}

TEST_CASE("the help shows the glossary, and a search leaves the terms that mention the words") {
  Stage stage(scenario_named("shopping-carts"));
  stage.play(
      "press ?\nsee \"term acknowledgement\"\nclick \"search the glossary\"\ntype \"Dotted version\"\nsee \"term "
      "dotted "
      "version vector set\"\nabsent \"term acknowledgement\"\n");
}

TEST_CASE("the bars between panes can be dragged") {
  Stage stage(scenario_named("shopping-carts"));
  const auto before = *stage.app.places().find("ring");
  stage.host.move(stage.app.places().find("bar middle")->centre());
  stage.host.press_button(0, true);
  const ImVec2 at = ImGui::GetIO().MousePos;
  stage.host.move({at.x + 120, at.y});
  stage.host.press_button(0, false);
  stage.host.frames(2);
  const auto after = *stage.app.places().find("ring");
  CHECK(after.max.x - after.min.x == Approx(before.max.x - before.min.x + 120).margin(3));
}

TEST_CASE("an unknown name is answered with the known ones") {
  Stage stage(scenario_named("shopping-carts"));
  const auto node = stage.app.focus_on("node=nobody");
  REQUIRE_FALSE(node);
  CHECK_THAT(node.error().what, ContainsSubstring("n1, n2"));
  CHECK_FALSE(stage.app.focus_on("panel=nothing"));
  CHECK_FALSE(stage.app.focus_on("event=12x"));
  CHECK_FALSE(stage.app.focus_on("cart"));
  const auto click = stage.host.click("No such button");
  REQUIRE_FALSE(click);
  CHECK_THAT(click.error().what, ContainsSubstring("Play"));
}
