#pragma once

#include <optional>

#include "engine/core/result.h"
#include "viz/app/app.h"

namespace dkv::viz {

struct WindowOptions {
  int width = 1280, height = 800;  // in pixels of the design; a screen with a finer scale uses more
  std::optional<float> scale;      // not set: that of the screen
  double for_seconds = 0;          // the window closes after this time; 0: it stays
};

// Shows the debugger in a window until it is closed. Frames are made after input and while something moves; otherwise
// the process sleeps. Fails without a screen or OpenGL 3.
Result<void> run_window(App& app, const WindowOptions& options);

}  // namespace dkv::viz
