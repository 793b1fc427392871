#pragma once

#include <imgui.h>

#include <cstdint>

#include "viz/shot/image.h"

namespace dkv::viz {

// The font atlas as ImFontAtlas::GetTexDataAsAlpha8() gives it: the only texture that the debugger uses.
struct Atlas {
  const std::uint8_t* alpha = nullptr;
  int width = 0, height = 0;
};

// Draws what ImGui wants drawn, over what is in the image, as a GPU would with the usual blending (source over):
// triangles whose colour is the vertices' times the atlas's coverage, filtered linearly, cut to their clip rectangle.
// A pixel belongs to a triangle when its centre does; on an edge that two triangles share, to exactly one of them.
// Callbacks in the draw lists and other textures are not supported (asserted).
// One thread, no GPU, no window, and the same pixels on every run.
void rasterise(Image& image, const ImDrawData& data, const Atlas& atlas);

}  // namespace dkv::viz
