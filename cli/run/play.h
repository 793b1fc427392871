#pragma once

#include <memory>

#include "cli/run/source.h"
#include "sim/watch/observer.h"
#include "sim/world/world.h"

namespace dkv::cli {

// Somebody who watches a run from its first event to its end, and may look at the world between events.
class Spectator : public sim::Observer {
 public:
  virtual void before(const sim::World&) {}
  virtual void after_step(const sim::World&) {}
  virtual void after(const sim::World&, const sim::RunResult&) {}
};

// Plays a run to its end. wall_seconds is filled in. spectator may be null.
sim::RunResult play(const Source& source, const sim::WorldOptions& options, Spectator* spectator);

// Hands everything to two spectators in turn.
class Both final : public Spectator {
 public:
  Both(Spectator& first, Spectator& second) : first_(first), second_(second) {}

  void before(const sim::World& world) override;
  void after_step(const sim::World& world) override;
  void after(const sim::World& world, const sim::RunResult& result) override;
  void on_event(const sim::EventView& view) override;
  void on_fault(const sim::Fault& fault, bool begins, TimeNs now_ns) override;
  void on_node(NodeId node, sim::NodeChange change, TimeNs now_ns) override;
  void on_observation(NodeId node, const Observation& observation, TimeNs now_ns) override;
  void on_operation(const sim::OperationView& view) override;
  void on_heal(TimeNs now_ns) override;
  void on_converged(TimeNs now_ns) override;
  void on_violation(const sim::Violation& violation) override;
  void on_command(const sim::Command& command, std::uint64_t number, TimeNs now_ns) override;
  bool wants_events() const override { return first_.wants_events() || second_.wants_events(); }

 private:
  Spectator& first_;
  Spectator& second_;
};

}  // namespace dkv::cli
