#pragma once

#include "viz/views/workspace.h"

// The parts of the key panel.
namespace dkv::viz {

// The history of the key's versions: which write replaced which.
void draw_history(Workspace& workspace, const Key& key);

}  // namespace dkv::viz
