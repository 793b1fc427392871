#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/core/types.h"
#include "sim/capsule/source.h"

namespace dkv::viz {

// What the command line asks for.
struct Arguments {
  sim::SourceRequest source;
  std::string shot;    // a picture is written there, and no window opened
  std::string script;  // played without a window
  std::optional<TimeNs> at_ns;
  std::string focus;
  std::string panel;
  int width = 1280, height = 800;
  std::optional<float> scale;
  bool light = false;
  bool alone = false;
  double for_seconds = 0;  // the window closes by itself; 0: stays
};

// Exit statuses, as distri-kv has them.
inline constexpr int kExitDone = 0, kExitFailed = 1, kExitBadInput = 2;

// The arguments; or, when there is nothing to do any more (help, a mistake: both are printed), the exit status.
std::variant<Arguments, int> parse_arguments(int argc, char** argv);

}  // namespace dkv::viz
