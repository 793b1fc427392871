#pragma once

#include <string>

#include "cli/terminal/page.h"
#include "cli/verdict/verdict_run.h"

namespace dkv::cli {

// One object.
std::string verdict_json(const LostRun& run, const Verdict& verdict);
// path: of the capsule or scenario, for the commands that the page names.
void print_verdict(Page& page, const LostRun& run, const Verdict& verdict, const std::string& path);

}  // namespace dkv::cli
