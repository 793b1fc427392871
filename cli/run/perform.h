#pragma once

#include <string>

#include "cli/run/source.h"
#include "sim/verdict/result.h"
#include "sim/world/world.h"

namespace dkv::cli {

// How a run is shown.
struct Show {
  bool json = false;   // one JSON object and no story
  bool quiet = false;  // the verdict and its failures only
  std::string trace;   // path of a file for all events; empty: none
};

// Prints a whole complaint line to standard error. Answers with the exit status for bad input.
int complain_of_input(const std::string& what);

// Plays, shows, and writes the trace. The result goes to `result`; answers with the exit status.
int perform(const Source& source, const sim::WorldOptions& options, const Show& show, sim::RunResult& result);

}  // namespace dkv::cli
