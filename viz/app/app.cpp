#include "viz/app/app.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "viz/app/keys.h"
#include "viz/views/panels.h"
#include "viz/views/words.h"

namespace dkv::viz {
namespace {

// With many nodes, permanent background messages would hide all others.
constexpr std::uint32_t kFewNodes = 8;
// Longer runs are not explored at the start, because that would take too long.
constexpr TimeNs kExploreMax = 3600 * kSecond;

}  // namespace

App::App(sim::Source source, const AppOptions& options, const SessionOptions& session)
    : desk_(std::move(source), session), options_(options) {
  if (desk_.world().node_count() > kFewNodes) desk_.legs_shown[static_cast<std::size_t>(sim::Leg::kHeartbeat)] = false;
  if (options_.panel) {
    shell_.bring_forward(*options_.panel);
    if (options_.alone) shell_.alone = options_.panel;
  }
  if (options_.explore && desk_.session.scenario().run_ns <= kExploreMax) {
    desk_.player.explore(desk_, 0);
    desk_.player.back_to_ns = options_.at_ns;
  } else if (options_.at_ns) {
    desk_.player.seek_time(desk_, *options_.at_ns);
  }
}

void App::set_up(ImFontAtlas& atlas, float scale) {
  atlas.Clear();
  desk_.ui.fonts = load_fonts(atlas, scale, options_.font_folder);
  ImGui::GetIO().FontDefault = desk_.ui.fonts.body;
  desk_.ui.scale = scale_ = scale;
  fonts_stale_ = false;
  apply_theme();
}

void App::apply_theme() {
  desk_.ui.theme = options_.dark ? &dark_theme() : &light_theme();
  apply_style(*desk_.ui.theme, scale_);
}

std::string App::title() const {
  return desk_.session.scenario().name + " - Distri-KV";
}

void App::frame(double seconds) {
  desk_.player.tick(desk_, seconds);
  desk_.panel_works = false;
  shortcuts();
  shell_.draw(desk_);
  desk_.carry_out();
  if (shell_.theme_toggled) {
    shell_.theme_toggled = false;
    options_.dark = !options_.dark;
    apply_theme();
  }
}

void App::shortcuts() {
  const ImGuiIO& io = ImGui::GetIO();
  const auto pressed = [](int number, bool repeats = false) { return ImGui::IsKeyPressed(number, repeats); };
  if (io.KeyCtrl) {
    if (pressed('Q')) quit_ = true;
    if (pressed('S')) {
      save_branch(desk_);
      shell_.bring_forward(&kBranchesPanel);
    }
    if (pressed('F')) {
      shell_.bring_forward(&kStoryPanel);
      desk_.focus_search = true;
    }
    const bool larger = pressed('=') || pressed(334), smaller = pressed('-') || pressed(333);
    if (larger || smaller) {
      scale_ = std::clamp(scale_ * (larger ? 1.1f : 1 / 1.1f), 0.5f, 4.0f);
      fonts_stale_ = true;
    }
  }
  if (pressed(key::kEscape)) {
    if (shell_.help) {
      shell_.help = false;
    } else if (restless()) {
      desk_.player.stop(desk_);
    } else {
      desk_.clear_focus();
      desk_.notice.clear();
    }
  }
  // Text that is typed into a field is not a shortcut.
  if (io.WantTextInput) return;
  const auto step = static_cast<EventNumber>(io.KeyCtrl ? 100 : io.KeyShift ? 10 : 1);
  const EventNumber at = desk_.session.at();
  if (pressed(key::kRight, true)) desk_.player.seek(desk_, at + step);
  if (pressed(key::kLeft, true)) desk_.player.seek(desk_, at - std::min(at, step));
  if (pressed(key::kHome)) desk_.player.seek(desk_, 0);
  if (pressed(key::kEnd)) desk_.player.seek(desk_, ~EventNumber{0});
  if (pressed(key::kF1)) shell_.help = !shell_.help;
  if (!io.KeyCtrl && !io.KeyAlt) letters();
}

void App::letters() {
  const ImGuiIO& io = ImGui::GetIO();
  const auto pressed = [](int number) { return ImGui::IsKeyPressed(number, false); };
  if (pressed(key::kSpace)) desk_.player.toggle(desk_);
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
    if (pressed('0' + digit)) shell_.bring_forward(panels()[static_cast<std::size_t>(digit == 0 ? 9 : digit - 1)]);
  }
  if (pressed('T')) shell_.theme_toggled = true;
  if (pressed('F')) {
    shell_.alone = shell_.alone ? std::optional<Panel>() : shell_.front();
  }
  if (pressed('V')) desk_.player.run_until(desk_, {.what = Until::What::kViolation}, "violation");
  if (pressed('H')) desk_.command({.kind = sim::CommandKind::kHeal});
  if (pressed('D')) drop_message(desk_);
  const NodeId node = desk_.focus.node;
  if (node >= desk_.world().node_count()) return;
  const auto act = [&](sim::CommandKind kind) {
    sim::Command command{.kind = kind};
    command.groups = {{node}};
    desk_.command(std::move(command));
  };
  if (pressed('C')) act(sim::CommandKind::kCrash);
  if (pressed('R')) act(sim::CommandKind::kRestart);
  if (pressed('P')) {
    const bool paused = desk_.world().node_view(node).process == sim::ProcessState::kPaused;
    act(paused ? sim::CommandKind::kResume : sim::CommandKind::kPause);
  }
  if (pressed('X')) cut_off(desk_, node);
}

