// The ring: the holders of keys, the states of nodes, and the messages between them.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/faults/catalogue.h"
#include "viz/views/panels.h"
#include "viz/views/ring_parts.h"
#include "viz/views/words.h"

namespace dkv::viz {
namespace {

void draw_band(const Ring& ring) {
  const Placement& placement = ring.world.placement();
  const std::uint32_t partitions = placement.partitions();
  const Workspace& workspace = ring.workspace;
  const float inner = ring.shape.band_inner(), outer = ring.shape.band_outer(), middle = (inner + outer) / 2;
  const float gap = partitions <= 256 ? 0.004f : 0;
  for (PartitionId partition = 0; partition < partitions; ++partition) {
    const auto primaries = placement.primaries(partition);
    float strength = 0.75f;
    ImU32 colour = node_colour(workspace.colours(), primaries[0]);
    if (!workspace.focus.key.empty()) {
      strength = partition == ring.partition ? 1.0f : 0.22f;
    } else if (workspace.focus.node != kNoNode) {
      const auto place = std::find(primaries.begin(), primaries.end(), workspace.focus.node);
      strength = place == primaries.end() ? 0.12f : place == primaries.begin() ? 1.0f : 0.5f;
      if (place != primaries.end()) colour = node_colour(workspace.colours(), workspace.focus.node);
    }
    ring.list.PathArcTo(ring.shape.centre(), middle, ring.shape.partition_angle(partition, partitions) + gap,
                        ring.shape.partition_angle(partition + 1, partitions) - gap,
                        std::max(3, static_cast<int>(720 / partitions)));
    ring.list.PathStroke(faded(colour, strength), 0, outer - inner);
  }
}

// Draws lines from the key's place on the ring to its primaries, numbered in their order.
void draw_preference(const Ring& ring) {
  if (ring.workspace.focus.key.empty()) return;
  const Theme& theme = ring.workspace.colours();
  const Placement& placement = ring.world.placement();
  const float begin = ring.shape.partition_angle(ring.partition, placement.partitions());
  const float end = ring.shape.partition_angle(ring.partition + 1, placement.partitions());
  const ImVec2 place = ring.shape.at((begin + end) / 2, ring.shape.band_inner() - ring.px(3));
  int number = 0;
  for (const NodeId node : placement.primaries(ring.partition)) {
    const ImVec2 to = ring.shape.node(node);
    ring.list.AddLine(place, to, faded(theme.accent, 0.8f), ring.px(1.6f));
    const std::string words = std::to_string(++number);
    // The number is on the line or, where that is too short, at its other end.
    const float length = std::max(std::hypot(to.x - place.x, to.y - place.y), 1.0f);
    const bool room = length * 0.38f > ring.shape.node_radius() + ring.px(9);
    const float share = room ? 0.62f : -ring.px(15) / length;
    const ImVec2 at{place.x + (to.x - place.x) * share, place.y + (to.y - place.y) * share};
    ring.list.AddCircleFilled(at, ring.px(8), theme.panel);
    ring.list.AddCircle(at, ring.px(8), theme.accent, 0, ring.px(1.2f));
    const ImVec2 size = size_of(words);
    put_text(ring.list, {at.x - size.x / 2, at.y - size.y / 2}, theme.text, words);
  }
  ring.list.AddCircleFilled(place, ring.px(4), theme.accent);
}

// Draws network partitions: the nodes that the focused node cannot reach or, without a focus, the sides.
void draw_cuts(const Ring& ring) {
  const Theme& theme = ring.workspace.colours();
  const NodeId focus = ring.workspace.focus.node;
  const std::uint32_t nodes = ring.world.node_count();
  if (focus < nodes) {
    for (NodeId other = 0; other < nodes; ++other) {
      if (other == focus) continue;
      const bool there = ring.world.network().open(focus, other), back = ring.world.network().open(other, focus);
      if (there && back) continue;
      dashed(ring, ring.shape.node(focus), ring.shape.node(other), faded(theme.bad, there || back ? 0.45f : 0.8f));
    }
    return;
  }
  for (const FaultMark& mark : ring.faults) {
    if (mark.traits->effect != sim::NetworkEffect::kCut || mark.traits->place != sim::FaultPlace::kSets) continue;
    const sim::Fault& fault = *mark.fault;
    const auto side = [&](NodeId node) -> std::size_t {
      for (std::size_t g = 0; g < fault.groups.size(); ++g)
        if (std::find(fault.groups[g].begin(), fault.groups[g].end(), node) != fault.groups[g].end()) return g + 1;
      return 0;
    };
    const bool few = nodes <= 40;
    for (NodeId node = 0; node < nodes; ++node) {
      const NodeId next = (node + 1) % nodes;
      const std::size_t one = side(node);
      if (one != 0) {
        const ImVec2 at = ring.shape.node(node);
        ring.list.AddCircle(at, ring.shape.node_radius() + ring.px(3),
                            theme.category[(one * 2 + 3) % Theme::kCategories], 0, ring.px(2));
      }
      if (few && one != side(next)) {
        const float angle =
            (ring.shape.node_angle(node) + ring.shape.node_angle(node) + 2 * 3.14159265f / static_cast<float>(nodes)) /
            2;
        dashed(ring, ring.shape.centre(), ring.shape.at(angle, ring.shape.radius() + ring.shape.node_radius()),
               faded(theme.bad, 0.85f));
      }
    }
  }
}

void draw_legend(Workspace& workspace, const Traffic& traffic) {
  Ui& ui = workspace.ui;
  bool first = true;
  for (std::size_t i = 0; i < sim::kLegs; ++i) {
    const auto leg = static_cast<sim::Leg>(i);
    const std::string name = sim::leg_name(leg);
    const float width = ui.px(24) + size_of(name).x;
    if (!first) {
      ImGui::SameLine(0, ui.px(10));
      if (ImGui::GetContentRegionAvail().x < width) ImGui::NewLine();
    }
    first = false;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const bool shown = workspace.legs_shown[i];
    if (ImGui::InvisibleButton(name.c_str(), {width - ui.px(6), ImGui::GetTextLineHeight()})) {
      workspace.legs_shown[i] = !shown;
    }
    ui.mark("leg " + name, fmt::format("{}: {}. {} under way now. Click to {} them.", name, leg_meaning(leg),
                                       traffic.by_leg[i], shown ? "hide" : "show")
                               .c_str());
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float middle = at.y + ImGui::GetTextLineHeight() / 2;
    const ImU32 colour = leg_colour(workspace.colours(), leg);
    if (shown) {
      list.AddCircleFilled({at.x + ui.px(7), middle}, ui.px(5), colour);
    } else {
      list.AddCircle({at.x + ui.px(7), middle}, ui.px(4.5f), colour, 0, ui.px(1.2f));
    }
    put_text(list, {at.x + ui.px(17), at.y}, shown ? workspace.colours().text : workspace.colours().faint, name);
  }
}

// The number of lines that the legend needs in this width.
float legend_lines(const Ui& ui, float width) {
  float x = 0, lines = 1;
  for (std::size_t i = 0; i < sim::kLegs; ++i) {
    const float item = ui.px(24) + size_of(sim::leg_name(static_cast<sim::Leg>(i))).x + ui.px(4);
    if (x > 0 && x + item > width) {
      ++lines;
      x = 0;
    }
    x += item;
  }
  return lines;
}

void draw_centre(const Ring& ring, const Traffic& traffic) {
  if (ring.shape.band_inner() < ring.px(110)) return;
  const Theme& theme = ring.workspace.colours();
  std::vector<std::pair<std::string, ImU32>> lines;
  if (!ring.workspace.focus.key.empty()) {
    lines.emplace_back("key " + shown(ring.workspace.focus.key.key(), 18), theme.text);
    lines.emplace_back(fmt::format("partition {} of {}", ring.partition, ring.world.placement().partitions()),
                       theme.faint);
  }
  lines.emplace_back(fmt::format("{} under way", count_text(traffic.shown)), theme.faint);
  if (traffic.held > 0) lines.emplace_back(fmt::format("{} held back", traffic.held), theme.warn);
  const float height = ImGui::GetTextLineHeight();
  float y = ring.shape.centre().y - height * static_cast<float>(lines.size()) / 2;
  for (const auto& [words, colour] : lines) {
    const ImVec2 size = size_of(words);
    const ImVec2 at{ring.shape.centre().x - size.x / 2, y};
    ring.list.AddRectFilled({at.x - ring.px(3), at.y}, {at.x + size.x + ring.px(3), at.y + height},
                            faded(theme.panel, 0.9f));
    put_text(ring.list, at, colour, words);
    y += height;
  }
}

}  // namespace

void dashed(const Ring& ring, ImVec2 from, ImVec2 to, ImU32 colour) {
  const float length = std::hypot(to.x - from.x, to.y - from.y), dash = ring.px(6);
  const int pieces = std::max(1, static_cast<int>(length / (2 * dash)));
  for (int i = 0; i < pieces; ++i) {
    const float a = static_cast<float>(i) / static_cast<float>(pieces);
    const float b = a + 0.55f / static_cast<float>(pieces);
    ring.list.AddLine({from.x + (to.x - from.x) * a, from.y + (to.y - from.y) * a},
                      {from.x + (to.x - from.x) * b, from.y + (to.y - from.y) * b}, colour, ring.px(1.6f));
  }
}

static void draw_ring(Workspace& workspace) {
  Ui& ui = workspace.ui;
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const float legend = legend_lines(ui, room.x) * ImGui::GetTextLineHeightWithSpacing();
  if (room.y < ui.px(120) || room.x < ui.px(120)) {
    ui.faint("The ring needs more room: drag the bar beside it.");
    return;
  }
  const int words = fault_lines(workspace, room.y);
  const float above = static_cast<float>(words) * ImGui::GetTextLineHeight();
  const ImVec2 begin{corner.x, corner.y + above};
  const ImVec2 size{room.x, room.y - legend - above};
  const std::uint32_t nodes = workspace.world().node_count();
  const RingShape shape(begin, {begin.x + size.x, begin.y + size.y}, nodes, ui.px(nodes > 12 ? 24.0f : 14.0f),
                        ui.scale);
  const PartitionId partition =
      workspace.focus.key.empty() ? 0 : workspace.world().placement().partition(workspace.focus.key.hash());
  // Nodes and messages are drawn over it and handle the mouse themselves. A click outside all of them clears the
  // focus.
  ImGui::SetCursorScreenPos(begin);
  ImGui::InvisibleButton("ring", size);
  const bool beside = ImGui::IsItemClicked();
  ui.mark("ring");
  const Ring ring{workspace, workspace.world(),           *ImGui::GetWindowDrawList(), shape, partition, begin,
                  size,      faults_on(workspace.world())};
  draw_band(ring);
  draw_preference(ring);
  draw_cuts(ring);
  draw_disturbed_ways(ring);
  const Traffic traffic = draw_traffic(ring);
  const bool on_node = draw_nodes(ring);
  draw_centre(ring, traffic);
  draw_fault_words(ring, corner, room.x, words);
  if (beside && !on_node && !traffic.clicked) workspace.clear_focus();
  ImGui::SetCursorScreenPos({begin.x, begin.y + size.y + ui.px(2)});
  draw_legend(workspace, traffic);
}

const PanelEntry kRingPanel = {
    .title = "Ring",
    .meaning = "The holders of each partition, the states of nodes, and every message under way.",
    .place = PanelPlace::kLeftTop,
    .draw = &draw_ring,
    .scrolls = false};

}  // namespace dkv::viz
