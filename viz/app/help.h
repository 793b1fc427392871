#pragma once

#include "viz/views/desk.h"

namespace dkv::viz {

// A window with the shortcuts and the panels, and with the glossary. Its close button clears `open`.
void draw_help_window(Desk& desk, bool& open);

}  // namespace dkv::viz
