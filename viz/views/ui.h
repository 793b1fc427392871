#pragma once

#include <imgui.h>

#include <string>
#include <string_view>

#include "viz/views/fonts.h"
#include "viz/views/places.h"
#include "viz/views/theme.h"

namespace dkv::viz {

// The drawing tools of every panel. Widgets are ImGui's; they are named in `places` and have tooltips.
struct Ui {
  const Theme* theme = nullptr;
  Fonts fonts;
  float scale = 1;  // pixels for each pixel of the design
  Places places;
  bool naming_all = false;  // also names small and moving items; for scripts

  float px(float design) const { return design * scale; }
  const Theme& colours() const { return *theme; }

  // Names the last submitted item and gives it a tooltip.
  void mark(std::string_view name, const char* tip = nullptr);
  void tip(const char* text) const;  // for the last submitted item
  bool button(const char* label, const char* tip = nullptr, bool enabled = true);
  // A button that looks pressed while `on`.
  bool toggle(const char* label, bool on, const char* tip = nullptr);
  // A field for one line. hint: shown while it is empty. True when the value has changed.
  bool input(const char* name, const char* hint, std::string& value, const char* tip = nullptr);
  bool check(const char* label, bool& value, const char* tip = nullptr);
  bool link(const std::string& text, std::string_view name, const char* tip = nullptr);
  void text(ImU32 colour, std::string_view words) const;
  void faint(std::string_view words) const;
  void strong(std::string_view words) const;
  // Text that wraps at the edge of the window.
  void wrapped(std::string_view words, ImU32 colour = 0) const;
  // Fills a panel that has nothing to show: the headline says so, and the help says how to get something.
  void empty(std::string_view headline, std::string_view help) const;
};

// Draws text without clipping. font null: the current one.
void put_text(ImDrawList& list, ImVec2 at, ImU32 colour, std::string_view words, ImFont* font = nullptr);
ImVec2 size_of(std::string_view words, ImFont* font = nullptr);
// The words, or the part that fits followed by "…".
std::string fitted(std::string_view words, float width, ImFont* font = nullptr);

}  // namespace dkv::viz
