// Clients: their requests, and the times of the answers.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "viz/model/setbacks.h"
#include "viz/views/event_words.h"
#include "viz/views/operation_plots.h"
#include "viz/views/panels.h"
#include "viz/views/timeline.h"
#include "viz/views/words.h"

namespace dkv::viz {
namespace {

struct Lanes {
  Workspace& workspace;
  ImDrawList& list;
  TimeNs from_ns, to_ns;
  float left, right;
  const WrongOperations& wrong;
  float x(TimeNs at_ns) const {
    return left + static_cast<float>(static_cast<double>(at_ns - from_ns) / static_cast<double>(to_ns - from_ns)) *
                      (right - left);
  }
};

ImU32 kind_colour(const Theme& theme, sim::OperationKind kind) {
  return kind == sim::OperationKind::kGet   ? theme.category[1]
         : kind == sim::OperationKind::kPut ? theme.category[0]
                                            : theme.category[6];
}

// Draws one operation in its lane. A failed one is hollow, and one that went wrong has a bar above it, so that colour
// is not the only sign.
void draw_operation(const Lanes& lanes, const OperationRecord& operation, float top, float height) {
  const ImU32 colour = kind_colour(lanes.workspace.colours(), operation.kind);
  const float a = lanes.x(operation.started_ns), b = std::max(lanes.x(operation.finished_ns), a + 2);
  const ImVec2 min{a, top + height * 0.18f}, max{b, top + height * 0.82f};
  if (lanes.wrong.of(operation)) {
    const ImU32 bad = lanes.workspace.colours().bad;
    lanes.list.AddRectFilled(min, max, bad, 1);
    lanes.list.AddRectFilled({a, top}, {std::max(b, a + lanes.workspace.ui.px(3)), top + lanes.workspace.ui.px(2)},
                             bad);
  } else if (operation.end == OperationEnd::kDone) {
    lanes.list.AddRectFilled(min, max, colour, 1);
  } else {
    lanes.list.AddRectFilled(min, max, faded(lanes.workspace.colours().bad, 0.3f));
    lanes.list.AddRect(min, max, lanes.workspace.colours().bad, 0, 0, lanes.workspace.ui.px(1.4f));
  }
  if (!lanes.workspace.focus.key.empty() &&
      operation.key == lanes.workspace.session.keys().find(lanes.workspace.focus.key)) {
    lanes.list.AddRect({min.x - 1, min.y - 1}, {max.x + 1, max.y + 1}, lanes.workspace.colours().text);
  }
}

void explain(const Workspace& workspace, const OperationRecord& operation, const FoundSetback* wrong) {
  ImGui::BeginTooltip();
  ImGui::PushTextWrapPos(workspace.ui.px(360));
  workspace.ui.strong(operation_words(workspace, operation));
  ImGui::Text("via %s, from %s to %s", node_name(workspace.world(), long_node(operation.via)).c_str(),
              time_text(operation.started_ns).c_str(), time_text(operation.finished_ns).c_str());
  if (operation.due_ns < operation.started_ns)
    ImGui::Text("it was due %s earlier", span_text(operation.started_ns - operation.due_ns).c_str());
  if (wrong) {
    workspace.ui.text(workspace.colours().bad, fmt::format("{} at {}: {}", setback_title(*wrong),
                                                           time_text(wrong->setback.at_ns, true), wrong->words));
  }
  workspace.ui.faint("Click: go to its end, with its key in focus.");
  ImGui::PopTextWrapPos();
  ImGui::EndTooltip();
}

void draw_lanes(Workspace& workspace, const OperationPlots& plots, TimeNs from_ns, TimeNs to_ns, float labels) {
  const auto& sessions = plots.sessions();
  const float outer = ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ScrollbarSize;
  if (!ImGui::BeginChild("lanes", {0, 0}, false)) {
    ImGui::EndChild();
    return;
  }
  const ImVec2 begin = ImGui::GetCursorScreenPos(), room{outer, ImGui::GetContentRegionAvail().y};
  const auto count = static_cast<float>(std::max<std::size_t>(1, sessions.size()));
  const float height = std::clamp(room.y / count, workspace.ui.px(14), workspace.ui.px(26));
  ImGui::InvisibleButton("operations", {room.x, std::max(1.0f, height * count)});
  workspace.ui.mark("operations");
  const bool hovered = ImGui::IsItemHovered();
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  auto& wrong = workspace.memory<WrongOperations>();
  wrong.update(workspace.session.branch());
  const Lanes lanes{workspace, list, from_ns, to_ns, begin.x + labels, begin.x + room.x, wrong};
  shade_faults(workspace, list, {lanes.left, begin.y}, {lanes.right, begin.y + height * count}, from_ns, to_ns, 0.16f);
  const ImVec2 clip_min = ImGui::GetWindowDrawList()->GetClipRectMin(),
               clip_max = ImGui::GetWindowDrawList()->GetClipRectMax();
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    const float top = begin.y + static_cast<float>(i) * height;
    if (top + height < clip_min.y || top > clip_max.y) continue;
    put_text(list, {begin.x, top + (height - ImGui::GetTextLineHeight()) / 2}, workspace.colours().text,
             fitted(session_name(workspace.world(), sessions[i]), labels - workspace.ui.px(8)));
    list.AddLine({lanes.left, top + height / 2}, {lanes.right, top + height / 2},
                 faded(workspace.colours().line, 0.5f));
  }
  list.PushClipRect({lanes.left, clip_min.y}, {lanes.right, clip_max.y}, true);
  const OperationRecord* nearest = nullptr;
  std::vector<float> drawn_to(sessions.size(), -1);  // a bar within the pixel of the one before it adds nothing
  for (const OperationRecord& operation : plots.operations()) {
    if (operation.finished_ns < from_ns || operation.started_ns > to_ns) continue;
    const auto place = std::ranges::lower_bound(sessions, operation.session) - sessions.begin();
    const float top = begin.y + static_cast<float>(place) * height;
    if (top + height < clip_min.y || top > clip_max.y) continue;
    float& drawn = drawn_to[static_cast<std::size_t>(place)];
    const float right = lanes.x(operation.finished_ns);
    if (right >= drawn + 1 || operation.end != OperationEnd::kDone || lanes.wrong.of(operation)) {
      draw_operation(lanes, operation, top, height);
      drawn = std::max(drawn, right);
    }
    if (hovered && mouse.y >= top && mouse.y < top + height && mouse.x >= lanes.x(operation.started_ns) - 3 &&
        mouse.x <= lanes.x(operation.finished_ns) + 3)
      nearest = &operation;
  }
  for (const sim::RunningOperation& running : workspace.world().clients().running()) {
    const auto found = std::ranges::lower_bound(sessions, running.session);
    if (found == sessions.end() || *found != running.session) continue;
    const float top = begin.y + static_cast<float>(found - sessions.begin()) * height;
    list.AddRectFilled(
        {lanes.x(running.started_ns), top + height * 0.3f},
        {std::max(lanes.x(workspace.player.shown_ns), lanes.x(running.started_ns) + 2), top + height * 0.7f},
        faded(kind_colour(workspace.colours(), running.kind), 0.6f));
  }
  const float now = lanes.x(workspace.player.shown_ns);
  list.AddLine({now, begin.y}, {now, begin.y + height * count}, workspace.colours().text, workspace.ui.px(1.5f));
  list.PopClipRect();
  if (nearest) {
    explain(workspace, *nearest, wrong.of(*nearest));
    if (ImGui::IsMouseClicked(0)) {
      const OperationRecord chosen = *nearest;
      workspace.go_to(chosen.event);
      if (chosen.key != kNoKey) workspace.focus.key = workspace.session.keys().key(chosen.key);
    }
  }
  ImGui::EndChild();
}

void draw_controls(Workspace& workspace, TimeNs from_ns, TimeNs to_ns) {
  Ui& ui = workspace.ui;
  const TimeNs span = to_ns - from_ns;
  const auto zoom = [&](TimeNs wanted) {
    wanted = std::max<TimeNs>(wanted, kMillisecond);
    workspace.clients_span_ns = wanted >= workspace.end_ns() ? 0 : wanted;
  };
  if (ui.button("-##clients", "Shows more time.")) zoom(span * 2);
  ImGui::SameLine();
  if (ui.button("+##clients", "Shows less time, around the moment.")) zoom(span / 2);
  ImGui::SameLine();
  if (ui.toggle("Whole run", workspace.clients_span_ns == 0, "Shows the run from its beginning to its end."))
    workspace.clients_span_ns = 0;
  const Theme& theme = workspace.colours();
  for (const auto& [name, colour] : {std::pair<const char*, ImU32>{"get", theme.category[1]},
                                     {"put", theme.category[0]},
                                     {"delete", theme.category[6]}}) {
    ImGui::SameLine(0, ui.px(12));
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float line = ImGui::GetFrameHeight();
    ImGui::GetWindowDrawList()->AddRectFilled({at.x, at.y + line * 0.35f}, {at.x + ui.px(9), at.y + line * 0.65f},
                                              colour);
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + ui.px(13));
    ImGui::AlignTextToFramePadding();
    ui.faint(name);
  }
  ImGui::SameLine(0, ui.px(12));
  ImGui::AlignTextToFramePadding();
  ui.text(theme.bad, "hollow: failed   red: went wrong");
}

}  // namespace

