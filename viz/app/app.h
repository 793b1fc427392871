#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "viz/app/shell.h"
#include "viz/views/workspace.h"

namespace dkv::viz {

struct AppOptions {
  bool dark = true;
  std::optional<TimeNs> at_ns;  // the moment to begin at
  std::optional<Panel> panel;   // the panel in front
  bool alone = false;           // that panel fills the window
  bool explore = true;          // play the whole run once at the start, so that its time line is complete
  std::string font_folder;      // see load_fonts()
};

// The debugger as its hosts (window, picture, script) use it. A host calls set_up() once, and again when
// fonts_stale(). It calls frame() between ImGui's NewFrame and Render.
class App {
 public:
  App(sim::Source source, const AppOptions& options, const SessionOptions& session = {});

  // Adds the fonts and sets the style. scale: pixels for each pixel of the design, 0.5..4.
  void set_up(ImFontAtlas& atlas, float scale);
  bool fonts_stale() const noexcept { return fonts_stale_; }
  float scale() const noexcept { return scale_; }

  void frame(double seconds);
  // Whether the next frame will differ from this one without any input.
  bool restless() const { return desk_.player.restless() || desk_.session.busy() || desk_.panel_works; }
  // The person wants to leave. Asks first when branches would be lost.
  void ask_to_quit();
  bool wants_to_quit() const noexcept { return quit_; }

  Workspace& workspace() noexcept { return desk_; }
  const Workspace& workspace() const noexcept { return desk_; }
  Places& places() noexcept { return desk_.ui.places; }
  Shell& shell() noexcept { return shell_; }
  std::string title() const;

  // Facts that a script can check, as text: "time", "event", "playing", "node", "key", "branch", "branches", "panel",
  // "theme", "violations", "setbacks", "failed expectations", "question", "ended", "help", "focus event", "notice",
  // "fingerprint".
  std::optional<std::string> fact(std::string_view name) const;
  // what: "node=n3", "key=cart", "key=bucket/key", "event=1234", "panel=ladder". The error lists the possible names.
  Result<void> focus_on(std::string_view what);

 private:
  // shortcuts.cpp
  void shortcuts();
  void escape();
  void letters();
  void acts();
  void watch_typing();
  void answered(Question::About about);
  void apply_theme();

  Workspace desk_;
  Shell shell_;
  AppOptions options_;
  float scale_ = 1;
  bool fonts_stale_ = false;
  bool quit_ = false;
  bool typing_ = false;   // a text field has the keyboard, or had it last: letters must not act on nodes
  bool clicked_ = false;  // since the field had the keyboard
};

}  // namespace dkv::viz
