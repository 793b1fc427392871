#pragma once

#include <string>

#include "cli/run/source.h"
#include "sim/verdict/result.h"
#include "sim/world/world.h"

namespace dkv::cli {

// The way in which a run is shown.
struct Show {
  bool json = false;   // one JSON object and no story
  bool quiet = false;  // only the verdict and its failures
  bool why = false;    // also explain findings that are not failures
  std::string trace;   // path of a file for all events; empty: none
};

// Prints a complete error message to standard error. Returns the exit status for bad input.
int complain_of_input(const std::string& what);

// Plays and shows the run, and writes the trace. Stores the result in `result` and returns the exit status.
int perform(const Source& source, const sim::WorldOptions& options, const Show& show, sim::RunResult& result);

}  // namespace dkv::cli
