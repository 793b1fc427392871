#include "viz/app/app.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "viz/app/ask.h"
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
  if (const auto about = draw_question(desk_)) answered(*about);
  desk_.carry_out();
  if (shell_.theme_toggled) {
    shell_.theme_toggled = false;
    options_.dark = !options_.dark;
    apply_theme();
  }
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
  if (name == "setbacks") return std::to_string(desk_.session.branch().setbacks.size());
  if (name == "failed expectations") return std::to_string(desk_.session.branch().failed_expectations.size());
  if (name == "question") return desk_.question ? desk_.question->words : "none";
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
