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
void Both::on_event(const sim::EventView& view) {
  if (first_.wants_events()) first_.on_event(view);
  if (second_.wants_events()) second_.on_event(view);
}
void Both::on_fault(const sim::Fault& fault, bool begins, TimeNs now_ns) {
  first_.on_fault(fault, begins, now_ns);
  second_.on_fault(fault, begins, now_ns);
}
void Both::on_node(NodeId node, sim::NodeChange change, TimeNs now_ns) {
  first_.on_node(node, change, now_ns);
  second_.on_node(node, change, now_ns);
}
void Both::on_observation(NodeId node, const Observation& observation, TimeNs now_ns) {
  first_.on_observation(node, observation, now_ns);
  second_.on_observation(node, observation, now_ns);
}
void Both::on_operation(const sim::OperationView& view) {
  first_.on_operation(view);
  second_.on_operation(view);
}
void Both::on_heal(TimeNs now_ns) {
  first_.on_heal(now_ns);
  second_.on_heal(now_ns);
}
void Both::on_converged(TimeNs now_ns) {
  first_.on_converged(now_ns);
  second_.on_converged(now_ns);
}
void Both::on_violation(const sim::Violation& violation) {
  first_.on_violation(violation);
  second_.on_violation(violation);
}
void Both::on_command(const sim::Command& command, std::uint64_t number, TimeNs now_ns) {
  first_.on_command(command, number, now_ns);
  second_.on_command(command, number, now_ns);
}

}  // namespace dkv::cli
