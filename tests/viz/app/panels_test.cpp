// Draws every panel: small and large, with few and many nodes, in the dark and the light theme.
#include <fmt/format.h>

#include "tests/viz/stage.h"
#include "viz/shot/png.h"

using namespace dkv;
using namespace dkv::viz;
using namespace dkv::viz::kit;

namespace {

// Draws each panel alone and with the others, at quiet and at troubled moments, and at the end.
void draw_all(Stage& stage) {
  for (const Panel panel : panels()) {
    INFO(panel->title);
    stage.app.shell().bring_forward(panel);
    stage.host.frames(2);
    stage.app.shell().alone = panel;
    stage.host.frames(2);
    stage.app.shell().alone.reset();
  }
}

}  // namespace

TEST_CASE("every panel draws a cluster of 3 and one of 100 nodes, in calm, in trouble and at the end") {
  const int nodes = GENERATE(3, 100);
  INFO(nodes << " nodes");
  Stage stage(cluster_of(nodes));
  for (const TimeNs at : {TimeNs{0}, 700 * kMillisecond, 1600 * kMillisecond, 60 * kSecond}) {
    INFO(at);
    stage.workspace().player.seek_time(stage.workspace(), at);
    stage.settle();
    draw_all(stage);
    stage.workspace().look_at_node(1);
    REQUIRE(stage.app.focus_on("key=cart"));
    draw_all(stage);
    if (!stage.workspace().world().flights().empty()) {
      stage.workspace().look_at_message(stage.workspace().world().flights().back().id);
      draw_all(stage);
    }
    stage.workspace().clear_focus();
  }
}

TEST_CASE("every story of the repository can be drawn") {
  for (const char* name :
       {"two-datacentres", "clock-skew-lww", "delete-does-not-come-back", "disk-full-recovers", "one-way-partition"}) {
    INFO(name);
    Stage stage(scenario_named(name), {.at_ns = 3 * kSecond});
    draw_all(stage);
    const Image image = stage.host.shot();
    CHECK(drawn_pixels(image) > 100'000);
  }
}

TEST_CASE("the panel Why explains the run, and a click on a step goes to its event") {
  Stage stage(scenario_named("stale-reads-r1w1"), {.panel = panel_by_name("why")});
  stage.settle();
  CHECK_FALSE(stage.app.restless());
  stage.click("why 1.2");
  stage.settle();
  CHECK(stage.fact("event") != "0");
  CHECK(stage.fact("focus event") == stage.fact("event"));
}

TEST_CASE("panels draw in windows from tiny to huge, dark and light, with letters of any size") {
  Stage stage(cluster_of(3), {.dark = false, .at_ns = 1500 * kMillisecond}, {320, 320});
  draw_all(stage);
  for (const Headless::Size size : {Headless::Size{500, 900}, {1280, 800}, {2560, 1440}}) {
    stage.host.resize(size);
    stage.host.frames(2);
    draw_all(stage);
  }
  stage.press("Ctrl+=");
  CHECK(stage.app.fonts_stale());
  stage.app.set_up(stage.host.atlas(), stage.app.scale());
  CHECK_FALSE(stage.app.fonts_stale());
  draw_all(stage);
}

TEST_CASE("the light picture is light, the dark one dark") {
  const auto mean = [](const Image& image) {
    double sum = 0;
    for (const Pixel& one : image.pixels) sum += one.r + one.g + one.b;
    return sum / (3.0 * static_cast<double>(image.pixels.size()));
  };
  double dark = 0, light = 0;
  {
    Stage stage(scenario_named("shopping-carts"), {.at_ns = 4 * kSecond}, {800, 600});
    dark = mean(stage.host.shot());
  }
  {
    Stage stage(scenario_named("shopping-carts"), {.dark = false, .at_ns = 4 * kSecond}, {800, 600});
    light = mean(stage.host.shot());
  }
  CHECK(dark < 80);
  CHECK(light > 180);
}

TEST_CASE("without font files ImGui's own letters stand in") {
  Stage stage(scenario_named("shopping-carts"), {.at_ns = 4 * kSecond, .font_folder = "/nonexistent"});
  CHECK_FALSE(stage.workspace().ui.fonts.real);
  draw_all(stage);
  CHECK(drawn_pixels(stage.host.shot()) > 100'000);
}
