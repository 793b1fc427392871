// The history of a key's versions: a graph of which write replaced which, and the operations of clients.
#include <fmt/format.h>

#include <algorithm>

#include "viz/model/versions.h"
#include "viz/views/event_words.h"
#include "viz/views/key_parts.h"
#include "viz/views/words.h"

namespace dkv::viz {
namespace {

constexpr std::size_t kVersionsMax = 40;

struct Canvas {
  Workspace& workspace;
  ImDrawList& list;
  ImVec2 origin;
  float box_width, box_height, step_x, step_y;
  ImVec2 corner(const VersionNode& node) const {
    return {origin.x + static_cast<float>(node.layer) * step_x, origin.y + static_cast<float>(node.lane) * step_y};
  }
};

const char* fate_words(VersionNode::Fate fate) {
  switch (fate) {
    case VersionNode::Fate::kRunning: return "no answer yet";
    case VersionNode::Fate::kWritten: return "acknowledged";
    case VersionNode::Fate::kUnknown: return "unknown: it may be there";
    case VersionNode::Fate::kRefused: return "refused: certainly not done";
  }
  return "";
}

void explain(const Workspace& workspace, const VersionNode& node) {
  ImGui::BeginTooltip();
  ImGui::PushTextWrapPos(workspace.ui.px(340));
  workspace.ui.strong(node.tombstone   ? "a delete"
                      : node.has_value ? value_words(workspace, node.tag, node.value, 60)
                                       : "a write");
  ImGui::TextUnformatted(fmt::format("written by {} at {}, dot {}", session_name(workspace.world(), node.session),
                                     time_text(node.started_ns, true), node.dot.empty() ? "none yet" : node.dot)
                             .c_str());
  workspace.ui.faint(fate_words(node.fate));
  std::string holders;
  for (const NodeId holder : node.holders)
    holders += (holders.empty() ? "" : ", ") + node_name(workspace.world(), holder);
  workspace.ui.text(node.end == VersionNode::End::kDiscarded || node.end == VersionNode::End::kLost
                        ? workspace.colours().bad
                        : workspace.colours().text,
                    holders.empty() ? node.end_words : "now on " + holders);
  ImGui::PopTextWrapPos();
  ImGui::EndTooltip();
}

// Draws a version: with a full frame while a replica holds it, and faint afterwards, with the word for its end.
bool draw_version(const Canvas& canvas, const VersionNode& node) {
  const Theme& theme = canvas.workspace.colours();
  const Ui& ui = canvas.workspace.ui;
  const ImVec2 min = canvas.corner(node), max{min.x + canvas.box_width, min.y + canvas.box_height};
  const bool alive = !node.holders.empty();
  canvas.list.AddRectFilled(min, max, alive ? theme.raised : theme.panel, ui.px(4));
  const bool gone_wrong = node.end == VersionNode::End::kDiscarded || node.end == VersionNode::End::kLost ||
                          node.end == VersionNode::End::kMemory;
  const ImU32 frame = node.fate == VersionNode::Fate::kWritten   ? theme.good
                      : node.fate == VersionNode::Fate::kRefused ? theme.bad
                                                                 : theme.warn;
  canvas.list.AddRect(min, max, alive ? frame : faded(theme.line, 0.9f), ui.px(4), 0, ui.px(alive ? 1.8f : 1.0f));
  const float pad = ui.px(6), room = canvas.box_width - 2 * pad;
  const std::string value = node.tombstone   ? "deleted"
                            : node.has_value ? value_words(canvas.workspace, node.tag, node.value, 40)
                                             : "?";
  put_text(canvas.list, {min.x + pad, min.y + ui.px(2)}, alive ? theme.text : theme.faint, fitted(value, room));
  const std::string end = alive ? fmt::format("on {}", node.holders.size()) : end_word(node.end);
  const std::string below = node.dot.empty() ? end : node.dot + "  " + end;
  put_text(canvas.list, {min.x + pad, min.y + ui.px(2) + ImGui::GetTextLineHeight()},
           gone_wrong ? theme.bad : theme.faint, fitted(below, room));
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  return mouse.x >= min.x && mouse.x < max.x && mouse.y >= min.y && mouse.y < max.y;
}

void draw_graph(Workspace& workspace, const VersionGraph& graph) {
  const Ui& ui = workspace.ui;
  const float line = ImGui::GetTextLineHeight();
  const float step_x = ui.px(148), step_y = 2 * line + ui.px(15);
  const ImVec2 size{static_cast<float>(graph.layers) * step_x, static_cast<float>(graph.lanes) * step_y + ui.px(4)};
  const float most = std::max(ui.px(130), ImGui::GetContentRegionAvail().y * 0.7f);
  ImGui::BeginChild("graph", {0, std::min(most, size.y + ui.px(14))}, false, ImGuiWindowFlags_HorizontalScrollbar);
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  ImGui::InvisibleButton("versions", {std::max(1.0f, size.x), std::max(1.0f, size.y)});
  workspace.ui.mark("versions");
  const bool hovered = ImGui::IsItemHovered();
  const Canvas canvas{workspace,  *ImGui::GetWindowDrawList(), {corner.x + ui.px(2), corner.y + ui.px(2)},
                      ui.px(112), 2 * line + ui.px(5),         step_x,
                      step_y};
  for (const VersionEdge& edge : graph.edges) {
    const ImVec2 a = canvas.corner(graph.nodes[edge.from]), b = canvas.corner(graph.nodes[edge.to]);
    const ImVec2 from{a.x + canvas.box_width, a.y + canvas.box_height / 2}, to{b.x, b.y + canvas.box_height / 2};
    const float bend = (to.x - from.x) * 0.5f;
    canvas.list.AddBezierCubic(from, {from.x + bend, from.y}, {to.x - bend, to.y}, {to.x - ui.px(5), to.y},
                               workspace.colours().faint, ui.px(1.5f));
    canvas.list.AddTriangleFilled(to, {to.x - ui.px(7), to.y - ui.px(4)}, {to.x - ui.px(7), to.y + ui.px(4)},
                                  workspace.colours().faint);
  }
  const VersionNode* under = nullptr;
  for (const VersionNode& node : graph.nodes)
    if (draw_version(canvas, node) && hovered) under = &node;
  if (under) explain(workspace, *under);
  ImGui::EndChild();
}

// Adds the values of versions that no replica holds any more. Clients still know them.
void name_replaced(const Workspace& workspace, VersionGraph& graph) {
  for (VersionNode& node : graph.nodes) {
    if (node.has_value || node.tombstone) continue;
    for (const OperationRecord& one : workspace.plots.operations()) {
      if (one.tag != node.tag || one.kind == sim::OperationKind::kGet) continue;
      node.tombstone = one.kind == sim::OperationKind::kDelete;
      node.value = std::string(one.value.view().substr(0, 100));
      node.has_value = !node.tombstone;
    }
  }
}

}  // namespace

void draw_history(Workspace& workspace, const Key& key) {
  ImGui::Separator();
  VersionGraph graph = version_graph(workspace.world(), key, kVersionsMax);
  workspace.plots.update(workspace.session);
  name_replaced(workspace, graph);
  workspace.ui.strong("History of its versions");
  workspace.ui.tip(
      "An arrow leads from a version to one whose writer had seen it, and so replaced it. Versions without a path "
      "between "
      "them are "
      "concurrent: siblings. Framed versions are still on some replica.");
  if (graph.left_out > 0) {
    ImGui::SameLine();
    workspace.ui.faint(
        fmt::format("the last {}; {} older ones are not shown", graph.nodes.size(), count_text(graph.left_out)));
  }
  if (graph.nodes.empty()) {
    workspace.ui.faint("It has not been written yet.");
  } else {
    draw_graph(workspace, graph);
  }
  const KeyNumber number = workspace.session.keys().find(key);
  if (number == kNoKey) return;
  workspace.ui.strong("Operations of clients");
  std::vector<const OperationRecord*> mine;
  for (const OperationRecord& one : workspace.plots.operations())
    if (one.key == number) mine.push_back(&one);
  ImGuiListClipper rows;
  rows.Begin(static_cast<int>(mine.size()));
  while (rows.Step()) {
    for (int i = rows.DisplayStart; i < rows.DisplayEnd; ++i) {
      const OperationRecord& one = *mine[static_cast<std::size_t>(i)];
      const bool future = one.event > workspace.session.at();
      ImGui::PushID(i);
      ImGui::PushStyleColor(ImGuiCol_Text, future ? workspace.colours().faint : workspace.colours().text);
      if (ImGui::Selectable(
              fmt::format("{}  {}", time_text(one.finished_ns, true), operation_words(workspace, one)).c_str()))
        workspace.go_to(one.event);
      ImGui::PopStyleColor();
      ImGui::PopID();
    }
  }
  if (mine.empty()) workspace.ui.faint("Nothing yet.");
}

}  // namespace dkv::viz
