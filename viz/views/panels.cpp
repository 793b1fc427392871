#include "viz/views/panels.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace dkv::viz {

std::span<const Panel> panels() noexcept {
  static constexpr std::array kAll = {&kRingPanel,    &kInspectorPanel, &kKeyPanel,      &kLadderPanel,
                                      &kClientsPanel, &kHintsPanel,     &kMerklePanel,   &kStoryPanel,
                                      &kOraclesPanel, &kBranchesPanel,  &kTopologyPanel, &kWhyPanel};
  return kAll;
}

std::optional<Panel> panel_by_name(std::string_view name) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
  };
  for (const Panel panel : panels()) {
    if (std::ranges::equal(name, std::string_view(panel->title), same)) return panel;
  }
  return {};
}

std::string panel_names() {
  std::string names;
  for (const Panel panel : panels()) {
    if (!names.empty()) names += ", ";
    for (const char c : std::string_view(panel->title)) {
      names += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return names;
}

}  // namespace dkv::viz
