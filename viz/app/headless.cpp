#include "viz/app/headless.h"

#include "engine/core/assert.h"
#include "viz/app/keys.h"
#include "viz/shot/raster.h"

namespace dkv::viz {

Headless::Headless(Size size, double seconds) {
  IMGUI_CHECKVERSION();
  DKV_ASSERT(ImGui::GetCurrentContext() == nullptr);
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.DeltaTime = static_cast<float>(seconds);
  io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
  const std::pair<int, int> keys[] = {{ImGuiKey_Tab, key::kTab},
                                      {ImGuiKey_LeftArrow, key::kLeft},
                                      {ImGuiKey_RightArrow, key::kRight},
                                      {ImGuiKey_UpArrow, key::kUp},
                                      {ImGuiKey_DownArrow, key::kDown},
                                      {ImGuiKey_PageUp, key::kPageUp},
                                      {ImGuiKey_PageDown, key::kPageDown},
                                      {ImGuiKey_Home, key::kHome},
                                      {ImGuiKey_End, key::kEnd},
                                      {ImGuiKey_Delete, key::kDelete},
                                      {ImGuiKey_Backspace, key::kBackspace},
                                      {ImGuiKey_Space, key::kSpace},
                                      {ImGuiKey_Enter, key::kEnter},
                                      {ImGuiKey_Escape, key::kEscape},
                                      {ImGuiKey_A, 'A'},
                                      {ImGuiKey_C, 'C'},
                                      {ImGuiKey_V, 'V'},
                                      {ImGuiKey_X, 'X'},
                                      {ImGuiKey_Y, 'Y'},
                                      {ImGuiKey_Z, 'Z'}};
  for (const auto& [meaning, number] : keys) io.KeyMap[meaning] = number;
  resize(size);
  io.MousePos = {-1e6f, -1e6f};
}

Headless::~Headless() {
  ImGui::DestroyContext();
}

ImFontAtlas& Headless::atlas() {
  return *ImGui::GetIO().Fonts;
}

void Headless::resize(Size size) {
  DKV_ASSERT(size.width >= 16 && size.width <= 16384 && size.height >= 16 && size.height <= 16384);
  ImGui::GetIO().DisplaySize = {static_cast<float>(size.width), static_cast<float>(size.height)};
}

void Headless::show(std::function<void()> draw, Places* places) {
  draw_ = std::move(draw);
  places_ = places;
}

void Headless::frames(int count) {
  ImGuiIO& io = ImGui::GetIO();
  std::uint8_t* pixels = nullptr;
  int width = 0, height = 0;
  io.Fonts->GetTexDataAsAlpha8(&pixels, &width, &height);  // the first call builds it
  for (int i = 0; i < count; ++i) {
    ImGui::NewFrame();
    draw_();
    ImGui::Render();
    io.MouseWheel = 0;
    if (places_) places_->end_frame();
  }
}

Result<ImVec2> Headless::place(std::string_view name, float x, float y) const {
  const Places::Box* box = places_ ? places_->find(name) : nullptr;
  if (box) return box->at(x, y);
  std::string names;
  if (places_) {
    for (const auto& [known, where] : places_->all()) names += (names.empty() ? "" : ", ") + known;
  }
  return fail("no item \"" + std::string(name) + "\" is visible; visible are: " + names);
}

void Headless::move(ImVec2 to) {
  ImGui::GetIO().MousePos = to;
  frames();
}

void Headless::press_button(int button, bool down) {
  ImGui::GetIO().MouseDown[button] = down;
  frames();
}

Result<void> Headless::click(std::string_view name, int button) {
  auto at = place(name);
  if (!at) return tl::unexpected(at.error());
  move(*at);
  press_button(button, true);
  press_button(button, false);
  frames();
  return {};
}

Result<void> Headless::double_click(std::string_view name) {
  if (auto first = click(name); !first) return first;
  return click(name);
}

Result<void> Headless::hover(std::string_view name) {
  auto at = place(name);
  if (!at) return tl::unexpected(at.error());
  move(*at);
  frames(2);  // the first frame only measures a tooltip
  return {};
}

Result<void> Headless::drag(std::string_view name, float from, float to) {
  auto begin = place(name, from), end = place(name, to);
  if (!begin) return tl::unexpected(begin.error());
  move(*begin);
  press_button(0, true);
  constexpr int kMoves = 5;
  for (int i = 1; i <= kMoves; ++i) {
    const float share = static_cast<float>(i) / kMoves;
    move({begin->x + (end->x - begin->x) * share, begin->y + (end->y - begin->y) * share});
  }
  press_button(0, false);
  frames();
  return {};
}

Result<void> Headless::wheel(std::string_view name, float notches) {
  if (auto over = hover(name); !over) return over;
  ImGui::GetIO().MouseWheel = notches;
  frames(2);
  return {};
}

Result<void> Headless::press(std::string_view keys) {
  ImGuiIO& io = ImGui::GetIO();
  bool ctrl = false, shift = false, alt = false;
  std::string_view rest = keys;
  for (auto plus = rest.find('+'); plus != std::string_view::npos && plus + 1 < rest.size(); plus = rest.find('+')) {
    const auto modifier = rest.substr(0, plus);
    if (modifier != "Ctrl" && modifier != "Shift" && modifier != "Alt") break;
    ctrl = ctrl || modifier == "Ctrl";
    shift = shift || modifier == "Shift";
    alt = alt || modifier == "Alt";
    rest.remove_prefix(plus + 1);
  }
  const auto number = key_by_name(rest);
  if (!number) return fail("there is no key \"" + std::string(keys) + '"');
  io.KeyCtrl = ctrl;
  io.KeyShift = shift;
  io.KeyAlt = alt;
  io.KeysDown[*number] = true;
  if (rest.size() == 1 && !ctrl && !alt) io.AddInputCharacter(static_cast<unsigned char>(rest[0]));
  if (*number == key::kSpace) io.AddInputCharacter(' ');
  frames();
  io.KeysDown[*number] = false;
  io.KeyCtrl = io.KeyShift = io.KeyAlt = false;
  frames(2);
  return {};
}

void Headless::type(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    std::size_t next = i + 1;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xc0) == 0x80) ++next;
    ImGui::GetIO().AddInputCharactersUTF8(std::string(text.substr(i, next - i)).c_str());
    frames();
    i = next;
  }
}

Image Headless::shot() {
  frames();
  std::uint8_t* pixels = nullptr;
  Atlas atlas;
  ImGui::GetIO().Fonts->GetTexDataAsAlpha8(&pixels, &atlas.width, &atlas.height);
  atlas.alpha = pixels;
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  Image image(static_cast<int>(size.x), static_cast<int>(size.y));
  rasterise(image, *ImGui::GetDrawData(), atlas);
  return image;
}

}  // namespace dkv::viz
