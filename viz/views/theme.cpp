#include "viz/views/theme.h"

#include <algorithm>
#include <cmath>

namespace dkv::viz {
namespace {

constexpr ImU32 rgb(std::uint32_t hex) {
  return IM_COL32((hex >> 16) & 0xff, (hex >> 8) & 0xff, hex & 0xff, 255);
}

// Orange, sky blue, bluish green, yellow, blue, vermilion, reddish purple; adapted to a dark and a light background.
constexpr Theme kDark = {
    true,
    rgb(0x14171c),
    rgb(0x1b1f26),
    rgb(0x272d37),
    rgb(0x343c49),
    rgb(0x3d4654),
    rgb(0xe8ecf2),
    rgb(0xa3adbb),
    rgb(0x6cc3f5),
    rgb(0x56b4e9),
    rgb(0xe69f00),
    rgb(0xff7a45),
    rgb(0xe69f00),
    rgb(0x56b4e9),
    {rgb(0xe69f00), rgb(0x56b4e9), rgb(0x1fb58a), rgb(0xf0e442), rgb(0x5b8def), rgb(0xe8703a), rgb(0xd68fb8)}};
constexpr Theme kLight = {
    false,
    rgb(0xe9ecf0),
    rgb(0xfbfcfd),
    rgb(0xe6eaef),
    rgb(0xd5dce5),
    rgb(0xbcc5d0),
    rgb(0x1a1f27),
    rgb(0x566171),
    rgb(0x0063a8),
    rgb(0x0072b2),
    rgb(0xa86400),
    rgb(0xc24400),
    rgb(0xb87500),
    rgb(0x0072b2),
    {rgb(0xd08700), rgb(0x2f95cf), rgb(0x009e73), rgb(0x8f8400), rgb(0x0059a8), rgb(0xd55e00), rgb(0xb5669a)}};

double linear(ImU32 colour, int shift) {
  const double value = static_cast<double>((colour >> shift) & 0xff) / 255.0;
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}
double luminance(ImU32 colour) {
  return 0.2126 * linear(colour, IM_COL32_R_SHIFT) + 0.7152 * linear(colour, IM_COL32_G_SHIFT) +
         0.0722 * linear(colour, IM_COL32_B_SHIFT);
}

}  // namespace

const Theme& dark_theme() {
  return kDark;
}
const Theme& light_theme() {
  return kLight;
}

double contrast(ImU32 a, ImU32 b) {
  const double one = luminance(a), two = luminance(b);
  return (std::max(one, two) + 0.05) / (std::min(one, two) + 0.05);
}

ImU32 ink_on(ImU32 colour) {
  const ImU32 black = IM_COL32(12, 14, 18, 255), white = IM_COL32(255, 255, 255, 255);
  return contrast(colour, black) >= contrast(colour, white) ? black : white;
}

ImU32 faded(ImU32 colour, float alpha) {
  const auto now = static_cast<float>((colour >> IM_COL32_A_SHIFT) & 0xff);
  const auto then = static_cast<ImU32>(std::clamp(now * alpha, 0.0f, 255.0f));
  return (colour & ~IM_COL32_A_MASK) | (then << IM_COL32_A_SHIFT);
}

ImU32 blended(ImU32 a, ImU32 b, float share) {
  const ImVec4 from = ImGui::ColorConvertU32ToFloat4(a), to = ImGui::ColorConvertU32ToFloat4(b);
  const auto mix = [&](float x, float y) { return x + (y - x) * share; };
  return ImGui::ColorConvertFloat4ToU32({mix(from.x, to.x), mix(from.y, to.y), mix(from.z, to.z), mix(from.w, to.w)});
}

void apply_style(const Theme& theme, float scale) {
  ImGuiStyle style;
  if (theme.dark) {
    ImGui::StyleColorsDark(&style);
  } else {
    ImGui::StyleColorsLight(&style);
  }
  style.WindowRounding = 0;
  style.ChildRounding = 4;
  style.FrameRounding = 3;
  style.GrabRounding = 3;
  style.TabRounding = 3;
  style.PopupRounding = 4;
  style.ScrollbarRounding = 4;
  style.ScrollbarSize = 11;
  style.WindowPadding = {8, 8};
  style.FramePadding = {7, 3};
  style.ItemSpacing = {7, 5};
  style.CellPadding = {6, 2};
  style.WindowBorderSize = 0;
  style.PopupBorderSize = 1;
  style.FrameBorderSize = 1;
  style.ScaleAllSizes(scale);
  const auto set = [&](ImGuiCol role, ImU32 colour) { style.Colors[role] = ImGui::ColorConvertU32ToFloat4(colour); };
  set(ImGuiCol_WindowBg, theme.background);
  set(ImGuiCol_ChildBg, theme.panel);
  set(ImGuiCol_PopupBg, theme.raised);
  set(ImGuiCol_Text, theme.text);
  set(ImGuiCol_TextDisabled, theme.faint);
  set(ImGuiCol_Border, faded(theme.line, 0.8f));
  set(ImGuiCol_TitleBg, theme.raised);
  set(ImGuiCol_TitleBgActive, blended(theme.raised, theme.accent, 0.3f));
  set(ImGuiCol_Separator, theme.line);
  set(ImGuiCol_FrameBg, theme.raised);
  set(ImGuiCol_FrameBgHovered, theme.hover);
  set(ImGuiCol_FrameBgActive, theme.hover);
  set(ImGuiCol_Button, theme.raised);
  set(ImGuiCol_ButtonHovered, theme.hover);
  set(ImGuiCol_ButtonActive, blended(theme.hover, theme.accent, 0.4f));
  set(ImGuiCol_Header, blended(theme.panel, theme.accent, 0.25f));
  set(ImGuiCol_HeaderHovered, theme.hover);
  set(ImGuiCol_HeaderActive, blended(theme.hover, theme.accent, 0.4f));
  set(ImGuiCol_Tab, theme.background);
  set(ImGuiCol_TabHovered, theme.hover);
  set(ImGuiCol_TabActive, blended(theme.panel, theme.accent, 0.28f));
  set(ImGuiCol_TabUnfocused, theme.background);
  set(ImGuiCol_TabUnfocusedActive, blended(theme.panel, theme.accent, 0.28f));
  set(ImGuiCol_CheckMark, theme.accent);
  set(ImGuiCol_SliderGrab, theme.accent);
  set(ImGuiCol_SliderGrabActive, theme.accent);
  set(ImGuiCol_TableHeaderBg, theme.raised);
  set(ImGuiCol_TableBorderLight, faded(theme.line, 0.5f));
  set(ImGuiCol_TableBorderStrong, theme.line);
  set(ImGuiCol_TableRowBg, faded(theme.panel, 0));
  set(ImGuiCol_TableRowBgAlt, faded(theme.text, 0.03f));
  set(ImGuiCol_ScrollbarBg, faded(theme.panel, 0));
  set(ImGuiCol_ScrollbarGrab, theme.line);
  set(ImGuiCol_TextSelectedBg, faded(theme.accent, 0.35f));
  set(ImGuiCol_NavHighlight, theme.accent);
  set(ImGuiCol_ModalWindowDimBg, faded(IM_COL32(0, 0, 0, 255), 0.45f));
  ImGui::GetStyle() = style;
}

}  // namespace dkv::viz
