#include "viz/app/script.h"

#include "tests/viz/stage.h"

using namespace dkv::viz;
using namespace dkv::viz::kit;

TEST_CASE("the words of a script are separated by blanks or quoted, and comments are skipped") {
  const auto script = read_script("# nothing\n\nclick \"Step back\"  # one\r\ndrag timeline 0.1 0.9\n", "ui.txt");
  REQUIRE(script);
  REQUIRE(script->size() == 2);
  CHECK((*script)[0].line == 3);
  CHECK((*script)[0].verb == "click");
  CHECK((*script)[0].words == std::vector<std::string>{"Step back"});
  CHECK((*script)[1].words == std::vector<std::string>{"timeline", "0.1", "0.9"});
}

TEST_CASE("every line of a script that can't be understood is named") {
  const auto script = read_script("klick Play\nclick\nclick \"Play\npress Space\n", "ui.txt");
  REQUIRE_FALSE(script);
  REQUIRE(script.error().size() >= 3);
  CHECK(script.error()[0].line == 1);
  CHECK_THAT(script.error()[0].meant, ContainsSubstring("click"));
  CHECK(script.error()[1].line == 2);
  CHECK(script.error()[2].line == 3);
}

TEST_CASE("a script ends at its first line that fails, and says why") {
  Stage stage(scenario_named("shopping-carts"));
  const auto fails = [&](const std::string& text) {
    const auto script = read_script(text, "ui.txt");
    REQUIRE(script);
    const auto done = run_script(*script, "ui.txt", stage.app, stage.host);
    REQUIRE_FALSE(done);
    return done.error().what;
  };
  CHECK_THAT(fails("press Right\nsettle\nexpect event 2\npress Right\n"),
             ContainsSubstring("ui.txt:3:1: expect: event is \"1\", not \"2\""));
  CHECK(stage.fact("event") == "1");
  CHECK_THAT(fails("expect weather fine\n"), ContainsSubstring("weather"));
  CHECK_THAT(fails("press Hyper+Q\n"), ContainsSubstring("there is no key"));
  CHECK_THAT(fails("seek soon\n"), ContainsSubstring("seek"));
  CHECK_THAT(fails("see Nowhere\n"), ContainsSubstring("Nowhere"));
  CHECK_THAT(fails("absent ring\n"), ContainsSubstring("ring"));
  CHECK_THAT(fails("size 1 1\n"), ContainsSubstring("64"));
  CHECK_THAT(fails("shot /nonexistent/a.png\n"), ContainsSubstring("can't be written"));
  CHECK_THAT(fails("focus node=zed\n"), ContainsSubstring("zed"));
}

TEST_CASE("a script resizes the window, scrolls, hovers and double clicks") {
  Stage stage(scenario_named("shopping-carts"));
  const auto span = stage.workspace().ladder_span_ns;
  stage.play("size 900 700\nhover \"node n1\"\nwheel ladder 3\n");
  CHECK(stage.workspace().ladder_span_ns < span);
  CHECK(stage.host.shot().width == 900);
  stage.play("double-click \"tab Story\"\nsee Back\nclick Back\nabsent Back\n");
}