static void draw_clients(Workspace& workspace) {
  const OperationPlots& plots = workspace.plots;
  workspace.plots.update(workspace.session);
  TimeNs from_ns = 0, to_ns = workspace.end_ns();
  if (workspace.clients_span_ns > 0) {
    from_ns = std::clamp<TimeNs>(workspace.player.shown_ns - workspace.clients_span_ns / 2, 0,
                                 std::max<TimeNs>(0, to_ns - workspace.clients_span_ns));
    to_ns = from_ns + workspace.clients_span_ns;
  }
  draw_controls(workspace, from_ns, to_ns);
  if (plots.operations().empty() && workspace.world().clients().running().empty()) {
    workspace.ui.empty("No client has sent a request yet.",
                       "Press Space to let time pass, or End to play the whole run.");
    return;
  }
  const float labels = workspace.ui.px(74);
  const float height = std::clamp(ImGui::GetContentRegionAvail().y * 0.22f, workspace.ui.px(38), workspace.ui.px(90));
  plots.draw_rate(workspace, from_ns, to_ns, labels, height);
  plots.draw_latency(workspace, from_ns, to_ns, labels, height);
  draw_lanes(workspace, plots, from_ns, to_ns, labels);
}

const PanelEntry kClientsPanel = {.title = "Clients",
                                  .meaning = "Requests of clients, with the times of their answers; faults are shaded.",
                                  .place = PanelPlace::kRightTop,
                                  .draw = &draw_clients};

}  // namespace dkv::viz
