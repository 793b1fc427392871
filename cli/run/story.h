#pragma once

#include <optional>

#include "cli/run/play.h"
#include "cli/terminal/page.h"
#include "sim/story/story.h"

namespace dkv::cli {

// The lines before the curtain rises (story_cast.cpp).
void introduce(Page& page, const sim::Scenario& scenario, const sim::Schedule& schedule, std::uint64_t seed);

// Prints a run's story while it happens.
class Story final : public Spectator {
 public:
  explicit Story(Page& page) : page_(page) {}

  void before(const sim::World& world) override;
  void after_step(const sim::World& world) override;
  void after(const sim::World& world, const sim::RunResult& result) override;
  void on_fault(const sim::Fault& fault, bool begins, TimeNs now_ns) override;
  void on_node(NodeId node, sim::NodeChange change, TimeNs now_ns) override;
  void on_observation(NodeId node, const Observation& observation, TimeNs now_ns) override;
  void on_operation(const sim::OperationView& view) override;
  void on_heal(TimeNs now_ns) override;
  void on_converged(TimeNs now_ns) override;
  void on_violation(const sim::Violation& violation) override;
  void on_command(const sim::Command& command, std::uint64_t number, TimeNs now_ns) override;

 private:
  void print();

  Page& page_;
  std::optional<story::Story> story_;  // from before() on
};

}  // namespace dkv::cli
