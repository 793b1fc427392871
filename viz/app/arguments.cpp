#include "viz/app/arguments.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "engine/input/units.h"
#include "viz/views/panel.h"

namespace dkv::viz {
namespace {

constexpr const char* kAbout =
    "The visual debugger of Distri-KV: a simulated cluster that can be watched, rewound and\n"
    "changed at any moment.";
constexpr const char* kFooter =
    "Examples:\n"
    "  distri-kv-viz scenarios/shopping-carts.yaml\n"
    "  distri-kv-viz out/seed-17.yaml                     a capsule from fuzz\n"
    "  distri-kv-viz scenarios/flapping-node.yaml --shot ring.png --at 3.5s --focus node=n2\n"
    "In the window, ? lists the shortcuts. Exit status: 0 done; 1 a script failed; 2 the input or usage is wrong.\n";

int usage_error(const std::string& what) {
  fmt::print(stderr, "distri-kv-viz: {}\nTry: distri-kv-viz --help\n", what);
  return kExitBadInput;
}

// "1280x800".
std::string read_size(const std::string& text, Arguments& arguments) {
  const std::size_t x = text.find('x');
  const auto width = parse_whole(text.substr(0, x));
  const auto height = parse_whole(x == std::string::npos ? "" : text.substr(x + 1));
  constexpr std::uint64_t kLeast = 320, kMost = 8192;
  if (!width || !height || *width < kLeast || *width > kMost || *height < kLeast || *height > kMost) {
    return fmt::format("--size {}: write it as 1280x800, each {} to {}", text, kLeast, kMost);
  }
  arguments.width = static_cast<int>(*width);
  arguments.height = static_cast<int>(*height);
  return {};
}

std::string read_numbers(const std::string& seed, const std::string& at, const std::string& size, double scale,
                         Arguments& arguments) {
  if (!seed.empty()) {
    const auto parsed = parse_whole(seed);
    if (!parsed) return fmt::format("--seed: {}, {}", parsed.error().what, parsed.error().meant);
    arguments.source.seed = *parsed;
  }
  if (!at.empty()) {
    const auto parsed = parse_duration(at);
    if (!parsed) return fmt::format("--at: {}, {}", parsed.error().what, parsed.error().meant);
    arguments.at_ns = *parsed;
  }
  if (!size.empty()) {
    if (auto wrong = read_size(size, arguments); !wrong.empty()) return wrong;
  }
  if (scale != 0) {
    if (scale < 0.5 || scale > 4) return "--scale: between 0.5 and 4";
    arguments.scale = static_cast<float>(scale);
  }
  return {};
}

}  // namespace

std::variant<Arguments, int> parse_arguments(int argc, char** argv) {
  Arguments arguments;
  std::string seed, at, size;
  double scale = 0;
  CLI::App app(kAbout, "distri-kv-viz");
  app.footer(kFooter);
  app.add_option("scenario", arguments.source.scenario_path, "A scenario file, or a capsule")->required();
  app.add_option("--seed", seed, "Replaces the seed of the scenario");
  app.add_option("--set", arguments.source.overrides, "path=value, as for distri-kv run")->allow_extra_args(false);
  app.add_option("--at", at, "The moment to begin with, such as 12.5s");
  app.add_option("--focus", arguments.focus, "node=n1, key=cart, key=bucket/key or event=1234");
  app.add_option("--panel", arguments.panel, "The panel in front: " + panel_names());
  app.add_flag("--alone", arguments.alone, "That panel fills the window");
  app.add_flag("--light", arguments.light, "Light colours");
  app.add_option("--size", size, "Size of the window or picture (1280x800)");
  app.add_option("--scale", scale, "Pixels for each pixel of the design (that of the screen)");
  app.add_option("--shot", arguments.shot, "Writes a picture (PNG) and opens no window");
  app.add_option("--script", arguments.script,
                 "Plays a script of clicks and keys, without a window (docs/debugger.md)");
  app.add_option("--for", arguments.for_seconds, "Seconds after which the window closes by itself")
      ->check(CLI::NonNegativeNumber);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return kExitDone;
  } catch (const CLI::ParseError& error) {
    return usage_error(error.what());
  }
  if (auto wrong = read_numbers(seed, at, size, scale, arguments); !wrong.empty()) return usage_error(wrong);
  return arguments;
}

}  // namespace dkv::viz
