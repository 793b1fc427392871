#pragma once

#include <optional>

#include "cli/run/play.h"
#include "cli/terminal/page.h"
#include "sim/story/story.h"

namespace dkv::cli {

// Prints the lines before the story begins (story_cast.cpp).
void introduce(Page& page, const sim::Scenario& scenario, const sim::Schedule& schedule, std::uint64_t seed);

// Prints a run's story while it happens.
class Story final : public sim::Forwarding<Spectator> {
 public:
  explicit Story(Page& page) : page_(page) {}

  void before(const sim::World& world) override;
  void after_step(const sim::World& world) override;
  void after(const sim::World& world, const sim::RunResult& result) override;

 private:
  void print();

  Page& page_;
  std::optional<story::Story> story_;  // set by before()
};

}  // namespace dkv::cli
