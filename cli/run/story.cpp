#include "cli/run/story.h"

namespace dkv::cli {

void Story::print() {
  if (!story_->has_rows()) return;
  for (const story::Row& row : story_->take_rows()) page_.moment(row.at_ns, row.who, row.text, row.tone);
}

void Story::before(const sim::World& world) {
  story_.emplace(world.scenario());
  introduce(page_, world.scenario(), world.schedule(), world.seed());
}

void Story::after_step(const sim::World& world) {
  story_->after_step(world);
  print();
}

void Story::after(const sim::World& world, const sim::RunResult&) {
  story_->finish(world);
  print();
  page_.blank();
}

void Story::on_fault(const sim::Fault& fault, bool begins, TimeNs now_ns) {
  story_->on_fault(fault, begins, now_ns);
}
void Story::on_node(NodeId node, sim::NodeChange change, TimeNs now_ns) {
  story_->on_node(node, change, now_ns);
}
void Story::on_observation(NodeId node, const Observation& observation, TimeNs now_ns) {
  story_->on_observation(node, observation, now_ns);
}
void Story::on_operation(const sim::OperationView& view) {
  story_->on_operation(view);
}
void Story::on_heal(TimeNs now_ns) {
  story_->on_heal(now_ns);
}
void Story::on_converged(TimeNs now_ns) {
  story_->on_converged(now_ns);
}
void Story::on_violation(const sim::Violation& violation) {
  story_->on_violation(violation);
}
void Story::on_command(const sim::Command& command, std::uint64_t number, TimeNs now_ns) {
  story_->on_command(command, number, now_ns);
}

}  // namespace dkv::cli
