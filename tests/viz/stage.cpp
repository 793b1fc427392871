#include "tests/viz/stage.h"

#include <algorithm>

#include "sim/draw/fault_schedule.h"
#include "tests/paths.h"
#include "viz/app/script.h"

namespace dkv::viz::kit {

sim::Source scenario_named(const std::string& name) {
  auto source = sim::load_source({.scenario_path = std::string(paths::kSources) + "/scenarios/" + name + ".yaml"});
  if (!source) FAIL(to_string(source.error()));
  return std::move(*source);
}

sim::Source cluster_of(int nodes) {
  const std::string text =
      "about: a cluster under stress\nrun: 3s\nheal_within: 30s\ncluster: {nodes: " + std::to_string(nodes) +
      R"(, n: 3, r: 2, w: 2, partitions: 128}
workload:
  clients: 6
  load: {rate: 120/s}
  keys: {count: 30}
  steps:
    - {at: 200ms, as: alice, via: n1, put: cart, value: milk}
    - {at: 1500ms, as: bob, via: n2, put: cart, value: eggs, blind: true}
faults:
  - {at: 1s, for: 1s, partition: [[n1], [n2, n3]]}
  - {at: 1200ms, for: 700ms, crash: [n2]}
  - {at: 1300ms, for: 900ms, pause: [n3]}
)";
  const auto loaded = sim::load_scenario_text(text, "cluster.yaml");
  if (!loaded) FAIL(to_string(loaded.error()));
  auto scenario = std::make_shared<const sim::Scenario>(*loaded);
  auto schedule = std::make_shared<const sim::Schedule>(sim::draw_schedule(*scenario, 1));
  return {
      .scenario = scenario, .seed = 1, .schedule = schedule, .scenario_text = text, .overrides = {}, .swarm_seed = {}};
}

Stage::Stage(sim::Source source, const AppOptions& options, Headless::Size size, float scale)
    : host(size), app(std::move(source), options) {
  app.set_up(host.atlas(), scale);
  app.workspace().ui.naming_all = true;
  host.show([this] { app.frame(1.0 / 60); }, &app.places());
  settle();
}

std::string Stage::fact(std::string_view name) const {
  return app.fact(name).value_or("nobody knows");
}

void Stage::settle() {
  REQUIRE(viz::settle(app, host));
}

void Stage::click(std::string_view name) {
  if (const auto done = host.click(name); !done) FAIL(done.error().what);
}

void Stage::press(std::string_view keys) {
  if (const auto done = host.press(keys); !done) FAIL(done.error().what);
}

void Stage::play(const std::string& script) {
  const auto lines = read_script(script, "script");
  if (!lines) FAIL(to_string(lines.error()));
  if (const auto done = run_script(*lines, "script", app, host); !done) FAIL(done.error().what);
}

bool Stage::sees(std::string_view name) {
  host.frames();
  return app.places().find(name) != nullptr;
}

std::size_t drawn_pixels(const Image& image) {
  return static_cast<std::size_t>(
      std::ranges::count_if(image.pixels, [&](const Pixel& one) { return one != image.pixels[0]; }));
}

}  // namespace dkv::viz::kit
