#pragma once

#include "viz/app/app.h"
#include "viz/app/arguments.h"

namespace dkv::viz {

// The options of the debugger from the arguments. begin_at() applies panel and focus.
AppOptions options_of(const Arguments& arguments);
// Shows the panel and sets the focus from the arguments. Fails when one of them does not exist.
Result<void> begin_at(const Arguments& arguments, App& app);

// Carries out --shot and --script without a window. Returns the exit status; errors have been printed.
int run_offscreen(const Arguments& arguments, App& app);

}  // namespace dkv::viz
