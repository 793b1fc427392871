#include "viz/app/shell.h"

#include <fmt/format.h>

#include <algorithm>

#include "viz/app/help.h"
#include "viz/views/panels.h"
#include "viz/views/timeline.h"
#include "viz/views/words.h"

namespace dkv::viz {

namespace {

constexpr std::size_t index_of(PanelPlace pane) {
  return static_cast<std::size_t>(pane);
}

}  // namespace

void Shell::bring_forward(Panel panel) {
  wanted_[index_of(panel->place)] = panel;
  front_ = panel;
  if (alone) alone = panel;
}

void Shell::splitter(Workspace& workspace, const char* name, bool upright, float length, float& share, float whole) {
  const float thickness = workspace.ui.px(6);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::InvisibleButton(name, upright ? ImVec2{thickness, length} : ImVec2{length, thickness});
  workspace.ui.mark(name);
  const bool active = ImGui::IsItemActive();
  if (ImGui::IsItemHovered() || active) {
    ImGui::SetMouseCursor(upright ? ImGuiMouseCursor_ResizeEW : ImGuiMouseCursor_ResizeNS);
    const ImVec2 end = ImGui::GetItemRectMax();
    ImGui::GetWindowDrawList()->AddRectFilled(
        {at.x + (upright ? thickness / 3 : 0), at.y + (upright ? 0 : thickness / 3)},
        {end.x - (upright ? thickness / 3 : 0), end.y - (upright ? 0 : thickness / 3)}, workspace.colours().accent,
        workspace.ui.px(2));
  }
  if (active) {
    const float moved = upright ? ImGui::GetIO().MouseDelta.x : ImGui::GetIO().MouseDelta.y;
    share = std::clamp(share + moved / whole, 0.12f, 0.88f);
  }
}

void Shell::draw_pane(Workspace& workspace, PanelPlace pane, ImVec2 size) {
  std::optional<Panel>& wanted = wanted_[index_of(pane)];
  ImGui::PushID(static_cast<int>(pane));
  ImGui::BeginChild(
      "pane", size, false,
      ImGuiWindowFlags_AlwaysUseWindowPadding | ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
  if (ImGui::BeginTabBar("tabs", ImGuiTabBarFlags_FittingPolicyScroll)) {
    for (std::size_t i = 0; i < panels().size(); ++i) {
      const Panel panel = panels()[i];
      if (panel->place != pane) continue;
      const std::string badge = panel->badge != nullptr ? panel->badge(workspace) : std::string();
      const std::string title = fmt::format("{}{}{}###{}", panel->title, badge.empty() ? "" : " ", badge, panel->title);
      const bool open =
          ImGui::BeginTabItem(title.c_str(), nullptr, wanted == panel ? ImGuiTabItemFlags_SetSelected : 0);
      const std::string key = i < kPanelKeys ? fmt::format(" Key {}.", (i + 1) % kPanelKeys) : std::string();
      workspace.ui.mark(std::string("tab ") + panel->title, (panel->meaning + key).c_str());
      if (ImGui::IsItemHovered() && ImGui::IsMouseDoubleClicked(0)) alone = panel;
      if (!open) continue;
      shown_[index_of(pane)] = panel;
      const ImGuiWindowFlags flags =
          panel->scrolls ? 0 : ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse;
      if (ImGui::BeginChild("panel", {0, 0}, false, flags)) panel->draw(workspace);
      ImGui::EndChild();
      ImGui::EndTabItem();
    }
    wanted.reset();
    ImGui::EndTabBar();
  }
  ImGui::EndChild();
  ImGui::PopID();
}

void Shell::draw_run_until(Workspace& workspace) {
  if (ImGui::BeginPopup("run until")) {
    for (const Aim& aim : kAims) {
      ImGui::BeginDisabled(aim.what == Until::What::kEvent && workspace.focus.node == kNoNode);
      if (ImGui::MenuItem(aim.label)) workspace.player.run_until(workspace, aim);
      ImGui::EndDisabled();
      workspace.ui.mark(aim.label);
    }
    ImGui::EndPopup();
  }
}

void Shell::draw_transport(Workspace& workspace) {
  Ui& ui = workspace.ui;
  Player& player = workspace.player;
  if (ui.button("|<", "To the beginning. Home")) player.seek(workspace, 0);
  ui.mark("To the beginning");
  ImGui::SameLine(0, ui.px(3));
  if (ui.button("<", "A step back: one event. Left; with Shift ten, with Ctrl a hundred")) player.step_back(workspace);
  ui.mark("Step back");
  ImGui::SameLine(0, ui.px(3));
  const bool playing = player.playing;
  if (ui.toggle(playing ? "Pause###play" : " Play ###play", playing, "Starts or stops time. Space"))
    player.toggle(workspace);
  ui.mark(playing ? "Stop time" : "Play");
  ImGui::SameLine(0, ui.px(3));
  if (ui.button(">", "A step: one event. Right; with Shift ten, with Ctrl a hundred")) player.step(workspace);
  ui.mark("Step");
  ImGui::SameLine(0, ui.px(3));
  if (ui.button(">|", "To the end of the run. End")) player.seek(workspace, ~EventNumber{0});
  ui.mark("To the end");
  ImGui::SameLine();
  ImGui::SetNextItemWidth(ui.px(96));
  const auto* speed = std::ranges::find_if(kSpeeds, [&](const Speed& one) { return one.factor >= player.speed; });
  if (ImGui::BeginCombo("##speed", speed != std::end(kSpeeds) ? speed->text : "")) {
    for (const Speed& one : kSpeeds) {
      if (ImGui::Selectable(one.text, one.factor == player.speed)) player.speed = one.factor;
      ui.mark(std::string("speed ") + one.text);
    }
    ImGui::EndCombo();
  } else {
    ui.mark("speed",
            "The simulated time that passes in one real second. Messages take fractions of a millisecond, so slow is "
            "good. + and -");
  }
  ImGui::SameLine();
  if (ui.button("Run until…", "Plays on until something happens.")) ImGui::OpenPopup("run until");
  ui.mark("Run until");
  draw_run_until(workspace);
  ImGui::SameLine(0, ui.px(3));
  if (ui.button("!>",
                "To the next operation that goes wrong: a stale read, or an acknowledged write that is lost or "
                "discarded. W"))
    player.run_until(workspace, kAimSetback);
  ui.mark("Next setback");
  ImGui::SameLine(0, ui.px(14));
  ImGui::AlignTextToFramePadding();
  ImGui::PushFont(ui.fonts.mono);
  ImGui::TextUnformatted(time_text(player.shown_ns).c_str());
  ImGui::PopFont();
  ImGui::SameLine(0, ui.px(14));
  const Branch& branch = workspace.session.branch();
  ui.faint(branch.ended ? fmt::format("event {} of {}", count_text(workspace.session.at()), count_text(branch.explored))
                        : fmt::format("event {}", count_text(workspace.session.at())));
  if (workspace.world().healing()) {
    ImGui::SameLine(0, ui.px(14));
    ui.text(workspace.colours().good, "healing");
    ui.tip("All faults have ended. Now everything must become equal within bounded time.");
  }
  if (branch.id != 0) {
    ImGui::SameLine(0, ui.px(14));
    if (ui.link(fmt::format("branch {}", branch.id), "shown branch",
                "A future that you made. Click to see all branches."))
      workspace.show(&kBranchesPanel);
  }
  const float right =
      ImGui::CalcTextSize("Light").x + ImGui::CalcTextSize(" ? ").x + 4 * ImGui::GetStyle().FramePadding.x + ui.px(5);
  ImGui::SameLine(std::max(ImGui::GetCursorPosX(), ImGui::GetWindowContentRegionMax().x - right));
  if (ui.button(workspace.colours().dark ? "Light###theme" : "Dark###theme", "The other colours. T"))
    theme_toggled = true;
  ui.mark("Theme");
  ImGui::SameLine(0, ui.px(4));
  if (ui.button(" ? ###help", "Shortcuts, panels and the glossary. ?")) help = !help;
  ui.mark("Help");
}

void Shell::draw_notice(Workspace& workspace) {
  const Ui& ui = workspace.ui;
  if (workspace.session.busy()) {
    ImGui::AlignTextToFramePadding();
    ui.text(workspace.colours().accent,
            fmt::format("{} … {:.0f} %",
                        workspace.player.exploring ? "Playing the run once, to complete the time line" : "Working",
                        workspace.session.progress() * 100));
    ImGui::SameLine();
    if (workspace.ui.button("Stop", "Escape")) workspace.player.stop(workspace);
    return;
  }
  ImGui::AlignTextToFramePadding();
  if (workspace.notice.empty()) {
    ui.faint(fmt::format("{}, seed {}.  Space plays, arrows step, ? explains.", workspace.session.scenario().name,
                         workspace.session.source().seed));
  } else {
    const std::string words = fitted(workspace.notice, ImGui::GetContentRegionAvail().x);
    ui.text(workspace.notice_bad ? workspace.colours().bad : workspace.colours().text, words);
    if (words != workspace.notice) ui.tip(workspace.notice.c_str());
  }
}

void Shell::draw(Workspace& workspace) {
  Ui& ui = workspace.ui;
  if (workspace.wanted_panel) {
    bring_forward(*workspace.wanted_panel);
    workspace.wanted_panel.reset();
  }
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
  constexpr ImGuiWindowFlags kPlain = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                      ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBringToFrontOnFocus |
                                      ImGuiWindowFlags_NoScrollWithMouse;
  ImGui::Begin("debugger", nullptr, kPlain);
  draw_transport(workspace);
  draw_timeline(workspace, ui.px(34));
  ImGui::Dummy({0, ui.px(1)});
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const float notice = ImGui::GetFrameHeightWithSpacing(), bar = ui.px(6);
  const float height = std::max(ui.px(60), room.y - notice - ui.px(2)), width = room.x;
  if (alone) {
    ImGui::BeginChild("alone", {width, height}, false,
                      ImGuiWindowFlags_AlwaysUseWindowPadding | ImGuiWindowFlags_NoScrollbar);
    ui.strong((*alone)->title);
    ImGui::SameLine();
    ui.faint((*alone)->meaning);
    ImGui::SameLine(ImGui::GetWindowContentRegionMax().x - ImGui::CalcTextSize("Back").x -
                    2 * ImGui::GetStyle().FramePadding.x);
    const bool back = ui.button("Back", "All panels again. F");
    (*alone)->draw(workspace);
    ImGui::EndChild();
    if (back) alone.reset();
  } else {
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    const float left = (width - bar) * left_share_, right = width - bar - left;
    const float left_top = (height - bar) * left_top_share_, right_top = (height - bar) * right_top_share_;
    const ImVec2 spacing = {ui.px(7), ui.px(5)};
    const auto pane = [&](PanelPlace which, ImVec2 size) {
      ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, spacing);
      draw_pane(workspace, which, size);
      ImGui::PopStyleVar();
    };
    ImGui::BeginGroup();
    pane(PanelPlace::kLeftTop, {left, left_top});
    splitter(workspace, "bar left", false, left, left_top_share_, height);
    pane(PanelPlace::kLeftBottom, {left, height - bar - left_top});
    ImGui::EndGroup();
    ImGui::SameLine(0, 0);
    splitter(workspace, "bar middle", true, height, left_share_, width);
    ImGui::SameLine(0, 0);
    ImGui::BeginGroup();
    pane(PanelPlace::kRightTop, {right, right_top});
    splitter(workspace, "bar right", false, right, right_top_share_, height);
    pane(PanelPlace::kRightBottom, {right, height - bar - right_top});
    ImGui::EndGroup();
    ImGui::PopStyleVar();
  }
  draw_notice(workspace);
  ImGui::End();
  if (help) draw_help_window(workspace, help);
}

}  // namespace dkv::viz
