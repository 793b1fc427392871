#pragma once

#include <array>

#include "viz/views/desk.h"

namespace dkv::viz {

// The window's frame: the bar of time on top, three or four panes with tabs, bars between them that can be dragged, one
// line of notice below.
class Shell {
 public:
  void draw(Desk& desk);
  void bring_forward(Panel panel);
  // The panel that has the keyboard's attention: the last one brought forward.
  Panel front() const noexcept { return front_; }

  bool help = false;
  bool theme_toggled = false;  // the person asked for the other theme; whoever owns it answers
  std::optional<Panel> alone;  // fills the window

 private:
  enum Pane : std::uint8_t { kLeftTop, kLeftBottom, kRightTop, kRightBottom };
  static constexpr std::size_t kPanes = 4;
  static Pane home(Panel panel);
  void draw_pane(Desk& desk, Pane pane, ImVec2 size);
  void draw_transport(Desk& desk);
  void draw_run_until(Desk& desk);
  void draw_notice(Desk& desk);
  void splitter(Desk& desk, const char* name, bool upright, float length, float& share, float whole);

  float left_share_ = 0.42f, left_top_share_ = 0.66f, right_top_share_ = 0.56f;
  std::array<std::optional<Panel>, kPanes> wanted_{Panel::kRing, Panel::kInspector, Panel::kLadder, Panel::kStory};
  std::array<Panel, kPanes> shown_{Panel::kRing, Panel::kInspector, Panel::kLadder, Panel::kStory};
  Panel front_ = Panel::kRing;
};

}  // namespace dkv::viz
