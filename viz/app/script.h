#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.h"
#include "engine/input/complaint.h"
#include "viz/app/app.h"
#include "viz/app/headless.h"

namespace dkv::viz {

// One line of a script: an action, or a condition that must hold. Names and texts of several words are in quotes.
//   click NAME, double-click NAME, hover NAME      an item by its name
//   drag NAME FROM TO                              within the item, each 0..1 of its width
//   wheel NAME NOTCHES
//   press KEYS, type TEXT
//   wait FRAMES, settle                            settle: until nothing moves by itself
//   seek TIME                                      "12.5s"
//   until GOAL                                     runs until finding, setback, fault, operation, message, event or end
//   focus WHAT                                     as App::focus_on()
//   size WIDTH HEIGHT, shot FILE.png
//   see NAME, absent NAME                          the item is visible, is not visible
//   expect FACT VALUE                              as App::fact(); of a notice, a part is enough
struct ScriptLine {
  int line = 1;
  std::string verb;
  std::vector<std::string> words;
};

// Ignores empty lines and the text after a #. Fails with all lines that it cannot read.
tl::expected<std::vector<ScriptLine>, std::vector<Complaint>> read_script(std::string_view text,
                                                                          const std::string& file);

// Stops at the first line that fails: "file:line:1: ...". Pictures are written relative to the working directory.
Result<void> run_script(const std::vector<ScriptLine>& script, const std::string& file, App& app, Headless& host);

// Makes frames until the debugger is at rest, at most frames_max. False when it does not come to rest.
bool settle(App& app, Headless& host, int frames_max = 20'000);

}  // namespace dkv::viz
