// The topology: places, links with their latencies, data centres, and cuts.
#include "viz/model/topology.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "viz/views/panels.h"
#include "viz/views/words.h"

namespace dkv::viz {
namespace {

constexpr std::size_t kCutPairsMax = 2000;  // the most that are drawn; with more the picture is red anyway
constexpr std::size_t kLabelledLinksMax = 40;

struct Memory {
  std::optional<TopologyLayout> layout;
};

struct Picture {
  Workspace& workspace;
  const TopologyLayout& layout;
  ImDrawList& list;
  ImVec2 min, size;
  float radius;

  ImVec2 at(const TopologyLayout::Place& place) const { return {min.x + place.x * size.x, min.y + place.y * size.y}; }
  ImVec2 at(NodeId node) const { return at(layout.places[node]); }
};

void draw_datacenters(const Picture& picture) {
  if (picture.layout.datacenters.size() < 2) return;
  const Theme& theme = picture.workspace.colours();
  const float margin = picture.radius * 2.2f;
  for (std::size_t i = 0; i < picture.layout.datacenters.size(); ++i) {
    const std::string& name = picture.layout.datacenters[i];
    ImVec2 low{1e9f, 1e9f}, high{-1e9f, -1e9f};
    for (const TopologyLayout::Place& place : picture.layout.places) {
      if (place.node == kNoNode || place.datacenter != name) continue;
      const ImVec2 at = picture.at(place);
      low = {std::min(low.x, at.x), std::min(low.y, at.y)};
      high = {std::max(high.x, at.x), std::max(high.y, at.y)};
    }
    low = {low.x - margin, low.y - margin};
    high = {high.x + margin, high.y + margin};
    const ImU32 colour = theme.of_category(static_cast<std::uint32_t>(i));
    picture.list.AddRectFilled(low, high, faded(colour, 0.10f), margin);
    picture.list.AddRect(low, high, faded(colour, 0.5f), margin);
    const std::string words = name.empty() ? "no data centre" : name;
    put_text(picture.list, {(low.x + high.x - size_of(words).x) / 2, low.y + picture.workspace.ui.px(2)}, theme.faint,
             words);
  }
}

// Draws a cut as a line with a gap and a cross in its middle. For a one-way cut, an arrow shows the blocked
// direction.
void draw_cut(const Picture& picture, ImVec2 from, ImVec2 to, bool one_way) {
  const ImU32 colour = picture.workspace.colours().bad;
  const ImVec2 middle{(from.x + to.x) / 2, (from.y + to.y) / 2};
  const float length = std::max(1.0f, std::hypot(to.x - from.x, to.y - from.y));
  const ImVec2 along{(to.x - from.x) / length, (to.y - from.y) / length};
  const float gap = std::min(picture.workspace.ui.px(8), length / 4), line = picture.workspace.ui.px(1.5f);
  picture.list.AddLine(from, {middle.x - along.x * gap, middle.y - along.y * gap}, colour, line);
  picture.list.AddLine({middle.x + along.x * gap, middle.y + along.y * gap}, to, colour, line);
  const float arm = gap * 0.6f;
  picture.list.AddLine({middle.x - arm, middle.y - arm}, {middle.x + arm, middle.y + arm}, colour, line);
  picture.list.AddLine({middle.x - arm, middle.y + arm}, {middle.x + arm, middle.y - arm}, colour, line);
  if (!one_way) return;
  const float head = picture.workspace.ui.px(7);
  const ImVec2 tip{to.x - along.x * picture.radius, to.y - along.y * picture.radius};
  const ImVec2 base{tip.x - along.x * head, tip.y - along.y * head};
  const ImVec2 side{-along.y * head / 2, along.x * head / 2};
  picture.list.AddTriangleFilled(tip, {base.x + side.x, base.y + side.y}, {base.x - side.x, base.y - side.y}, colour);
}

std::size_t draw_links(const Picture& picture) {
  const Theme& theme = picture.workspace.colours();
  const sim::Topology& topology = picture.workspace.world().network().topology();
  std::size_t cut = 0;
  for (std::size_t i = 0; i < picture.layout.links.size(); ++i) {
    const TopologyLayout::Link& link = picture.layout.links[i];
    const ImVec2 from = picture.at(picture.layout.places[link.a]), to = picture.at(picture.layout.places[link.b]);
    if (topology.stands(i)) {
      picture.list.AddLine(from, to, theme.line, picture.workspace.ui.px(2));
    } else {
      draw_cut(picture, from, to, false);
      ++cut;
    }
    if (picture.layout.links.size() > kLabelledLinksMax) continue;
    const std::string words = span_text(link.latency_ns);
    const ImVec2 room = size_of(words), middle{(from.x + to.x) / 2, (from.y + to.y) / 2};
    const ImVec2 corner{middle.x - room.x / 2, middle.y - room.y / 2 - picture.workspace.ui.px(11)};
    picture.list.AddRectFilled(corner, {corner.x + room.x, corner.y + room.y}, faded(theme.panel, 0.85f));
    put_text(picture.list, corner, theme.faint, words);
  }
  return cut;
}

void draw_cut_pairs(const Picture& picture, const std::vector<CutPair>& pairs) {
  for (const CutPair& pair : pairs) draw_cut(picture, picture.at(pair.a), picture.at(pair.b), pair.one_way);
}

void explain(const Picture& picture, const TopologyLayout::Place& place) {
  const Ui& ui = picture.workspace.ui;
  ImGui::BeginTooltip();
  if (place.node == kNoNode) {
    ui.strong(place.name);
    ui.faint("a place without a node");
  } else {
    const sim::NodeView state = picture.workspace.world().node_view(place.node);
    ui.strong(fmt::format("{}: {}", place.name, process_name(state.process)));
    if (!place.datacenter.empty()) ui.faint("data centre " + place.datacenter);
    if (!place.rack.empty()) ui.faint("rack " + place.rack);
    if (state.cut_links > 0)
      ui.text(picture.workspace.colours().bad, fmt::format("can't talk to {} nodes", state.cut_links));
  }
  ImGui::EndTooltip();
}

void draw_places(const Picture& picture) {
  Workspace& workspace = picture.workspace;
  const Theme& theme = workspace.colours();
  for (const TopologyLayout::Place& place : picture.layout.places) {
    const ImVec2 at = picture.at(place);
    const float radius = picture.radius;
    if (place.node == kNoNode) {
      picture.list.AddRectFilled({at.x - radius * 0.6f, at.y - radius * 0.6f},
                                 {at.x + radius * 0.6f, at.y + radius * 0.6f}, theme.faint, workspace.ui.px(2));
    } else {
      const bool up = workspace.world().node_view(place.node).process == sim::ProcessState::kUp;
      picture.list.AddCircleFilled(at, radius, up ? node_colour(theme, place.node) : theme.panel);
      picture.list.AddCircle(at, radius, up ? theme.panel : theme.bad, 0, workspace.ui.px(2));
      if (workspace.focus.node == place.node)
        picture.list.AddCircle(at, radius + workspace.ui.px(3), theme.accent, 0, workspace.ui.px(2));
    }
    if (radius >= workspace.ui.px(7)) {
      put_text(picture.list, {at.x - size_of(place.name).x / 2, at.y + radius + workspace.ui.px(2)}, theme.text,
               place.name);
    }
    ImGui::SetCursorScreenPos({at.x - radius, at.y - radius});
    ImGui::PushID(place.name.c_str());
    if (ImGui::InvisibleButton("place", {2 * radius, 2 * radius}) && place.node != kNoNode)
      workspace.look_at_node(place.node);
    if (ImGui::IsItemHovered()) explain(picture, place);
    workspace.ui.mark("place " + place.name);
    ImGui::PopID();
  }
}

void draw_topology(Workspace& workspace) {
  Ui& ui = workspace.ui;
  Memory& memory = workspace.memory<Memory>();
  if (!memory.layout) memory.layout = lay_out(workspace.session.scenario());
  const TopologyLayout& layout = *memory.layout;
  const ImVec2 begin = ImGui::GetCursorScreenPos(), room = ImGui::GetContentRegionAvail();
  if (room.y < ui.px(120) || room.x < ui.px(120)) {
    ui.faint("The topology needs more room: drag the bar beside it.");
    return;
  }
  const float line = ImGui::GetTextLineHeightWithSpacing(), border = ui.px(34);
  const float nodes = static_cast<float>(layout.places.size());
  const ImVec2 size{room.x - 2 * border, room.y - 2 * border - 2 * line};
  const float radius = std::clamp(std::min(size.x, size.y) / (3 * std::sqrt(nodes) + 1), ui.px(3), ui.px(13));
  const Picture picture{workspace, layout, *ImGui::GetWindowDrawList(), {begin.x + border, begin.y + border},
                        size,      radius};
  draw_datacenters(picture);
  const std::size_t links_cut = draw_links(picture);
  // A cut link is visible itself. Partitions and one-way cuts concern pairs without a link, so the pairs are drawn.
  const std::vector<CutPair> pairs = cut_pairs(workspace.world(), kCutPairsMax);
  if (layout.links.empty() || links_cut == 0) draw_cut_pairs(picture, pairs);
  draw_places(picture);
  ImGui::SetCursorScreenPos({begin.x, begin.y + room.y - 2 * line});
  ui.wrapped(layout.links.empty()
                 ? fmt::format("No links: every node reaches every other directly. Pairs that can't talk now: {}.",
                               pairs.size())
                 : fmt::format("Links cut now: {} of {}. Pairs of nodes that can't talk now: {}.", links_cut,
                               layout.links.size(), pairs.size()),
             workspace.colours().faint);
}

}  // namespace

const PanelEntry kTopologyPanel = {
    .title = "Topology",
    .meaning = "Places, links with their latencies and data centres; a red line with a cross is cut.",
    .place = PanelPlace::kLeftTop,
    .draw = &draw_topology,
    .scrolls = false};

}  // namespace dkv::viz
