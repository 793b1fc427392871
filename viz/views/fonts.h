#pragma once

#include <imgui.h>

#include <string>

namespace dkv::viz {

struct Fonts {
  ImFont* body = nullptr;
  ImFont* strong = nullptr;
  ImFont* mono = nullptr;
  bool real = false;  // false: no font file was found, and ImGui's built-in one stands in
};

// Adds the debugger's fonts to the atlas, body first, with the letters and symbols that the panels use. scale: 1 means
// 15 pixels. folder: where the files are; empty: the folder in $DKV_FONTS, then where systems keep DejaVu. Without the
// files all are ImGui's own font, which has basic Latin letters only: the panels use others for decoration alone.
Fonts load_fonts(ImFontAtlas& atlas, float scale, const std::string& folder = {});

}  // namespace dkv::viz
