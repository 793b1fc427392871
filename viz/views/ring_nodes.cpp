#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "viz/views/ring_parts.h"
#include "viz/views/words.h"

namespace dkv::viz {
namespace {

void explain(const Ring& ring, NodeId node, const sim::NodeView& state) {
  const Ui& ui = ring.workspace.ui;
  ImGui::BeginTooltip();
  ImGui::PushTextWrapPos(ring.px(340));
  ui.strong(fmt::format("{}: {}", node_name(ring.world, node), process_name(state.process)));
  ui.faint(process_meaning(state.process));
  ImGui::Text("keys %s, hints for others %s", count_text(state.durable_keys).c_str(),
              count_text(state.durable_hints).c_str());
  ImGui::Text("partitions %zu, life %u", ring.world.placement().partitions_of(node).size(), state.incarnation);
  if (state.cut_links > 0)
    ui.text(ring.workspace.colours().bad, fmt::format("can't talk to {} of the others", state.cut_links));
  if (state.waiting > 0) ImGui::Text("%u events wait for it", state.waiting);
  if (state.skew_ns != 0) ImGui::Text("its clock is off by %s", span_text(state.skew_ns).c_str());
  for (const FaultMark& mark : ring.faults) {
    if (std::ranges::find(mark.nodes, node) == mark.nodes.end()) continue;
    ui.text(ring.workspace.colours().bad, fault_text(ring.world, *mark.fault));
  }
  ImGui::PopTextWrapPos();
  ImGui::EndTooltip();
}

// The shape shows the state: full, hollow with a cross, two bars, half.
void draw_body(const Ring& ring, ImVec2 at, float radius, ImU32 colour, sim::ProcessState state) {
  const Theme& theme = ring.workspace.colours();
  ImDrawList& list = ring.list;
  const float line = std::max(1.2f, std::min(ring.px(2), radius * 0.3f));
  switch (state) {
    case sim::ProcessState::kUp: list.AddCircleFilled(at, radius, colour); break;
    case sim::ProcessState::kPaused: {
      list.AddCircleFilled(at, radius, faded(colour, 0.45f));
      const float x = radius * 0.25f, y = radius * 0.5f;
      for (const float side : {-x, x}) list.AddLine({at.x + side, at.y - y}, {at.x + side, at.y + y}, theme.text, line);
      break;
    }
    case sim::ProcessState::kStarting:
      list.AddCircleFilled(at, radius, theme.panel);
      list.PathArcTo(at, radius, 0, 3.14159265f);
      list.PathFillConvex(colour);
      list.AddCircle(at, radius, colour, 0, line);
      break;
    case sim::ProcessState::kFailed:
    case sim::ProcessState::kDown: {
      list.AddCircleFilled(at, radius, theme.panel);
      list.AddCircle(at, radius, theme.bad, 0, line);
      const float arm = radius * 0.5f;
      list.AddLine({at.x - arm, at.y - arm}, {at.x + arm, at.y + arm}, theme.bad, line);
      list.AddLine({at.x - arm, at.y + arm}, {at.x + arm, at.y - arm}, theme.bad, line);
      break;
    }
  }
}

void draw_label(const Ring& ring, NodeId node, const sim::NodeView& state, bool chosen) {
  const Theme& theme = ring.workspace.colours();
  const std::string name = node_label(ring.workspace, node, ring.px(96));
  const ImVec2 size = size_of(name);
  const ImVec2 at = ring.shape.node(node);
  const float radius = ring.shape.node_radius();
  if (size.x < radius * 1.8f && state.process == sim::ProcessState::kUp) {
    const ImU32 colour = node_colour(theme, node);
    const ImU32 ink = ink_on(colour);
    put_text(ring.list, {at.x - size.x / 2, at.y - size.y / 2}, ink, name, ring.workspace.ui.fonts.body);
    return;
  }
  const float angle = ring.shape.node_angle(node);
  const float reach = ring.shape.radius() + radius + ring.px(5);
  const ImVec2 edge = ring.shape.at(angle, reach);
  const float x = edge.x + (std::cos(angle) - 1) / 2 * size.x, y = edge.y + (std::sin(angle) - 1) / 2 * size.y;
  const ImVec2 corner{std::clamp(x, ring.min.x, ring.min.x + ring.size.x - size.x),
                      std::clamp(y, ring.min.y, ring.min.y + ring.size.y - size.y)};
  put_text(ring.list, corner,
           chosen                                    ? theme.accent
           : state.process == sim::ProcessState::kUp ? theme.text
                                                     : theme.bad,
           name);
}

// With many nodes only some labels have room: first those in focus or in trouble, and of the others every n-th.
bool labelled(const Ring& ring, NodeId node, const sim::NodeView& state, bool chosen) {
  const float room = 2 * 3.14159265f * ring.shape.radius() / static_cast<float>(ring.world.node_count());
  const auto every = static_cast<NodeId>(std::ceil(ring.px(34) / std::max(room, 1.0f)));
  if (every <= 1 || chosen) return true;
  const NodeId nodes = ring.world.node_count(), focus = ring.workspace.focus.node;
  if (focus < nodes && (node > focus ? node - focus : focus - node) < every) return false;
  if (node % every == 0) return node + every <= nodes;
  // A label next to one of these would overlap it.
  return state.process != sim::ProcessState::kUp && node % every > every / 3 && every - node % every > every / 3;
}

void draw_badges(const Ring& ring, NodeId node, ImVec2 at, const sim::NodeView& state) {
  const float radius = ring.shape.node_radius();
  if (radius < ring.px(9)) {
    if (!fault_badge(ring, node).empty())
      ring.list.AddCircle(at, radius + ring.px(2), ring.workspace.colours().bad, 0, ring.px(1.5f));
    if (state.durable_hints > 0)
      ring.list.AddCircleFilled({at.x + radius, at.y - radius}, ring.px(2), ring.workspace.colours().warn);
    return;
  }
  const Theme& theme = ring.workspace.colours();
  if (state.durable_hints > 0) {
    const std::string words = state.durable_hints > 999 ? "1k" : std::to_string(state.durable_hints);
    const ImVec2 size = size_of(words);
    const ImVec2 corner{at.x + radius * 0.55f, at.y - radius - size.y * 0.45f};
    ring.list.AddRectFilled({corner.x - ring.px(4), corner.y}, {corner.x + size.x + ring.px(4), corner.y + size.y},
                            theme.warn, ring.px(6));
    put_text(ring.list, corner, ink_on(theme.warn), words);
  }
  if (const std::string words = fault_badge(ring, node); !words.empty()) {
    const ImVec2 size = size_of(words);
    const ImVec2 corner{at.x - size.x / 2, at.y + radius * 0.72f};
    ring.list.AddRectFilled({corner.x - ring.px(3), corner.y}, {corner.x + size.x + ring.px(3), corner.y + size.y},
                            theme.raised, ring.px(4));
    put_text(ring.list, corner, theme.text, words);
  }
}

}  // namespace

bool draw_nodes(const Ring& ring) {
  bool clicked = false;
  const Theme& theme = ring.workspace.colours();
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const bool here = ImGui::IsWindowHovered(ImGuiHoveredFlags_AllowWhenBlockedByActiveItem);
  const float radius = ring.shape.node_radius();
  for (NodeId node = 0; node < ring.world.node_count(); ++node) {
    const sim::NodeView state = ring.world.node_view(node);
    const ImVec2 at = ring.shape.node(node);
    const bool chosen = node == ring.workspace.focus.node;
    const bool under = here && std::hypot(mouse.x - at.x, mouse.y - at.y) <= std::max(radius, ring.px(5));
    draw_body(ring, at, radius, node_colour(theme, node), state.process);
    if (chosen) ring.list.AddCircle(at, radius + ring.px(5), theme.accent, 0, ring.px(2.5f));
    if (under) ring.list.AddCircle(at, radius + ring.px(2), theme.text, 0, ring.px(1.5f));
    if (labelled(ring, node, state, chosen || under)) draw_label(ring, node, state, chosen);
    draw_badges(ring, node, at, state);
    ring.workspace.ui.places.put("node " + node_name(ring.world, node), {at.x - radius, at.y - radius},
                                 {at.x + radius, at.y + radius});
    if (!under) continue;
    explain(ring, node, state);
    if (ImGui::IsMouseClicked(0)) {
      ring.workspace.look_at_node(chosen ? kNoNode : node);
      clicked = true;
    }
  }
  return clicked;
}

}  // namespace dkv::viz
