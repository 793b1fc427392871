#pragma once

#include <string>
#include <vector>

#include "cli/shrink/shrink_run.h"
#include "cli/terminal/page.h"

namespace dkv::cli {

// others: the file of each of shrunk.others; empty where it could not be written.
std::string shrink_json(const Shrunk& shrunk, const std::string& input, const std::string& output,
                        const std::vector<std::string>& others);
void print_shrunk(Page& page, const Shrunk& shrunk, const std::string& output, const std::vector<std::string>& others);

}  // namespace dkv::cli
