#pragma once

#include "viz/app/app.h"
#include "viz/app/arguments.h"

namespace dkv::viz {

// What the arguments ask of the debugger itself. panel and focus are applied by begin_at().
AppOptions options_of(const Arguments& arguments);
// Brings the panel forward and looks where the arguments say. Fails when there is no such thing.
Result<void> begin_at(const Arguments& arguments, App& app);

// --shot and --script: no window. Answers with the exit status; complaints are printed.
int run_offscreen(const Arguments& arguments, App& app);

}  // namespace dkv::viz
