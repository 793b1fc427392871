#include "cli/run/story.h"

namespace dkv::cli {

void Story::print() {
  if (!story_->has_rows()) return;
  for (const story::Row& row : story_->take_rows()) page_.moment(row.at_ns, row.who, row.text, row.tone);
}

void Story::before(const sim::World& world) {
  story_.emplace(world.scenario());
  clear_forwards();
  forward_to(*story_);
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

}  // namespace dkv::cli
