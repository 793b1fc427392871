#include "viz/app/offscreen.h"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iterator>

#include "viz/app/headless.h"
#include "viz/app/script.h"
#include "viz/shot/png.h"

namespace dkv::viz {
namespace {

int complain(int status, const std::string& what) {
  fmt::print(stderr, "{}\n", what);
  return status;
}

int run_file(const std::string& path, App& app, Headless& host) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return complain(kExitBadInput, "distri-kv-viz: the script \"" + path + "\" can't be read");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const auto script = read_script(text, path);
  if (!script) {
    fmt::print(stderr, "{}", to_string(script.error()));
    return kExitBadInput;
  }
  if (const auto done = run_script(*script, path, app, host); !done) return complain(kExitFailed, done.error().what);
  return kExitDone;
}

}  // namespace

AppOptions options_of(const Arguments& arguments) {
  return {.dark = !arguments.light, .at_ns = arguments.at_ns};
}

Result<void> begin_at(const Arguments& arguments, App& app) {
  if (!arguments.panel.empty()) {
    const auto panel = panel_by_name(arguments.panel);
    if (auto done = app.focus_on("panel=" + arguments.panel); !done) return done;
    if (arguments.alone) app.shell().alone = panel;
  }
  if (arguments.focus.empty()) return {};
  auto done = app.focus_on(arguments.focus);
  // The requested panel stays in front, instead of the panel that the focus would bring forward.
  if (!arguments.panel.empty()) app.workspace().wanted_panel = panel_by_name(arguments.panel);
  return done;
}

int run_offscreen(const Arguments& arguments, App& app) {
  Headless host({arguments.width, arguments.height});
  app.set_up(host.atlas(), arguments.scale.value_or(1.0f));
  app.workspace().ui.naming_all = true;
  host.show([&] { app.frame(1.0 / 60); }, &app.places());
  if (!settle(app, host)) return complain(kExitFailed, "distri-kv-viz: the run does not come to rest");
  if (const auto begun = begin_at(arguments, app); !begun)
    return complain(kExitBadInput, "distri-kv-viz: --focus or --panel: " + begun.error().what);
  if (!settle(app, host)) return complain(kExitFailed, "distri-kv-viz: the run does not come to rest");
  if (!arguments.script.empty()) {
    if (const int status = run_file(arguments.script, app, host); status != kExitDone) return status;
  }
  if (!arguments.shot.empty()) {
    if (const auto written = write_png(host.shot(), arguments.shot); !written)
      return complain(kExitBadInput, "distri-kv-viz: " + written.error().what);
  }
  return kExitDone;
}

}  // namespace dkv::viz
