#include "cli/run/play.h"

#include <chrono>

#include "sim/world/runner.h"

namespace dkv::cli {

sim::RunResult play(const Source& source, const sim::WorldOptions& options, Spectator* spectator) {
  const auto begin = std::chrono::steady_clock::now();
  sim::World world(source.scenario, source.seed, source.schedule, options);
  if (spectator) {
    spectator->before(world);
    bool more = true;
    while (more) {
      more = world.step(spectator);
      spectator->after_step(world);
    }
  } else {
    while (world.step()) {
    }
  }
  sim::RunResult result = sim::summarize(world);
  result.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (spectator) spectator->after(world, result);
  return result;
}

void Both::before(const sim::World& world) {
  first_.before(world);
  second_.before(world);
}
void Both::after_step(const sim::World& world) {
  first_.after_step(world);
  second_.after_step(world);
}
void Both::after(const sim::World& world, const sim::RunResult& result) {
  first_.after(world, result);
  second_.after(world, result);
}

}  // namespace dkv::cli
