#pragma once

#include <imgui.h>

#include <string>

namespace dkv::viz {

struct Fonts {
  ImFont* body = nullptr;
  ImFont* strong = nullptr;
  ImFont* mono = nullptr;
  bool real = false;  // false: no font file was found, and ImGui's built-in font replaces it
};

// Adds the debugger's fonts to the atlas, body first, with the letters and symbols that the panels use. scale: 1
// means 15 pixels. folder: the folder of the files; empty: the one in $DKV_FONTS, then the usual places of DejaVu.
// Without the files all are ImGui's own font. It has basic Latin letters only; the panels use other characters only
// as decoration.
Fonts load_fonts(ImFontAtlas& atlas, float scale, const std::string& folder = {});

}  // namespace dkv::viz
