#pragma once

#include "viz/views/desk.h"

namespace dkv::viz {

// Shortcuts, and the words that a newcomer to such stores needs. Closes itself through `open`.
void draw_help_window(Desk& desk, bool& open);

}  // namespace dkv::viz
