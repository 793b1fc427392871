// The debugger without a window, for tests.
#pragma once

#include <string>

#include "tests/catch.h"
#include "viz/app/app.h"
#include "viz/app/headless.h"

namespace dkv::viz::kit {

// A file of scenarios/.
sim::Source scenario_named(const std::string& name);
// A cluster with this many nodes, with a load, a partition, a crash and a pause; a few seconds long.
sim::Source cluster_of(int nodes);

struct Stage {
  Headless host;
  App app;

  explicit Stage(sim::Source source, const AppOptions& options = {}, Headless::Size size = {}, float scale = 1);
  Stage(const Stage&) = delete;

  Workspace& workspace() { return app.workspace(); }
  std::string fact(std::string_view name) const;
  void settle();
  // Both fail the test with the error.
  void click(std::string_view name);
  void press(std::string_view keys);
  void play(const std::string& script);
  bool sees(std::string_view name);
};

// The number of pixels that differ from the first one. An empty picture has none.
std::size_t drawn_pixels(const Image& image);

}  // namespace dkv::viz::kit
