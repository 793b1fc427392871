#include "viz/views/ui.h"

#include <algorithm>
// imgui.h must come before it.
#include <imgui_stdlib.h>

namespace dkv::viz {

void Ui::mark(std::string_view name, const char* words) {
  places.put(name, ImGui::GetItemRectMin(), ImGui::GetItemRectMax());
  if (words) tip(words);
}

void Ui::tip(const char* words) const {
  if (!ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled)) return;
  ImGui::BeginTooltip();
  ImGui::PushTextWrapPos(px(380));
  ImGui::TextUnformatted(words);
  ImGui::PopTextWrapPos();
  ImGui::EndTooltip();
}

bool Ui::button(const char* label, const char* words, bool enabled) {
  ImGui::BeginDisabled(!enabled);
  const bool pressed = ImGui::Button(label);
  ImGui::EndDisabled();
  const std::string_view name(label);
  mark(name.substr(0, name.find("##")), words);
  return pressed;
}

bool Ui::toggle(const char* label, bool on, const char* words) {
  if (on) {
    ImGui::PushStyleColor(ImGuiCol_Button, blended(colours().raised, colours().accent, 0.45f));
    ImGui::PushStyleColor(ImGuiCol_ButtonHovered, blended(colours().raised, colours().accent, 0.55f));
  }
  const bool pressed = button(label, words);
  if (on) ImGui::PopStyleColor(2);
  return pressed;
}

bool Ui::input(const char* name, const char* hint, std::string& value, const char* words) {
  const bool changed = ImGui::InputTextWithHint((std::string("##") + name).c_str(), hint, &value);
  mark(name, words);
  return changed;
}

bool Ui::check(const char* label, bool& value, const char* words) {
  const bool changed = ImGui::Checkbox(label, &value);
  mark(label, words);
  return changed;
}

bool Ui::link(const std::string& words, std::string_view name, const char* explanation) {
  ImGui::PushStyleColor(ImGuiCol_Text, colours().accent);
  ImGui::TextUnformatted(words.c_str());
  ImGui::PopStyleColor();
  mark(name, explanation);
  if (ImGui::IsItemHovered()) {
    const ImVec2 min = ImGui::GetItemRectMin(), max = ImGui::GetItemRectMax();
    ImGui::GetWindowDrawList()->AddLine({min.x, max.y - 1}, {max.x, max.y - 1}, colours().accent);
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  }
  return ImGui::IsItemClicked();
}

void Ui::text(ImU32 colour, std::string_view words) const {
  ImGui::PushStyleColor(ImGuiCol_Text, colour);
  ImGui::TextUnformatted(words.data(), words.data() + words.size());
  ImGui::PopStyleColor();
}

void Ui::faint(std::string_view words) const {
  text(colours().faint, words);
}

void Ui::strong(std::string_view words) const {
  ImGui::PushFont(fonts.strong);
  ImGui::TextUnformatted(words.data(), words.data() + words.size());
  ImGui::PopFont();
}

void Ui::wrapped(std::string_view words, ImU32 colour) const {
  ImGui::PushTextWrapPos(0);
  text(colour == 0 ? colours().text : colour, words);
  ImGui::PopTextWrapPos();
}

void Ui::empty(std::string_view headline, std::string_view help) const {
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const float width = std::min(room.x - px(16), px(440));
  if (width < px(60)) return;
  ImGui::Dummy({0, std::max(0.0f, std::min(room.y * 0.25f, px(60)))});
  const float left = ImGui::GetCursorPosX() + (room.x - width) / 2;
  ImGui::SetCursorPosX(left);
  ImGui::PushTextWrapPos(left + width);
  strong(headline);
  ImGui::SetCursorPosX(left);
  faint(help);
  ImGui::PopTextWrapPos();
}

void put_text(ImDrawList& list, ImVec2 at, ImU32 colour, std::string_view words, ImFont* font) {
  if (!font) font = ImGui::GetFont();
  list.AddText(font, font->FontSize,
               {static_cast<float>(static_cast<int>(at.x)), static_cast<float>(static_cast<int>(at.y))}, colour,
               words.data(), words.data() + words.size());
}

ImVec2 size_of(std::string_view words, ImFont* font) {
  if (!font) font = ImGui::GetFont();
  return font->CalcTextSizeA(font->FontSize, 1e9f, 0, words.data(), words.data() + words.size());
}

std::string fitted(std::string_view words, float width, ImFont* font) {
  if (size_of(words, font).x <= width) return std::string(words);
  const float room = width - size_of("…", font).x;
  std::size_t bytes = 0;
  while (bytes < words.size()) {
    std::size_t next = bytes + 1;
    while (next < words.size() && (static_cast<unsigned char>(words[next]) & 0xc0) == 0x80) ++next;
    if (size_of(words.substr(0, next), font).x > room) break;
    bytes = next;
  }
  return std::string(words.substr(0, bytes)) + "…";
}

}  // namespace dkv::viz
