#include "viz/views/places.h"

#include <algorithm>

// Needed for the clip rectangle of the current window.
#include <imgui_internal.h>

namespace dkv::viz {

void Places::put(std::string_view name, ImVec2 min, ImVec2 max) {
  const ImGuiWindow* window = ImGui::GetCurrentContext()->CurrentWindow;
  if (!window || window->Hidden || window->SkipItems) return;
  const ImRect clip = window->ClipRect;
  const ImVec2 low{std::max(min.x, clip.Min.x), std::max(min.y, clip.Min.y)};
  const ImVec2 high{std::min(max.x, clip.Max.x), std::min(max.y, clip.Max.y)};
  if (low.x < high.x && low.y < high.y) next_.try_emplace(std::string(name), Box{low, high});
}

void Places::end_frame() {
  shown_ = std::move(next_);
  next_.clear();
}

const Places::Box* Places::find(std::string_view name) const {
  const auto found = shown_.find(name);
  return found == shown_.end() ? nullptr : &found->second;
}

}  // namespace dkv::viz
