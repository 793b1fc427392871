#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "sim/scenario/scenario.h"
#include "sim/shrink/target.h"
#include "sim/watch/observer.h"
#include "sim/world/world.h"

namespace dkv::sim {

// What came of a candidate.
struct Verdict {
  bool fails = false;           // in the wanted way, and a file can say the run
  bool too_long = false;        // given up after the limit of events
  std::uint64_t events = 0;     // that were played to the end
  std::vector<Failure> others;  // in other ways, as far as the run went; each target once
};

// Plays a candidate: a scenario with all its faults timed, under its own seed. It ends as soon as the wanted violation
// is told. A broken assertion ends the process, so candidates of unknown code are played in a process of their own. Not
// copyable; one thread at a time.
class Trial final : public Observer {
 public:
  Trial(const Scenario& candidate, Target target, std::uint64_t events_max);

  // Carries out about this number of events. False when it is over.
  bool advance(std::uint64_t events);
  Verdict verdict() const;  // once it is over
  std::uint64_t events() const noexcept { return world_.events(); }
  // The wanted failure, once it is over and fails.
  std::optional<Failure> found() const;

 private:
  void on_violation(const Violation& violation) override;

  std::shared_ptr<const Scenario> scenario_;
  Target target_;
  std::uint64_t events_max_;
  World world_;
  bool found_ = false;
  bool too_long_ = false;
  std::vector<Failure> told_;
};

// Whether load_scenario_text() reads the candidate back as it is.
bool can_be_written(const Scenario& candidate);

}  // namespace dkv::sim
