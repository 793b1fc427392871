#pragma once

#include "viz/views/desk.h"

// The parts of the key panel.
namespace dkv::viz {

// How the key's versions came about: who replaced what.
void draw_history(Desk& desk, const Key& key);

}  // namespace dkv::viz
