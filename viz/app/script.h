#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.h"
#include "engine/input/complaint.h"
#include "viz/app/app.h"
#include "viz/app/headless.h"

namespace dkv::viz {

// One line of a script: what somebody does, or what must be true. Names and texts of several words stand in quotes.
//   click NAME, double-click NAME, hover NAME      an item by its name
//   drag NAME FROM TO                              from one place in the item to another, each 0..1 of its width
//   wheel NAME NOTCHES
//   press KEYS, type TEXT
//   wait FRAMES, settle                            settle: until nothing moves by itself
//   seek TIME                                      "12.5s"
//   focus WHAT                                     as App::focus_on()
//   size WIDTH HEIGHT, shot FILE.png
//   see NAME, absent NAME                          an item is, is not visible
//   expect FACT VALUE                              as App::fact()
struct ScriptLine {
  int line = 1;
  std::string verb;
  std::vector<std::string> words;
};

// Empty lines and what follows a # are passed over. Fails with all lines that can't be understood.
tl::expected<std::vector<ScriptLine>, std::vector<Complaint>> read_script(std::string_view text,
                                                                          const std::string& file);

// The first line that fails ends it: "file:line:1: ...". Pictures are written relative to the working directory.
Result<void> run_script(const std::vector<ScriptLine>& script, const std::string& file, App& app, Headless& host);

// Frames until the debugger rests, at most so many. False when it does not.
bool settle(App& app, Headless& host, int frames_max = 20'000);

}  // namespace dkv::viz
