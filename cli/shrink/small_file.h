#pragma once

#include <string>
#include <vector>

#include "cli/shrink/shrink_run.h"

namespace dkv::cli {

// "out/seed-17.yaml" -> "out/seed-17.small.yaml".
std::string small_path(const std::string& path);
// The scenario file of what is left, with a header that says what fails in it. A function of the run and of what is
// left: the same for each way to find it.
// source: the file that was cut. file: the name under which the text will be saved, for the commands in the header.
std::string small_file_text(const Shrunk& shrunk, const std::string& source, const std::string& file);
// The same for a failure that another candidate had.
std::string other_file_text(const sim::Shrinker::Other& other, const std::string& file);
// The commands of the debugger that the scenario still has: "crash n1, before event 120".
std::vector<std::string> kept_commands(const sim::Scenario& scenario);
// "2 faults and 3 steps", "1 fault and 40 operations of 2 clients".
std::string what_is_left(const Shrunk& shrunk);
// "23 faults and 4,012 operations".
std::string what_there_was(const Shrunk& shrunk);

}  // namespace dkv::cli
