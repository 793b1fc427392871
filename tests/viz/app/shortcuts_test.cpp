// The keys: what each does, and what it leaves alone.
#include "tests/viz/stage.h"

using namespace dkv;
using namespace dkv::viz;
using namespace dkv::viz::kit;

TEST_CASE("Escape in the search ends the search and nothing else") {
  Stage stage(scenario_named("shopping-carts"));
  stage.play(
      "seek 4s\nsettle\nfocus node=n3\nclick search\ntype hint\npress Escape\nsettle\nexpect node n3\n"
      "press Escape\nexpect node none\n");
}

TEST_CASE("Escape closes an open menu and nothing else") {
  Stage stage(scenario_named("shopping-carts"));
  stage.play(
      "focus node=n3\nclick \"Run until\"\nsee \"an oracle finds something\"\npress Escape\nsettle\n"
      "absent \"an oracle finds something\"\nexpect node n3\n"
      "click speed\nsee \"speed real time\"\npress Escape\nabsent \"speed real time\"\nexpect node n3\n");
}

TEST_CASE("a command at a shown time happens at that time, and the next one too") {
  Stage stage(scenario_named("shopping-carts"));
  stage.play(
      "seek 3s\nsettle\nexpect time \"3.000000 s\"\nclick \"node n3\"\npress C\nsettle\nexpect time \"3.000000 s\"\n"
      "press R\nsettle\nexpect time \"3.000000 s\"\n");
  CHECK(stage.workspace().world().now() == 3 * kSecond);
  for (const sim::Command& command : stage.workspace().session.branch().commands) CHECK(command.at_ns == 3 * kSecond);
}

TEST_CASE("a click on a node keeps the key in focus") {
  Stage stage(scenario_named("shopping-carts"));
  stage.play("seek 4.2s\nfocus key=cart\nsettle\nclick \"node n3\"\nsettle\nexpect key cart\nexpect node n3\n");
}

TEST_CASE("a click on another branch goes to the same time, or to its end when it is shorter") {
  Stage stage(scenario_named("no-stale-reads-r2w2"));
  stage.play(
      "seek 3s\nsettle\nclick \"node n3\"\npress C\npress End\nsettle\nexpect time \"14.500000 s\"\n"
      "focus panel=branches\nsettle\nclick \"the run\"\nsettle\nexpect time \"12.100000 s\"\n"
      "seek 4s\nsettle\nclick \"branch 1\"\nsettle\nexpect time \"4.000000 s\"\n");
}

TEST_CASE("after text was typed, letters act on nodes only after a click elsewhere or Escape") {
  Stage stage(scenario_named("shopping-carts"), {.at_ns = kSecond});
  stage.play(
      "click \"node n2\"\nclick search\ntype abc\npress Enter\nwait 3\npress c\npress x\npress h\nexpect branches 1\n");
  CHECK_THAT(stage.fact("notice"), ContainsSubstring("after a click"));
  stage.play("press Escape\npress c\nexpect branches 1\n");  // the focus was cleared: there is nothing to crash
  stage.play("click \"node n2\"\npress c\nexpect branches 2\n");
}

TEST_CASE("letters that are typed right after Ctrl+F go to the search, and act on no node") {
  Stage stage(scenario_named("shopping-carts"), {.at_ns = kSecond});
  stage.play("click \"node n2\"\npress Ctrl+f\npress c\npress x\nexpect branches 1\nexpect \"state n2\" up\n");
}

TEST_CASE("a search and its end keep the moment in sight") {
  Stage stage(scenario_named("shopping-carts"));
  stage.play("focus panel=story\nseek 9s\nsettle\n");
  const auto in_sight = [&] {
    stage.host.frames(3);
    for (const StoryRow& line : stage.workspace().story.of(stage.workspace())) {
      if (std::abs(line.at_ns - 9 * kSecond) < kSecond && stage.sees("story " + line.what)) return true;
    }
    return false;
  };
  REQUIRE(in_sight());
  stage.play("click details\nwait 3\n");
  CHECK(in_sight());
  stage.play("click search\ntype n\nwait 3\n");
  CHECK(in_sight());
  stage.play("press Escape\nwait 3\n");
  CHECK(in_sight());
}

TEST_CASE("a start at the end shows the end of the story") {
  Stage stage(scenario_named("shopping-carts"), {.at_ns = 1'000 * kSecond});
  stage.play("expect ended yes\nfocus panel=story\nsettle\n");
  const auto& lines = stage.workspace().story.of(stage.workspace());
  CHECK(stage.sees("story " + lines.back().what));
}
