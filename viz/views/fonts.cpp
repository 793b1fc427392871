#include "viz/views/fonts.h"

#include <cstdlib>
#include <filesystem>
#include <vector>

namespace dkv::viz {
namespace {

// Latin, Greek, punctuation, arrows, mathematical operators, technical, boxes, shapes, dingbats.
constexpr ImWchar kRanges[] = {0x0020, 0x017f, 0x0370, 0x03ff, 0x2010, 0x2044, 0x2190, 0x21ff, 0x2200, 0x2265, 0x23e9,
                               0x23fa, 0x2500, 0x2500, 0x25a0, 0x25ff, 0x2600, 0x26ff, 0x2713, 0x2718, 0};

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
    const auto add = [&](const char* name, float pixels) -> ImFont* {
      const std::string path = folder + '/' + name;
      std::error_code error;  // ImGui asserts when it cannot read the file
      if (!std::filesystem::is_regular_file(path, error)) return nullptr;
      ImFontConfig config;
      config.OversampleH = 2;
      config.PixelSnapH = true;
      return atlas.AddFontFromFileTTF(path.c_str(), pixels, &config, kRanges);
    };
    fonts.body = add("DejaVuSans.ttf", size);
    fonts.strong = add("DejaVuSans-Bold.ttf", size);
    fonts.mono = add("DejaVuSansMono.ttf", size * 0.93f);
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
