#pragma once

#include <memory>

#include "cli/run/source.h"
#include "sim/watch/forwarding.h"
#include "sim/watch/observer.h"
#include "sim/world/world.h"

namespace dkv::cli {

// Observes a run from its first event to its end, and may also look at the world between events.
class Spectator : public sim::Observer {
 public:
  virtual void before(const sim::World&) {}
  virtual void after_step(const sim::World&) {}
  virtual void after(const sim::World&, const sim::RunResult&) {}
};

// Plays a run to its end and fills in wall_seconds. spectator may be null.
sim::RunResult play(const Source& source, const sim::WorldOptions& options, Spectator* spectator);

// Passes everything to two spectators in turn.
class Both final : public sim::Forwarding<Spectator> {
 public:
  Both(Spectator& first, Spectator& second) : first_(first), second_(second) {
    forward_to(first);
    forward_to(second);
  }

  void before(const sim::World& world) override;
  void after_step(const sim::World& world) override;
  void after(const sim::World& world, const sim::RunResult& result) override;

 private:
  Spectator& first_;
  Spectator& second_;
};

}  // namespace dkv::cli
