#pragma once

#include <string>
#include <vector>

#include "sim/scenario/scenario.h"

namespace dkv::sim {

// Gives the numbered keys of the steps ("k17") other numbers, so that each stands on the same nodes in the same order
// as before the change. Keys with other names stay, and so do keys without such a number.
// kept: by node of `before`, which node of `after` it is; kNoNode: it is gone.
void keep_key_places(const Scenario& before, const std::vector<NodeId>& kept, Scenario& after);

// A letter and a number: a name that no person gave.
bool is_numbered(const std::string& name, char letter);

}  // namespace dkv::sim
