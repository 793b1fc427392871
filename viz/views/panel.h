#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace dkv::viz {

struct Workspace;

// The pane in which a panel's tab is when the debugger starts.
enum class PanelPlace : std::uint8_t { kLeftTop, kLeftBottom, kRightTop, kRightBottom };

// The window's knowledge of a panel. Each panel's file ends with its entry; panels.cpp lists them.
struct PanelEntry {
  const char* title;    // on its tab; also its name in scripts and on the command line, where case does not matter
  const char* meaning;  // one sentence, shown as a tooltip of the tab and in the help
  PanelPlace place;
  // Draws into the current ImGui window and uses its whole space.
  void (*draw)(Workspace&);
  bool scrolls = true;  // false: the panel handles the mouse wheel itself
  // A short text next to the title, such as a count. Null or empty: none.
  std::string (*badge)(const Workspace&) = nullptr;
};
using Panel = const PanelEntry*;  // never null

// In the order of the tabs, and of the keys 1 … 9 and 0.
std::span<const Panel> panels() noexcept;
std::optional<Panel> panel_by_name(std::string_view name);
// "ring, what if, key, …", in lower case.
std::string panel_names();

}  // namespace dkv::viz
