#pragma once

#include "viz/views/workspace.h"

namespace dkv::viz {

// A window with the shortcuts and the panels, and with the glossary. Its close button clears `open`.
void draw_help_window(Workspace& workspace, bool& open);

}  // namespace dkv::viz
