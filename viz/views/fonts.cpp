#include "viz/views/fonts.h"

#include <cstdlib>
#include <filesystem>
#include <vector>

namespace dkv::viz {
namespace {

// Letters of scenarios: Latin, Greek, Cyrillic, Armenian, Georgian and Vietnamese. Then what the panels draw:
// punctuation, arrows, mathematical operators, technical signs, boxes, shapes, dingbats.
constexpr ImWchar kRanges[] = {0x0020, 0x024f, 0x0370, 0x058f, 0x10a0, 0x10ff, 0x1e00, 0x1eff, 0x2010, 0x2044,
                               0x20a0, 0x20bf, 0x2100, 0x214f, 0x2190, 0x21ff, 0x2200, 0x2265, 0x23e9, 0x23fa,
                               0x2500, 0x2500, 0x25a0, 0x25ff, 0x2600, 0x26ff, 0x2713, 0x2718, 0};
// Times and dots are written with it, and nothing that a scenario names.
constexpr ImWchar kMonoRanges[] = {0x0020, 0x00ff, 0x2010, 0x2044, 0};

std::string folder_with_fonts(const std::string& wanted) {
  std::vector<std::string> folders;
  if (!wanted.empty()) {
    folders.push_back(wanted);
  } else {
    if (const char* folder = std::getenv("DKV_FONTS")) folders.emplace_back(folder);
#ifdef DKV_FONT_FOLDER
    folders.emplace_back(DKV_FONT_FOLDER);  // the folder that the build found
#endif
    folders.emplace_back("/usr/share/fonts/truetype/dejavu");  // Debian
    folders.emplace_back("/usr/share/fonts/TTF");              // Arch
    folders.emplace_back("/usr/share/fonts/dejavu-sans-fonts");
    folders.emplace_back("/usr/local/share/fonts/dejavu");
  }
  for (const auto& folder : folders) {
    std::error_code error;
    if (std::filesystem::is_regular_file(folder + "/DejaVuSans.ttf", error)) return folder;
  }
  return {};
}

}  // namespace

Fonts load_fonts(ImFontAtlas& atlas, float scale, const std::string& wanted) {
  const std::string folder = folder_with_fonts(wanted);
  const float size = 15.0f * scale;
  Fonts fonts;
  if (!folder.empty()) {
    const auto add = [&](const char* name, float pixels, const ImWchar* ranges) -> ImFont* {
      const std::string path = folder + '/' + name;
      std::error_code error;  // ImGui asserts when it cannot read the file
      if (!std::filesystem::is_regular_file(path, error)) return nullptr;
      ImFontConfig config;
      config.OversampleH = 2;
      config.PixelSnapH = true;
      return atlas.AddFontFromFileTTF(path.c_str(), pixels, &config, ranges);
    };
    fonts.body = add("DejaVuSans.ttf", size, kRanges);
    fonts.strong = add("DejaVuSans-Bold.ttf", size, kRanges);
    fonts.mono = add("DejaVuSansMono.ttf", size * 0.93f, kMonoRanges);
    fonts.real = fonts.body != nullptr;
  }
  if (!fonts.body) {
    ImFontConfig config;
    config.SizePixels = 13.0f * scale;
    fonts.body = atlas.AddFontDefault(&config);
  }
  if (!fonts.strong) fonts.strong = fonts.body;
  if (!fonts.mono) fonts.mono = fonts.body;
  return fonts;
}

}  // namespace dkv::viz
