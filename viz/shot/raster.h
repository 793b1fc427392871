#pragma once

#include <imgui.h>

#include <cstdint>

#include "viz/shot/image.h"

namespace dkv::viz {

// The font atlas from ImFontAtlas::GetTexDataAsAlpha8(). It is the only texture that the debugger uses.
struct Atlas {
  const std::uint8_t* alpha = nullptr;
  int width = 0, height = 0;
};

// Draws ImGui's draw lists over the image, as a GPU does with the usual blending (source over). The colour of a
// triangle is that of its vertices times the coverage in the atlas, with linear filtering, cut to the clip rectangle.
// A pixel belongs to a triangle that contains its centre; a centre on a shared edge belongs to exactly one of the
// two. Callbacks in draw lists and other textures are not supported (asserted). One thread, no GPU, no window; every
// run gives the same pixels.
void rasterise(Image& image, const ImDrawData& data, const Atlas& atlas);

}  // namespace dkv::viz
