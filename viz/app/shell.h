#pragma once

#include <array>

#include "viz/views/panels.h"

namespace dkv::viz {

// The frame of the window: the time line at the top, four panes with tabs and draggable bars between them, and one
// line for notices at the bottom.
class Shell {
 public:
  void draw(Workspace& workspace);
  void bring_forward(Panel panel);
  // The panel with the keyboard focus: the last one that was brought forward.
  Panel front() const noexcept { return front_; }

  bool help = false;
  bool theme_toggled = false;  // the person asked for the other theme; the owner of the theme reacts
  std::optional<Panel> alone;  // this panel fills the window

 private:
  static constexpr std::size_t kPanelKeys = 10;  // 1 … 9 and 0
  static constexpr std::size_t kPanes = 4;       // by PanelPlace
  void draw_pane(Workspace& workspace, PanelPlace pane, ImVec2 size);
  void draw_transport(Workspace& workspace);
  void draw_run_until(Workspace& workspace);
  void draw_notice(Workspace& workspace);
  void splitter(Workspace& workspace, const char* name, bool upright, float length, float& share, float whole);

  float left_share_ = 0.42f, left_top_share_ = 0.66f, right_top_share_ = 0.56f;
  std::array<std::optional<Panel>, kPanes> wanted_{&kRingPanel, &kInspectorPanel, &kLadderPanel, &kStoryPanel};
  std::array<Panel, kPanes> shown_{&kRingPanel, &kInspectorPanel, &kLadderPanel, &kStoryPanel};
  Panel front_ = &kRingPanel;
};

}  // namespace dkv::viz
