#pragma once

#include <imgui.h>

#include <array>
#include <cstdint>

#include "viz/views/ring_shape.h"
#include "viz/views/workspace.h"

// The parts of the ring panel.
namespace dkv::viz {

struct Ring {
  Workspace& workspace;
  const sim::World& world;
  ImDrawList& list;
  RingShape shape;
  PartitionId partition;  // of the key in focus
  ImVec2 min, size;       // of the panel
  float px(float design) const { return workspace.ui.px(design); }
};

void dashed(const Ring& ring, ImVec2 from, ImVec2 to, ImU32 colour);

struct Traffic {
  std::array<std::uint32_t, sim::kLegs> by_leg{};
  std::uint32_t shown = 0;  // on the legs that are shown
  std::uint32_t held = 0;   // held by clogs, or waiting for processes that stand still
  bool clicked = false;
};
// Draws the messages under way, each at its position at the shown moment.
Traffic draw_traffic(const Ring& ring);

// True when a node was clicked.
bool draw_nodes(const Ring& ring);

}  // namespace dkv::viz
