// The story: the run in words.
#include <fmt/format.h>

#include <algorithm>

#include "viz/views/panels.h"
#include "viz/views/story_lines.h"
#include "viz/views/words.h"

namespace dkv::viz {
namespace {

void draw_line(Workspace& workspace, const StoryRow& line, int number, bool past, float who_width) {
  Ui& ui = workspace.ui;
  const Theme& theme = workspace.colours();
  ImGui::PushID(number);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x, time_width = ui.px(92);
  if (ImGui::Selectable("##line", line.event == workspace.session.at(), 0, {0, ImGui::GetTextLineHeight()})) {
    workspace.go_to(line.event);
    if (line.node != kNoNode) workspace.focus.node = line.node;
  }
  ui.mark(fmt::format("story {}", line.what));
  ImGui::PopID();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float strength = past ? 1.0f : 0.5f;
  put_text(list, at, faded(theme.faint, past ? 1.0f : 0.7f), time_text(line.at_ns, true));
  put_text(list, {at.x + time_width, at.y}, faded(line.node == kNoNode ? theme.faint : theme.text, strength),
           line.node != kNoNode && line.who == node_name(workspace.world(), line.node)
               ? node_label(workspace, line.node, who_width - ui.px(6))
               : fitted(line.who, who_width - ui.px(6)));
  const float left = time_width + who_width;
  const ImU32 colour = line.yours ? theme.accent : line.bad ? theme.bad : theme.text;
  const std::string words = fitted(line.what, std::max(ui.px(20), width - left));
  put_text(list, {at.x + left, at.y}, faded(colour, strength), words);
  if (words != line.what) ui.tip(line.what.c_str());
}

}  // namespace

static void draw_story(Workspace& workspace) {
  Ui& ui = workspace.ui;
  ImGui::SetNextItemWidth(std::max(ui.px(120), ImGui::GetContentRegionAvail().x - ui.px(170)));
  ui.input("search", "search the story: a node, a key, a word", workspace.story_filter,
           "Ctrl+F. Shows the lines that contain this text, in upper or lower case.");
  if (workspace.focus_search) {
    ImGui::SetKeyboardFocusHere(-1);
    workspace.focus_search = false;
  }
  ImGui::SameLine();
  ui.check("details", workspace.story_details,
           "Also frequent events: every operation of the load, stand-ins, forwards, rounds of anti-entropy.");
  const auto& lines = workspace.story.of(workspace);
  ImGui::SameLine();
  ui.faint(count_text(lines.size()));
  if (lines.empty()) {
    if (workspace.story_filter.empty()) {
      ui.empty("Nothing has happened yet.", "Press Space to let time pass, or drag the time line at the top.");
    } else {
      ui.empty("No line contains that.", "Try fewer letters, or tick “details” for frequent events.");
    }
    return;
  }
  if (ImGui::BeginChild("lines")) {
    const auto next = std::ranges::upper_bound(lines, workspace.session.at(), {}, &StoryRow::event);
    const auto here = static_cast<int>(next - lines.begin());
    const float line_height = ImGui::GetTextLineHeightWithSpacing();
    // Scrolls to the moment when it moves, or when the list is another one. Otherwise the person may scroll away.
    const unsigned window = ImGui::GetID("moment");
    const std::uint64_t version = workspace.story.version();
    if (workspace.story_shown_at != workspace.session.at() || workspace.story_shown_in != window ||
        workspace.story_shown_version != version) {
      workspace.story_shown_version = version;
      workspace.story_shown_at = workspace.session.at();
      workspace.story_shown_in = window;
      ImGui::SetScrollY(std::max(0.0f, static_cast<float>(here) * line_height - ImGui::GetWindowHeight() * 0.6f));
    }
    ImGuiListClipper rows;
    rows.Begin(static_cast<int>(lines.size()), line_height);
    while (rows.Step()) {
      for (int i = rows.DisplayStart; i < rows.DisplayEnd; ++i) {
        if (i == here) {
          const ImVec2 at = ImGui::GetCursorScreenPos();
          ImGui::GetWindowDrawList()->AddLine({at.x, at.y - 2}, {at.x + ImGui::GetContentRegionAvail().x, at.y - 2},
                                              workspace.colours().accent, ui.px(1.5f));
        }
        draw_line(workspace, lines[static_cast<std::size_t>(i)], i, i < here, ui.px(82));
      }
    }
  }
  ImGui::EndChild();
}

const PanelEntry kStoryPanel = {.title = "Story",
                                .meaning = "The run in words. Type to search; click a line to go there.",
                                .place = PanelPlace::kRightBottom,
                                .draw = &draw_story};

}  // namespace dkv::viz
