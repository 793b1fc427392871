#include "tests/viz/run.h"

#include <algorithm>

namespace dkv::viz::kit {

sim::Source source_of(const std::string& text, std::uint64_t seed) {
  const auto loaded = sim::load_scenario_text(text, "test.yaml");
  if (!loaded) FAIL(to_string(loaded.error()));
  auto scenario = std::make_shared<const sim::Scenario>(*loaded);
  auto schedule = std::make_shared<const sim::Schedule>(sim::draw_schedule(*scenario, seed));
  return {.scenario = scenario,
          .seed = seed,
          .schedule = schedule,
          .scenario_text = text,
          .overrides = {},
          .swarm_seed = {}};
}

sim::World world_at(const std::string& text, TimeNs at_ns, const sim::WorldOptions& options) {
  const auto source = source_of(text);
  sim::World world(source.scenario, source.seed, source.schedule, options);
  while (!world.ended() && world.next_at() <= at_ns) world.step();
  return world;
}

SessionOptions counted() {
  SessionOptions options;
  options.ns_per_event = 1000;
  options.spacing = {.near_ns = 100'000, .far_ns = 500'000};
  return options;
}

Straight straight(const sim::Source& source) {
  sim::World world(source.scenario, source.seed, source.schedule);
  Straight run{{world.fingerprint()}, {0}};
  bool more = true;
  while (more) {
    more = world.step();
    run.fingerprints.push_back(world.fingerprint());
    run.times.push_back(world.now());
  }
  return run;
}

void go(Session& session, EventNumber event) {
  session.seek(event);
  session.finish();
}

}  // namespace dkv::viz::kit
