#pragma once

#include "viz/views/desk.h"

// The parts of the key panel.
namespace dkv::viz {

// The history of the key's versions: which write replaced which.
void draw_history(Desk& desk, const Key& key);

}  // namespace dkv::viz
