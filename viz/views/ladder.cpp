// The ladder: a space-time diagram around the moment, with the causes and effects of one event highlighted.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "viz/model/causes.h"
#include "viz/views/event_words.h"
#include "viz/views/panels.h"
#include "viz/views/timeline.h"
#include "viz/views/words.h"

namespace dkv::viz {
namespace {

constexpr EventNumber kEventsMax = 6000;  // the most that are drawn at once

struct Ladder {
  Workspace& workspace;
  ImDrawList& list;
  ImVec2 min, max;  // of the diagram without the labels
  TimeNs from_ns, to_ns;
  std::uint32_t rows;  // the first row belongs to the clients
  EventNumber first = 1, last = 0;
  std::set<EventNumber> causes, effects;

  float px(float design) const { return workspace.ui.px(design); }
  float x(TimeNs at_ns) const {
    return min.x + static_cast<float>(static_cast<double>(at_ns - from_ns) / static_cast<double>(to_ns - from_ns)) *
                       (max.x - min.x);
  }
  float row_height() const { return (max.y - min.y) / static_cast<float>(rows); }
  float row_y(std::uint32_t row) const { return min.y + (static_cast<float>(row) + 0.5f) * row_height(); }
  float y(NodeId node) const { return row_y(node == kNoNode ? 0 : node + 1); }
};

// The row where an event happens; kNoNode: that of the clients.
NodeId place_of(const EventRecord& event) {
  if (event.kind == EventKind::kReply || event.kind == EventKind::kConnectionRefused) return kNoNode;
  return long_node(event.node);
}
// The row from which its message came.
NodeId origin_of(const EventRecord& event) {
  return event.kind == EventKind::kRequest ? kNoNode : long_node(event.from);
}

bool visible(const Workspace& workspace, const EventRecord& event) {
  return !is_message(event.kind) || workspace.legs_shown[static_cast<std::size_t>(event.leg)];
}

// Finds all causes and effects of the event that are in the log.
void light(Ladder& ladder, EventNumber focus) {
  if (focus == 0) return;
  const EventLog& log = ladder.workspace.session.log();
  for (const EventNumber cause : causes_of(log, focus)) ladder.causes.insert(cause);
  for (const EventNumber effect : effects_of(log, focus, ladder.last)) ladder.effects.insert(effect);
}

void draw_rows(const Ladder& ladder, float labels) {
  const Theme& theme = ladder.workspace.colours();
  const float line = ImGui::GetTextLineHeight();
  const auto every = static_cast<std::uint32_t>(std::ceil(line / std::max(ladder.row_height(), 1.0f)));
  for (std::uint32_t row = 0; row < ladder.rows; ++row) {
    const float y = ladder.row_y(row);
    const bool focus = row > 0 && row - 1 == ladder.workspace.focus.node;
    ladder.list.AddLine({ladder.min.x, y}, {ladder.max.x, y}, focus ? theme.accent : faded(theme.line, 0.8f),
                        focus ? 2.0f : 1.0f);
    // When lines are close, the label of the clients is above its line, and needs that space.
    const bool below_first = row == 0 || y - ladder.min.y >= 1.5f * line;
    if ((row % every != 0 || !below_first) && !focus) continue;
    const std::string name = row == 0 ? "clients" : node_label(ladder.workspace, row - 1, labels - ladder.px(6));
    put_text(ladder.list, {ladder.min.x - labels, std::clamp(y - line / 2, ladder.min.y, ladder.max.y - line)},
             focus ? theme.accent : theme.text, name);
  }
  const TimeNs span = ladder.to_ns - ladder.from_ns;
  const TimeNs step = tick_step(span, static_cast<int>((ladder.max.x - ladder.min.x) / ladder.px(80)));
  for (TimeNs at = (ladder.from_ns + step - 1) / step * step; at < ladder.to_ns; at += step) {
    const float x = ladder.x(at);
    ladder.list.AddLine({x, ladder.min.y}, {x, ladder.max.y}, faded(theme.line, 0.45f));
    const std::string words = duration_words(at);
    const float width = size_of(words).x;
    if (x - width / 2 > ladder.min.x && x + width / 2 < ladder.max.x)
      put_text(ladder.list, {x - width / 2, ladder.max.y + ladder.px(2)}, theme.faint, words);
  }
}

struct Drawn {
  ImU32 colour;
  float strength, width;
};

Drawn look_of(const Ladder& ladder, EventNumber number, const EventRecord& event) {
  const Theme& theme = ladder.workspace.colours();
  if (number == ladder.workspace.focus.event) return {theme.accent, 1, 2.6f};
  if (ladder.causes.contains(number)) return {theme.cause, 1, 2.2f};
  if (ladder.effects.contains(number)) return {theme.effect, 1, 2.2f};
  const ImU32 colour = is_message(event.kind) ? leg_colour(theme, event.leg) : theme.faint;
  return {colour, ladder.workspace.focus.event != 0 ? 0.25f : 0.75f, 1.2f};
}

// Draws an event as a dot, with the message that caused it as an arrow.
void draw_event(const Ladder& ladder, EventNumber number, const EventRecord& event) {
  const Drawn look = look_of(ladder, number, event);
  const ImU32 colour = faded(look.colour, look.strength);
  const ImVec2 at{ladder.x(event.at_ns), ladder.y(place_of(event))};
  const float size = std::clamp(ladder.row_height() * 0.35f, ladder.px(2.0f), ladder.px(3.2f));
  if (is_message(event.kind)) {
    const ImVec2 from{ladder.x(event.sent_ns), ladder.y(origin_of(event))};
    ladder.list.AddLine(from, at, colour, ladder.px(look.width * 0.8f));
    const float length = std::max(1.0f, std::hypot(at.x - from.x, at.y - from.y));
    const ImVec2 along{(at.x - from.x) / length, (at.y - from.y) / length};
    const float head = size * 1.7f;
    ladder.list.AddTriangleFilled(
        at, {at.x - along.x * head - along.y * head * 0.45f, at.y - along.y * head + along.x * head * 0.45f},
        {at.x - along.x * head + along.y * head * 0.45f, at.y - along.y * head - along.x * head * 0.45f}, colour);
  } else {
    const bool causal = look.strength >= 1;
    if (causal && event.cause != 0) {
      ladder.list.AddLine({ladder.x(event.sent_ns), at.y}, at, colour, ladder.px(look.width));
    }
    ladder.list.AddRectFilled({at.x - size * 0.7f, at.y - size * 0.7f}, {at.x + size * 0.7f, at.y + size * 0.7f},
                              colour, size * 0.7f);
  }
  if (number == ladder.workspace.focus.event)
    ladder.list.AddCircle(at, size + ladder.px(3), colour, 0, ladder.px(1.8f));
}

// Draws the messages under way as lines that end in the future.
void draw_under_way(const Ladder& ladder) {
  for (const sim::Flight& flight : ladder.workspace.world().flights()) {
    if (!ladder.workspace.legs_shown[static_cast<std::size_t>(flight.leg)] || flight.arrives_ns < 0) continue;
    if (flight.sent_ns >= ladder.to_ns || flight.arrives_ns <= ladder.from_ns) continue;
    const NodeId from = flight.request ? kNoNode : flight.from;
    const bool to_client = flight.leg == sim::Leg::kClient && !flight.request;
    const ImU32 colour = leg_colour(ladder.workspace.colours(), flight.leg);
    const ImVec2 a{ladder.x(flight.sent_ns), ladder.y(from)},
        b{ladder.x(flight.arrives_ns), ladder.y(to_client ? kNoNode : flight.to)};
    const float now = ladder.x(ladder.workspace.player.shown_ns);
    const float share = std::clamp((now - a.x) / std::max(1.0f, b.x - a.x), 0.0f, 1.0f);
    const ImVec2 here{a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share};
    ladder.list.AddLine(a, here, faded(colour, 0.75f), ladder.px(1.2f));
    ladder.list.AddLine(here, b, faded(colour, 0.22f), ladder.px(1.2f));
    ladder.list.AddCircleFilled(here, ladder.px(2.4f), colour);
    if (flight.id != 0 && flight.id == ladder.workspace.focus.message)
      ladder.list.AddCircle(here, ladder.px(6), ladder.workspace.colours().accent, 0, ladder.px(1.6f));
  }
}

void explain(const Workspace& workspace, EventNumber number, const EventRecord& event) {
  ImGui::BeginTooltip();
  ImGui::PushTextWrapPos(workspace.ui.px(360));
  workspace.ui.strong(event_words(workspace, event));
  ImGui::Text("event %s at %s", count_text(number).c_str(), time_text(event.at_ns).c_str());
  if (is_message(event.kind))
    ImGui::Text("sent %s, %s before", time_text(event.sent_ns).c_str(), span_text(event.at_ns - event.sent_ns).c_str());
  if (event.cause == 0) {
    workspace.ui.faint("planned since the beginning");
  } else if ((event.cause & sim::kCommandCause) != 0) {
    workspace.ui.faint("caused by your command");
  } else {
    workspace.ui.faint(fmt::format("caused by event {}", count_text(event.cause)));
  }
  workspace.ui.faint("Click: highlight its causes and effects. Double click: go there.");
  ImGui::PopTextWrapPos();
  ImGui::EndTooltip();
}

void draw_events(const Ladder& ladder, bool hovered) {
  const EventLog& log = ladder.workspace.session.log();
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  EventNumber nearest = 0;
  float nearest_distance = ladder.px(9);
  const bool lit = ladder.workspace.focus.event != 0;
  // Two passes, so that highlighted items are drawn over the others.
  for (int pass = lit ? 0 : 1; pass < 2; ++pass) {
    for (EventNumber number = ladder.first; number <= ladder.last; ++number) {
      const EventRecord* event = log.event(number);
      if (!event) continue;
      const bool special =
          number == ladder.workspace.focus.event || ladder.causes.contains(number) || ladder.effects.contains(number);
      if (!special && (!visible(ladder.workspace, *event) ||
                       (long_node(event->node) == kNoNode && place_of(*event) == kNoNode && !is_message(event->kind))))
        continue;
      if (lit && special != (pass == 1)) continue;
      draw_event(ladder, number, *event);
      const float distance = std::hypot(mouse.x - ladder.x(event->at_ns), mouse.y - ladder.y(place_of(*event)));
      if (hovered && distance < nearest_distance) {
        nearest_distance = distance;
        nearest = number;
      }
    }
  }
  if (nearest == 0) return;
  explain(ladder.workspace, nearest, *log.event(nearest));
  if (ImGui::IsMouseDoubleClicked(0)) {
    ladder.workspace.go_to(nearest);
  } else if (ImGui::IsMouseClicked(0)) {
    ladder.workspace.focus.event = nearest;
  }
}

void draw_controls(Workspace& workspace) {
  Ui& ui = workspace.ui;
  if (ui.button("-##ladder", "Shows more time. So does the mouse wheel."))
    workspace.ladder_span_ns = std::min<TimeNs>(workspace.ladder_span_ns * 2, 100 * kSecond);
  ui.mark("zoom out");
  ImGui::SameLine();
  if (ui.button("+##ladder", "Shows less time."))
    workspace.ladder_span_ns = std::max<TimeNs>(workspace.ladder_span_ns / 2, 20 * kMicrosecond);
  ui.mark("zoom in");
  ImGui::SameLine();
  ImGui::AlignTextToFramePadding();
  ui.faint(span_text(workspace.ladder_span_ns));
  ImGui::SameLine();
  bool beats = workspace.legs_shown[static_cast<std::size_t>(sim::Leg::kHeartbeat)];
  if (ui.check("heartbeats", beats, "Heartbeats are many and rarely interesting."))
    workspace.legs_shown[static_cast<std::size_t>(sim::Leg::kHeartbeat)] = beats;
  const EventRecord* focus = workspace.session.log().event(workspace.focus.event);
  if (!focus) return;
  ImGui::SameLine();
  if (ui.button("Clear", "Ends the highlighting.")) {
    workspace.focus.event = 0;
    return;
  }
  ImGui::SameLine();
  if (focus->cause != 0 && (focus->cause & sim::kCommandCause) == 0) {
    if (ui.button("To its cause", "Goes to the event that caused this one.")) workspace.go_to(focus->cause);
    ImGui::SameLine();
  }
  ui.faint(fitted(event_words(workspace, *focus), std::max(10.0f, ImGui::GetContentRegionAvail().x)));
}

}  // namespace

static void draw_ladder(Workspace& workspace) {
  draw_controls(workspace);
  const float labels = workspace.ui.px(64), below = ImGui::GetTextLineHeight() + workspace.ui.px(4);
  const ImVec2 begin = ImGui::GetCursorScreenPos(), room = ImGui::GetContentRegionAvail();
  if (room.x < workspace.ui.px(160) || room.y < workspace.ui.px(60)) return;
  ImGui::InvisibleButton("ladder", room);
  workspace.ui.mark("ladder");
  const bool hovered = ImGui::IsItemHovered();
  const float wheel = ImGui::GetIO().MouseWheel;
  if (hovered && wheel != 0) {
    const double factor = std::pow(1.3, -static_cast<double>(wheel));
    workspace.ladder_span_ns = std::clamp(static_cast<TimeNs>(static_cast<double>(workspace.ladder_span_ns) * factor),
                                          20 * kMicrosecond, 100 * kSecond);
  }
  // The moment is at two thirds of the width, because the past matters more than the future.
  const TimeNs from_ns = std::max<TimeNs>(0, workspace.player.shown_ns - workspace.ladder_span_ns * 2 / 3);
  Ladder ladder{workspace,
                *ImGui::GetWindowDrawList(),
                {begin.x + labels, begin.y},
                {begin.x + room.x, begin.y + room.y - below},
                from_ns,
                from_ns + workspace.ladder_span_ns,
                workspace.world().node_count() + 1};
  const EventLog& log = workspace.session.log();
  const EventNumber known = workspace.session.branch().explored;
  // Messages that are under way at the beginning of the window arrive soon after it.
  ladder.first = std::max<EventNumber>(1, log.first_at(ladder.from_ns));
  ladder.last = std::min({known, log.first_at(ladder.to_ns + workspace.ladder_span_ns / 2), ladder.first + kEventsMax});
  workspace.session.want(ladder.first, ladder.last);
  light(ladder, workspace.focus.event);
  ladder.list.PushClipRect(begin, {begin.x + room.x, begin.y + room.y}, true);
  draw_rows(ladder, labels);
  ladder.list.PushClipRect(ladder.min, ladder.max, true);
  draw_events(ladder, hovered);
  draw_under_way(ladder);
  const float now = ladder.x(workspace.player.shown_ns);
  ladder.list.AddLine({now, ladder.min.y}, {now, ladder.max.y}, workspace.colours().text, workspace.ui.px(1.5f));
  ladder.list.PopClipRect();
  ladder.list.PopClipRect();
  if (ladder.last >= ladder.first + kEventsMax) workspace.ui.tip("More events than can be drawn: zoom in.");
}

const PanelEntry kLadderPanel = {
    .title = "Ladder",
    .meaning = "Time from left to right, a line for each node, a slanted line for each message: causes and effects.",
    .place = PanelPlace::kRightTop,
    .draw = &draw_ladder,
    .scrolls = false};

}  // namespace dkv::viz
