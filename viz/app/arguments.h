#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/core/types.h"
#include "sim/capsule/source.h"

namespace dkv::viz {

// The content of the command line.
struct Arguments {
  sim::SourceRequest source;
  std::string shot;    // the file for a picture; no window is opened
  std::string script;  // the file of a script, which is played without a window
  std::optional<TimeNs> at_ns;
  std::string focus;
  std::string panel;
  int width = 1280, height = 800;
  std::optional<float> scale;
  bool light = false;
  bool alone = false;
  double for_seconds = 0;  // the window closes after this time; 0: it stays
};

// Exit statuses, the same as those of distri-kv.
inline constexpr int kExitDone = 0, kExitFailed = 1, kExitBadInput = 2;

// The arguments, or an exit status when there is nothing left to do (help or a mistake, which has been printed).
std::variant<Arguments, int> parse_arguments(int argc, char** argv);

}  // namespace dkv::viz
