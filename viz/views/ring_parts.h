#pragma once

#include <imgui.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "viz/model/faults.h"
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
  std::vector<FaultMark> faults;
  float px(float design) const { return workspace.ui.px(design); }
};

void dashed(const Ring& ring, ImVec2 from, ImVec2 to, ImU32 colour);

// The ways that faults of the network disturb, and links that are down.
void draw_disturbed_ways(const Ring& ring);
// The lines that the words of faults get in a panel of this height. Constant during a run, so that the ring stays.
int fault_lines(const Workspace& workspace, float height);
// The faults that are on, in words.
void draw_fault_words(const Ring& ring, ImVec2 at, float width, int lines);
// The word of the first fault of the process, the disk or the clock that hits the node; empty: none.
std::string fault_badge(const Ring& ring, NodeId node);

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
