#include "viz/views/operation_plots.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "viz/model/clients.h"
#include "viz/views/timeline.h"
#include "viz/views/words.h"
#include "viz/views/workspace.h"

namespace dkv::viz {
namespace {

struct Frame {
  ImDrawList& list;
  ImVec2 min, max;
  bool hovered;
};

Frame begin_plot(Workspace& workspace, const char* name, TimeNs from_ns, TimeNs to_ns, float labels, float height,
                 const std::string& top, const char* tip) {
  const ImVec2 begin = ImGui::GetCursorScreenPos();
  // The lanes below may have a scrollbar. All plots end left of it, so that a moment has the same x in each.
  const float width = ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ScrollbarSize;
  ImGui::InvisibleButton(name, {width, height});
  workspace.ui.mark(name);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Frame frame{list, {begin.x + labels, begin.y}, {begin.x + width, begin.y + height}, ImGui::IsItemHovered()};
  list.AddRectFilled(frame.min, frame.max, faded(workspace.colours().background, 0.6f));
  shade_faults(workspace, list, frame.min, frame.max, from_ns, to_ns, 0.16f);
  put_text(list, begin, workspace.colours().text, name);
  put_text(list, {begin.x, begin.y + ImGui::GetTextLineHeight()}, workspace.colours().faint,
           fitted(top, labels - workspace.ui.px(4)));
  if (frame.hovered && ImGui::GetIO().MousePos.x < frame.min.x) workspace.ui.tip(tip);
  return frame;
}

float now_x(const Workspace& workspace, const Frame& frame, TimeNs from_ns, TimeNs to_ns) {
  return frame.min.x + static_cast<float>(static_cast<double>(workspace.player.shown_ns - from_ns) /
                                          static_cast<double>(to_ns - from_ns)) *
                           (frame.max.x - frame.min.x);
}

std::size_t column_at(const Frame& frame, std::size_t count, float x) {
  const float share = std::clamp((x - frame.min.x) / (frame.max.x - frame.min.x), 0.0f, 0.9999f);
  return static_cast<std::size_t>(share * static_cast<float>(count));
}

}  // namespace

void OperationPlots::update(const Session& session) {
  const Branch& branch = session.branch();
  if (branch_ != branch.id) {
    branch_ = branch.id;
    reader_ = LogReader();
    operations_.clear();
    sessions_.clear();
  }
  const auto before = static_cast<std::ptrdiff_t>(operations_.size());
  reader_.each_new(branch.log, [](const Note&) {}, [&](const OperationRecord& one) { operations_.push_back(one); });
  auto fresh = operations_.begin() + before;
  if (fresh == operations_.end()) return;
  for (auto one = fresh; one != operations_.end(); ++one) {
    const auto place = std::ranges::lower_bound(sessions_, one->session);
    if (place == sessions_.end() || *place != one->session) sessions_.insert(place, one->session);
  }
  // A list of all would outgrow the log. The plots have their own short records of all operations.
  if (operations_.size() > kMost) {
    const auto surplus = static_cast<std::ptrdiff_t>(operations_.size() - kMost / 2);
    operations_.erase(operations_.begin(), operations_.begin() + surplus);
    fresh = operations_.begin() + std::max<std::ptrdiff_t>(before - surplus, 0);
  }
  // Parts that were played again may belong before the operations that are there.
  if (fresh != operations_.begin() && fresh->event < (fresh - 1)->event) {
    std::inplace_merge(operations_.begin(), fresh, operations_.end(),
                       [](const OperationRecord& a, const OperationRecord& b) { return a.event < b.event; });
  }
}

const std::vector<TrafficStep>& OperationPlots::steps(const Branch& branch, TimeNs from_ns, TimeNs to_ns,
                                                      std::size_t count) const {
  const Curve wanted{branch.id, branch.points.size(), from_ns, to_ns, count};
  if (curve_ != wanted) {
    curve_ = wanted;
    steps_ = traffic(branch, from_ns, to_ns, count);
  }
  return steps_;
}

void OperationPlots::draw_rate(Workspace& workspace, TimeNs from_ns, TimeNs to_ns, float labels, float height) const {
  std::uint32_t most = 1;
  // The scale is left of the plot, so its width must be known first.
  const float width = ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ScrollbarSize - labels;
  const auto count = static_cast<std::size_t>(std::max(8.0f, width / workspace.ui.px(5)));
  const auto& all = steps(workspace.session.branch(), from_ns, to_ns, count);
  for (const TrafficStep& one : all) most = std::max(most, one.answered() + one.failed());
  const double seconds = static_cast<double>(to_ns - from_ns) / 1e9 / static_cast<double>(count);
  const Frame frame = begin_plot(workspace, "rate", from_ns, to_ns, labels, height,
                                 count_text(static_cast<std::uint64_t>(static_cast<double>(most) / seconds)) + "/s",
                                 "Operations that ended, per second. Failed ones are on top, in the colour of errors.");
  const float step = (frame.max.x - frame.min.x) / static_cast<float>(count),
              scale = (height - workspace.ui.px(3)) / static_cast<float>(most);
  for (std::size_t i = 0; i < count; ++i) {
    const float x = frame.min.x + static_cast<float>(i) * step;
    const float done = static_cast<float>(all[i].answered()) * scale,
                failed = static_cast<float>(all[i].failed()) * scale;
    const float gap = step > 3 ? 1.0f : 0.0f;
    frame.list.AddRectFilled({x, frame.max.y - done}, {x + step - gap, frame.max.y},
                             faded(workspace.colours().good, 0.85f));
    frame.list.AddRectFilled({x, frame.max.y - done - failed}, {x + step - gap, frame.max.y - done},
                             workspace.colours().bad);
  }
  const float now = now_x(workspace, frame, from_ns, to_ns);
  frame.list.AddLine({now, frame.min.y}, {now, frame.max.y}, workspace.colours().text, workspace.ui.px(1.5f));
  if (!frame.hovered || ImGui::GetIO().MousePos.x < frame.min.x) return;
  const TrafficStep& one = all[column_at(frame, count, ImGui::GetIO().MousePos.x)];
  ImGui::SetTooltip("%s done, %s failed", count_text(one.answered()).c_str(), count_text(one.failed()).c_str());
}

void OperationPlots::draw_latency(Workspace& workspace, TimeNs from_ns, TimeNs to_ns, float labels,
                                  float height) const {
  const float width = ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ScrollbarSize - labels;
  const auto count = static_cast<std::size_t>(std::max(8.0f, width / workspace.ui.px(5)));
  const auto& all = steps(workspace.session.branch(), from_ns, to_ns, count);
  TimeNs most = kMillisecond;
  for (const TrafficStep& one : all) most = std::max(most, one.p99_ns);
  const Frame frame =
      begin_plot(workspace, "latency", from_ns, to_ns, labels, height, "to " + span_text(most),
                 "Time from the due time to the answer: the median as a line, and the slowest hundredth "
                 "above it. The scale is a square root, so that fast operations are visible next to slow ones.");
  const auto y = [&](TimeNs latency) {
    const double share = std::sqrt(static_cast<double>(latency) / static_cast<double>(most));
    return frame.max.y - static_cast<float>(share) * (height - workspace.ui.px(4)) - 1;
  };
  const float step = (frame.max.x - frame.min.x) / static_cast<float>(count);
  ImVec2 last{-1, 0};
  for (std::size_t i = 0; i < count; ++i) {
    if (all[i].answered() == 0) {
      last.x = -1;
      continue;
    }
    const float x = frame.min.x + (static_cast<float>(i) + 0.5f) * step;
    frame.list.AddRectFilled({x - step * 0.4f, y(all[i].p99_ns)}, {x + step * 0.4f, y(all[i].p50_ns)},
                             faded(workspace.colours().category[4], 0.45f));
    const ImVec2 at{x, y(all[i].p50_ns)};
    if (last.x >= 0) frame.list.AddLine(last, at, workspace.colours().category[3], workspace.ui.px(1.5f));
    frame.list.AddCircleFilled(at, workspace.ui.px(1.5f), workspace.colours().category[3], 6);
    last = at;
  }
  const float now = now_x(workspace, frame, from_ns, to_ns);
  frame.list.AddLine({now, frame.min.y}, {now, frame.max.y}, workspace.colours().text, workspace.ui.px(1.5f));
  if (!frame.hovered || ImGui::GetIO().MousePos.x < frame.min.x) return;
  const TrafficStep& one = all[column_at(frame, count, ImGui::GetIO().MousePos.x)];
  if (one.answered() > 0)
    ImGui::SetTooltip("median %s, 99 of 100 within %s", span_text(one.p50_ns).c_str(), span_text(one.p99_ns).c_str());
}

}  // namespace dkv::viz