std::optional<std::string> App::fact(std::string_view name) const {
  const sim::World& world = desk_.world();
  const auto yes = [](bool value) { return std::string(value ? "yes" : "no"); };
  if (name == "time") return time_text(desk_.player.shown_ns);
  if (name == "event") return std::to_string(desk_.session.at());
  if (name == "playing") return yes(desk_.player.playing);
  if (name == "node") return desk_.focus.node < world.node_count() ? node_name(world, desk_.focus.node) : "none";
  if (name == "key") return desk_.focus.key.empty() ? "none" : shown(desk_.focus.key.key());
  if (name == "message") return desk_.focus.message == 0 ? "none" : std::to_string(desk_.focus.message);
  if (name == "branch") return std::to_string(desk_.session.branch().id);
  if (name == "branches") return std::to_string(desk_.session.branch_count());
  if (name == "panel") return shell_.front()->title;
  if (name == "theme") return options_.dark ? "dark" : "light";
  if (name == "violations") return std::to_string(desk_.session.branch().violations.size());
  if (name == "ended") return yes(world.ended());
  if (name == "help") return yes(shell_.help);
  if (name == "focus event") return std::to_string(desk_.focus.event);
  if (name == "notice") return desk_.notice;
  if (name == "fingerprint") return fmt::format("{:016x}", world.fingerprint());
  if (name.starts_with("state ")) {
    for (NodeId node = 0; node < world.node_count(); ++node)
      if (node_name(world, node) == name.substr(6)) return process_name(world.node_view(node).process);
  }
  return {};
}

Result<void> App::focus_on(std::string_view what) {
  const auto equals = what.find('=');
  const std::string_view kind = what.substr(0, equals),
                         name = equals == std::string_view::npos ? std::string_view() : what.substr(equals + 1);
  if (kind == "node") {
    std::string names;
    for (NodeId node = 0; node < desk_.world().node_count(); ++node) {
      if (node_name(desk_.world(), node) == name) {
        desk_.focus.node = node;
        return {};
      }
      if (node < 8) names += (node > 0 ? ", " : "") + node_name(desk_.world(), node);
    }
    return fail(fmt::format("there is no node \"{}\"; there are {}", name, names));
  }
  if (kind == "key") {
    const auto slash = name.find('/');
    const auto key = slash == std::string_view::npos ? Key::make(kDefaultBucket, name)
                                                     : Key::make(name.substr(0, slash), name.substr(slash + 1));
    if (!key) return tl::unexpected(key.error());
    desk_.look_at_key(*key);
    return {};
  }
  if (kind == "panel") {
    const auto panel = panel_by_name(name);
    if (!panel) return fail(fmt::format("there is no panel \"{}\"; there are {}", name, panel_names()));
    shell_.bring_forward(*panel);
    return {};
  }
  if (kind == "event") {
    EventNumber number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error != std::errc() || end != name.data() + name.size())
      return fail(fmt::format("\"{}\" is not the number of an event", name));
    desk_.go_to(number);
    return {};
  }
  return fail(fmt::format("\"{}\" cannot be in focus: write node=NAME, key=NAME, event=NUMBER or panel=NAME", what));
}

}  // namespace dkv::viz
