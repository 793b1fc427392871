#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace dkv::viz {

struct Desk;

// Where a panel's tab stands when the debugger starts.
enum class PanelPlace : std::uint8_t { kLeftTop, kLeftBottom, kRightTop, kRightBottom };

// All that the window knows of a panel. Each panel's file ends with its entry; panels.cpp lists them.
struct PanelEntry {
  const char* title;    // on its tab, and its name in scripts and on the command line, whatever the case
  const char* meaning;  // one sentence, shown over the tab and in the help
  PanelPlace place;
  // Draws into the current ImGui window and takes the room that is there.
  void (*draw)(Desk&);
  bool scrolls = true;  // false: it moves its own content with the mouse
  // A short text beside the title, such as a count; null or an empty answer: none.
  std::string (*badge)(const Desk&) = nullptr;
};
using Panel = const PanelEntry*;  // never null

// In the order of the tabs, and of the keys 1 … 9 and 0.
std::span<const Panel> panels() noexcept;
std::optional<Panel> panel_by_name(std::string_view name);
// "ring, what if, key, …": as people write them.
std::string panel_names();

}  // namespace dkv::viz
