#pragma once

#include <optional>

#include "viz/views/workspace.h"

namespace dkv::viz {

// Draws the question that the workspace has, over everything else. Returns its subject when the person says yes.
std::optional<Question::About> draw_question(Workspace& workspace);

}  // namespace dkv::viz
