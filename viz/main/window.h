#pragma once

#include <optional>

#include "engine/core/result.h"
#include "viz/app/app.h"

namespace dkv::viz {

struct WindowOptions {
  int width = 1280, height = 800;  // of the design; a screen with finer pixels takes more of them
  std::optional<float> scale;      // unset: what the screen says
  double for_seconds = 0;          // closes by itself after so long; 0: stays
};

// Shows the debugger in a window until it is closed. Frames are made when something moves or somebody touches it;
// otherwise the process sleeps. Fails when there is no screen, or no OpenGL 3.
Result<void> run_window(App& app, const WindowOptions& options);

}  // namespace dkv::viz
