// distri-kv-viz: the visual debugger.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <variant>

#include "engine/input/complaint.h"
#include "viz/app/offscreen.h"
#include "viz/main/window.h"

namespace dkv::viz {
namespace {

int run(const Arguments& arguments) {
  auto source = sim::load_any(arguments.source);
  if (!source) {
    fmt::print(stderr, "{}", to_string(source.error()));
    return kExitBadInput;
  }
  App app(std::move(*source), options_of(arguments));
  if (!arguments.shot.empty() || !arguments.script.empty()) return run_offscreen(arguments, app);
  if (const auto begun = begin_at(arguments, app); !begun) {
    fmt::print(stderr, "distri-kv-viz: --focus or --panel: {}\n", begun.error().what);
    return kExitBadInput;
  }
  const auto done = run_window(app, {.width = arguments.width,
                                     .height = arguments.height,
                                     .scale = arguments.scale,
                                     .for_seconds = arguments.for_seconds});
  if (done) return kExitDone;
  fmt::print(stderr, "distri-kv-viz: {}; --shot FILE.png makes a picture without one\n", done.error().what);
  return kExitBadInput;
}

}  // namespace
}  // namespace dkv::viz

int main(int argc, char** argv) {
  try {
    const auto parsed = dkv::viz::parse_arguments(argc, argv);
    if (const int* status = std::get_if<int>(&parsed)) return *status;
    return dkv::viz::run(std::get<dkv::viz::Arguments>(parsed));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "distri-kv-viz: %s\n", error.what());
    return dkv::viz::kExitBadInput;
  }
}
