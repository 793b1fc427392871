// The faults that are on: the ways and nodes that they hit, and their words with their amounts.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "viz/views/ring_parts.h"
#include "viz/views/timeline.h"
#include "viz/views/words.h"

namespace dkv::viz {
namespace {

// A cross on a link that carries nothing, an arrowhead where only one direction is disturbed.
void draw_way(const Ring& ring, const FaultMark& mark, NodeId from, NodeId to) {
  const ImU32 colour = faded(colour_of(mark.traits->layer, ring.workspace.colours()), 0.9f);
  const ImVec2 a = ring.shape.node(from), b = ring.shape.node(to);
  dashed(ring, a, b, colour);
  const ImVec2 middle{(a.x + b.x) / 2, (a.y + b.y) / 2};
  const float arm = ring.px(5);
  const bool closed = mark.traits->effect == sim::NetworkEffect::kCut ||
                      mark.traits->effect == sim::NetworkEffect::kReroute ||
                      mark.traits->effect == sim::NetworkEffect::kHold;
  if (closed) {
    ring.list.AddLine({middle.x - arm, middle.y - arm}, {middle.x + arm, middle.y + arm}, colour, ring.px(2));
    ring.list.AddLine({middle.x - arm, middle.y + arm}, {middle.x + arm, middle.y - arm}, colour, ring.px(2));
  }
  if (mark.both_ways) return;
  const float length = std::max(std::hypot(b.x - a.x, b.y - a.y), 1.0f);
  const ImVec2 unit{(b.x - a.x) / length, (b.y - a.y) / length};
  const ImVec2 tip{a.x + unit.x * length * 0.72f, a.y + unit.y * length * 0.72f};
  ring.list.AddTriangleFilled(tip, {tip.x - unit.x * arm * 2 - unit.y * arm, tip.y - unit.y * arm * 2 + unit.x * arm},
                              {tip.x - unit.x * arm * 2 + unit.y * arm, tip.y - unit.y * arm * 2 - unit.x * arm},
                              colour);
}

}  // namespace

void draw_disturbed_ways(const Ring& ring) {
  // More lines would only hide the ring. The words name the nodes.
  constexpr std::size_t kLinesMax = 40;
  for (const FaultMark& mark : ring.faults) {
    if (mark.ways.size() > kLinesMax) continue;
    for (const auto& [from, to] : mark.ways) draw_way(ring, mark, from, to);
  }
}

int fault_lines(const Workspace& workspace, float height) {
  const bool none = workspace.world().schedule().empty() && workspace.session.branch().commands.empty();
  return none ? 0 : std::clamp(static_cast<int>(height / (9 * ImGui::GetTextLineHeight())), 1, 4);
}

void draw_fault_words(const Ring& ring, ImVec2 at, float width, int lines) {
  const float line = ImGui::GetTextLineHeight(), mark_width = ring.px(11);
  for (std::size_t i = 0; i < ring.faults.size() && static_cast<int>(i) < lines; ++i) {
    const FaultMark& mark = ring.faults[i];
    const std::string all = fault_text(ring.world, *mark.fault);
    const std::size_t hidden = ring.faults.size() - i - 1;
    const bool last = static_cast<int>(i) + 1 == lines && hidden > 0;
    const std::string more = last ? fmt::format("  and {} more", hidden) : std::string();
    const std::string words = fitted(all, width - mark_width - size_of(more).x);
    ring.list.AddRectFilled({at.x, at.y + line * 0.25f}, {at.x + ring.px(7), at.y + line * 0.75f},
                            colour_of(mark.traits->layer, ring.workspace.colours()));
    put_text(ring.list, {at.x + mark_width, at.y}, ring.workspace.colours().text, words);
    put_text(ring.list, {at.x + mark_width + size_of(words).x, at.y}, ring.workspace.colours().faint, more);
    const ImVec2 end{at.x + mark_width + size_of(words + more).x, at.y + line};
    ring.workspace.ui.places.put("fault " + all, at, end);
    if (ImGui::IsMouseHoveringRect(at, end)) {
      std::string list;
      for (const FaultMark& one : ring.faults) list += (list.empty() ? "" : "\n") + fault_text(ring.world, *one.fault);
      ImGui::SetTooltip("%s", list.c_str());
    }
    at.y += line;
  }
}

std::string fault_badge(const Ring& ring, NodeId node) {
  for (const FaultMark& mark : ring.faults) {
    // The shape of the node shows that it is down or paused, and lines show what disturbs the network.
    if (mark.traits->takes_away() || mark.traits->layer == sim::FaultLayer::kNetwork) continue;
    if (std::ranges::find(mark.nodes, node) == mark.nodes.end()) continue;
    std::string word(mark.traits->word);
    std::ranges::replace(word, '_', ' ');
    return word;
  }
  return {};
}

}  // namespace dkv::viz
