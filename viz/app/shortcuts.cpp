// The keys of the debugger.
#include <fmt/format.h>
#include <imgui.h>
// Must come after imgui.h.
#include <imgui_internal.h>

#include <algorithm>

#include "viz/app/app.h"
#include "viz/app/keys.h"
#include "viz/views/panels.h"

namespace dkv::viz {
namespace {

bool is_pressed(int number, bool repeats = false) {
  return ImGui::IsKeyPressed(number, repeats);
}

bool menu_is_open() {
  return ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel);
}

}  // namespace

void App::ask_to_quit() {
  const std::size_t lost = desk_.unsaved();
  if (lost == 0) {
    quit_ = true;
    return;
  }
  desk_.question = {Question::About::kQuit,
                    lost == 1 ? std::string("One branch is in no file, and would be lost.")
                              : fmt::format("{} branches are in no file, and would be lost.", lost),
                    "Quit"};
}

void App::answered(Question::About about) {
  switch (about) {
    case Question::About::kOverwrite: save_branch(desk_, true); break;
    case Question::About::kQuit: quit_ = true; break;
  }
}

// A person who has typed into a field goes on typing, also after Enter or where a click took the keyboard away. So
// letters act on nodes only after a click elsewhere, or after Escape.
void App::watch_typing() {
  const ImGuiIO& io = ImGui::GetIO();
  const bool click = ImGui::IsMouseClicked(0) || ImGui::IsMouseClicked(1);
  if (io.WantTextInput) {
    typing_ = true;
    clicked_ = click || is_pressed(key::kEscape);
  } else {
    if (clicked_ || is_pressed(key::kEscape)) typing_ = false;
    clicked_ = click;
  }
}

// One thing only, the innermost: the text field, the question, the menu, the help, the work, the focus.
void App::escape() {
  if (ImGui::GetIO().WantTextInput) return;  // the field ends its input by itself
  if (desk_.question) {
    desk_.question.reset();
    ImGui::ClosePopupToLevel(0, true);
  } else if (menu_is_open()) {
    ImGui::ClosePopupToLevel(0, true);
  } else if (shell_.help) {
    shell_.help = false;
  } else if (restless()) {
    desk_.player.stop(desk_);
  } else {
    desk_.clear_focus();
    desk_.notice.clear();
  }
}

void App::shortcuts() {
  const ImGuiIO& io = ImGui::GetIO();
  watch_typing();
  if (is_pressed(key::kEscape)) return escape();
  if (desk_.question) return;
  if (io.KeyCtrl) {
    if (is_pressed('Q')) ask_to_quit();
    if (is_pressed('S')) {
      save_branch(desk_);
      shell_.bring_forward(&kBranchesPanel);
    }
    if (is_pressed('F')) {
      shell_.bring_forward(&kStoryPanel);
      desk_.focus_search = true;
      typing_ = true;
      clicked_ = false;
    }
    const bool larger = is_pressed('=') || is_pressed(334), smaller = is_pressed('-') || is_pressed(333);
    if (larger || smaller) {
      scale_ = std::clamp(scale_ * (larger ? 1.1f : 1 / 1.1f), 0.5f, 4.0f);
      fonts_stale_ = true;
    }
  }
  // Text that is typed into a field is not a shortcut.
  if (io.WantTextInput || desk_.focus_search) return;
  const auto step = static_cast<EventNumber>(io.KeyCtrl ? 100 : io.KeyShift ? 10 : 1);
  const EventNumber at = desk_.session.at();
  if (is_pressed(key::kRight, true)) desk_.player.seek(desk_, at + step);
  if (is_pressed(key::kLeft, true)) desk_.player.seek(desk_, at - std::min(at, step));
  if (is_pressed(key::kHome)) desk_.player.seek(desk_, 0);
  if (is_pressed(key::kEnd)) desk_.player.seek(desk_, ~EventNumber{0});
  if (is_pressed(key::kF1)) shell_.help = !shell_.help;
  if (!io.KeyCtrl && !io.KeyAlt) letters();
}

void App::letters() {
  const ImGuiIO& io = ImGui::GetIO();
  if (is_pressed(key::kSpace)) desk_.player.toggle(desk_);
  // Compares characters instead of keys, because keyboards have these on different keys.
  for (const ImWchar letter : io.InputQueueCharacters) {
    if (letter == '?') shell_.help = !shell_.help;
    if (letter != '+' && letter != '-') continue;
    const auto* speed =
        std::ranges::find_if(kSpeeds, [&](const Speed& one) { return one.factor >= desk_.player.speed; });
    if (letter == '+' && speed + 1 < std::end(kSpeeds)) desk_.player.speed = speed[1].factor;
    if (letter == '-' && speed != std::begin(kSpeeds)) desk_.player.speed = speed[-1].factor;
  }
  for (int digit = 0; digit <= 9; ++digit) {
    if (is_pressed('0' + digit)) shell_.bring_forward(panels()[static_cast<std::size_t>(digit == 0 ? 9 : digit - 1)]);
  }
  if (is_pressed('T')) shell_.theme_toggled = true;
  if (is_pressed('F')) {
    shell_.alone = shell_.alone ? std::optional<Panel>() : shell_.front();
  }
  if (is_pressed('V')) desk_.player.run_until(desk_, kAimFinding);
  if (is_pressed('W')) desk_.player.run_until(desk_, kAimSetback);
  acts();
}

// The letters that change the run.
void App::acts() {
  constexpr char kLetters[] = {'H', 'D', 'C', 'R', 'P', 'X'};
  if (std::ranges::none_of(kLetters, [](char letter) { return is_pressed(letter); })) return;
  if (typing_) {
    desk_.say("This letter would act on the run. It does so again after a click outside of the text field, or Escape.");
    return;
  }
  if (is_pressed('H')) desk_.command({.kind = sim::CommandKind::kHeal});
  if (is_pressed('D')) drop_message(desk_);
  const NodeId node = desk_.focus.node;
  if (node >= desk_.world().node_count()) return;
  const auto act = [&](sim::CommandKind kind) {
    sim::Command command{.kind = kind};
    command.groups = {{node}};
    desk_.command(std::move(command));
  };
  if (is_pressed('C')) act(sim::CommandKind::kCrash);
  if (is_pressed('R')) act(sim::CommandKind::kRestart);
  if (is_pressed('P')) {
    const bool paused = desk_.world().node_view(node).process == sim::ProcessState::kPaused;
    act(paused ? sim::CommandKind::kResume : sim::CommandKind::kPause);
  }
  if (is_pressed('X')) cut_off(desk_, node);
}

}  // namespace dkv::viz
