#include "viz/views/timeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/faults/catalogue.h"
#include "viz/model/clients.h"
#include "viz/views/words.h"

namespace dkv::viz {
namespace {

struct Axis {
  ImVec2 min, max;
  TimeNs end_ns;
  float x(TimeNs at_ns) const {
    return min.x + static_cast<float>(static_cast<double>(at_ns) / static_cast<double>(end_ns)) * (max.x - min.x);
  }
  TimeNs at(float x) const {
    const double share = std::clamp(static_cast<double>(x - min.x) / static_cast<double>(max.x - min.x), 0.0, 1.0);
    return static_cast<TimeNs>(share * static_cast<double>(end_ns));
  }
};

void draw_ticks(const Workspace& workspace, ImDrawList& list, const Axis& axis) {
  const TimeNs step = tick_step(axis.end_ns, static_cast<int>((axis.max.x - axis.min.x) / workspace.ui.px(70)));
  for (TimeNs at = 0; at <= axis.end_ns; at += step) {
    const float x = axis.x(at);
    list.AddLine({x, axis.max.y - workspace.ui.px(6)}, {x, axis.max.y}, workspace.colours().faint);
    const std::string words = duration_words(at);
    const float width = size_of(words).x;
    if (x + workspace.ui.px(3) + width < axis.max.x)
      put_text(list, {x + workspace.ui.px(3), axis.max.y - ImGui::GetTextLineHeight()}, workspace.colours().faint,
               words);
  }
}

// A small triangle on the upper edge.
void flag(const Workspace& workspace, ImDrawList& list, float x, float y, ImU32 colour, float size) {
  const float half = workspace.ui.px(size);
  list.AddTriangleFilled({x - half, y}, {x + half, y}, {x, y + half * 1.7f}, colour);
}

std::string what_is_at(const Workspace& workspace, const Axis& axis, float x) {
  const TimeNs at_ns = axis.at(x);
  std::string text = time_text(at_ns, true);
  const auto& schedule = workspace.world().schedule();
  for (const FaultSpan& span : fault_spans(workspace.session.branch(), workspace.world())) {
    const bool here = span.from_ns == span.to_ns ? std::abs(axis.x(span.from_ns) - x) < workspace.ui.px(3)
                                                 : span.from_ns <= at_ns && at_ns < span.to_ns;
    if (!here) continue;
    text += "\n" + (span.by_command ? std::string("your command: ") + sim::fault_name(span.kind)
                                    : fault_text(workspace.world(), schedule[span.fault]));
  }
  if (at_ns >= workspace.session.scenario().run_ns) text += "\nthe faults have ended: all must become equal again";
  for (const FoundViolation& found : workspace.session.branch().violations) {
    if (std::abs(axis.x(found.violation.at_ns) - x) < workspace.ui.px(6)) {
      text += fmt::format("\n{} {}: {}", sim::invariant_code(found.violation.invariant),
                          sim::invariant_name(found.violation.invariant), found.violation.detail);
      break;
    }
  }
  for (const FailedStep& failed : workspace.session.branch().failed_steps) {
    if (std::abs(axis.x(failed.at_ns) - x) >= workspace.ui.px(6)) continue;
    text += fmt::format("\n{} expected otherwise (line {}): {}", failed.session, failed.line, failed.why);
    break;
  }
  for (const FoundSetback& found : workspace.session.branch().setbacks) {
    if (std::abs(axis.x(found.setback.at_ns) - x) >= workspace.ui.px(3)) continue;
    text += "\n" + setback_title(found);
    break;
  }
  if (at_ns > workspace.session.branch().explored_ns) text += "\nnot yet played: a click plays up to here";
  return text;
}

// Marks of one kind that are less than a pixel apart are drawn once. A long run may have thousands.
template <class Range, class At, class Draw>
void each_apart(const Range& range, const Axis& axis, At&& at_ns, Draw&& draw) {
  float last = -1e9f;
  for (const auto& one : range) {
    const float x = axis.x(at_ns(one));
    if (x - last < 1) continue;
    last = x;
    draw(x);
  }
}

// Operations that went wrong first, then commands, then findings, so that the graver marks are on top.
void draw_marks(const Workspace& workspace, ImDrawList& list, const Axis& axis) {
  const Branch& branch = workspace.session.branch();
  const Theme& theme = workspace.colours();
  const float low = axis.max.y - workspace.ui.px(14);
  each_apart(
      branch.setbacks, axis, [](const FoundSetback& one) { return one.setback.at_ns; },
      [&](float x) {
        list.AddRectFilled({x - workspace.ui.px(0.8f), low}, {x + workspace.ui.px(0.8f), axis.max.y}, theme.bad);
      });
  for (const Note& note : branch.landmarks) {
    if (note.kind == NoteKind::kCommand) flag(workspace, list, axis.x(note.at_ns), axis.min.y, theme.accent, 5);
  }
  const auto draw_finding = [&](float x) {
    list.AddLine({x, axis.min.y}, {x, axis.max.y}, faded(theme.bad, 0.7f));
    flag(workspace, list, x, axis.min.y, theme.bad, 6);
  };
  each_apart(branch.violations, axis, [](const FoundViolation& one) { return one.violation.at_ns; }, draw_finding);
  each_apart(branch.failed_steps, axis, [](const FailedStep& one) { return one.at_ns; }, draw_finding);
}

}  // namespace

ImU32 colour_of(sim::FaultLayer layer, const Theme& theme) {
  switch (layer) {
    case sim::FaultLayer::kNetwork: return theme.category[6];
    case sim::FaultLayer::kProcess: return theme.category[0];
    case sim::FaultLayer::kDisk: return theme.category[3];
    case sim::FaultLayer::kClock: return theme.category[4];
    case sim::FaultLayer::kCluster: return theme.category[5];
  }
  return theme.faint;
}

TimeNs tick_step(TimeNs span_ns, int most) {
  TimeNs step = 1;
  constexpr TimeNs kFactors[] = {2, 5, 10};
  for (TimeNs decade = 1;; decade *= 10) {
    for (const TimeNs factor : kFactors) {
      if (span_ns / step <= std::max(most, 1)) return step;
      step = decade * factor;
    }
  }
}

void shade_faults(const Workspace& workspace, ImDrawList& list, ImVec2 min, ImVec2 max, TimeNs from_ns, TimeNs to_ns,
                  float strength) {
  const double whole = static_cast<double>(std::max<TimeNs>(to_ns - from_ns, 1));
  const auto x = [&](TimeNs at_ns) {
    const double share = std::clamp(static_cast<double>(at_ns - from_ns) / whole, 0.0, 1.0);
    return min.x + static_cast<float>(share) * (max.x - min.x);
  };
  const TimeNs heal = workspace.session.scenario().run_ns;
  // Overlapping spans are shaded only once. The shades of hundreds would hide the plot.
  auto spans = fault_spans(workspace.session.branch(), workspace.world());
  std::ranges::stable_sort(spans, {}, &FaultSpan::from_ns);
  std::array<float, sim::kFaultLayers> shaded_to;
  shaded_to.fill(min.x);
  for (const FaultSpan& span : spans) {
    if (span.from_ns >= to_ns || span.to_ns < from_ns) continue;
    const sim::FaultLayer layer = sim::traits_of(span.kind).layer;
    float& shaded = shaded_to[static_cast<std::size_t>(layer)];
    const float from = std::max(x(span.from_ns), shaded);
    const float to = std::max(x(span.to_ns), x(span.from_ns) + 1);
    if (to <= from) continue;
    list.AddRectFilled({from, min.y}, {to, max.y}, faded(colour_of(layer, workspace.colours()), strength));
    shaded = to;
  }
  if (heal < to_ns)
    list.AddRectFilled({x(heal), min.y}, {max.x, max.y}, faded(workspace.colours().good, strength * 0.6f));
}

void draw_timeline(Workspace& workspace, float height) {
  const Theme& theme = workspace.colours();
  const ImVec2 begin = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  ImGui::InvisibleButton("timeline", {width, height});
  workspace.ui.mark("timeline");
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Axis axis{begin, {begin.x + width, begin.y + height}, workspace.end_ns()};
  list.AddRectFilled(axis.min, axis.max, theme.panel, workspace.ui.px(3));
  shade_faults(workspace, list, axis.min, axis.max, 0, axis.end_ns, 0.4f);
  const float known = axis.x(workspace.session.branch().explored_ns);
  if (!workspace.session.branch().ended && known < axis.max.x - 1) {
    list.AddRectFilled({known, axis.min.y}, axis.max, faded(theme.background, 0.7f));
    for (float x = known + workspace.ui.px(6); x < axis.max.x; x += workspace.ui.px(9)) {
      list.AddLine({x, axis.max.y}, {std::min(axis.max.x, x + height * 0.5f), axis.min.y}, faded(theme.line, 0.6f));
    }
  }
  draw_ticks(workspace, list, axis);
  draw_marks(workspace, list, axis);
  const float now = axis.x(workspace.player.shown_ns);
  list.AddLine({now, axis.min.y}, {now, axis.max.y}, theme.text, workspace.ui.px(2));
  list.AddCircleFilled({now, axis.max.y - workspace.ui.px(1)}, workspace.ui.px(5), theme.text);
  const float mouse = ImGui::GetIO().MousePos.x;
  if (ImGui::IsItemActive()) {
    const TimeNs wanted = axis.at(mouse);
    if (std::abs(axis.x(workspace.player.shown_ns) - mouse) >= 1) workspace.player.seek_time(workspace, wanted);
  } else if (ImGui::IsItemHovered()) {
    list.AddLine({mouse, axis.min.y}, {mouse, axis.max.y}, faded(theme.text, 0.4f));
    ImGui::SetTooltip("%s", what_is_at(workspace, axis, mouse).c_str());
  }
}

}  // namespace dkv::viz
