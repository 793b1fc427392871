#include <fmt/format.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/terminal/exit_status.h"
#include "cli/terminal/json.h"
#include "cli/terminal/text.h"
#include "sim/capsule/source.h"

namespace dkv::cli {
namespace {

Json complaint_json(const Complaint& complaint) {
  return {{"file", complaint.file},
          {"line", complaint.line},
          {"column", complaint.column},
          {"what", complaint.what},
          {"meant", complaint.meant}};
}

class Lint final : public Command {
  void declare(Options& options) override {
    options.arguments("SCENARIO", paths_, "Scenario files or capsules");
    options.flag("--json", json_, "Print one JSON object with all mistakes, for editors");
  }

  int run() override {
    std::vector<Complaint> complaints;
    std::size_t clean = 0;
    for (const std::string& path : paths_) {
      const auto source = sim::load_any({.scenario_path = path});
      if (source) {
        ++clean;
      } else {
        complaints.insert(complaints.end(), source.error().begin(), source.error().end());
      }
    }
    if (json_) {
      Json list = Json::array();
      for (const Complaint& complaint : complaints) list.push_back(complaint_json(complaint));
      fmt::print("{}\n", json_line({{"files", paths_.size()}, {"clean", clean}, {"complaints", std::move(list)}}));
    } else {
      fmt::print(stderr, "{}", to_string(complaints));
      if (clean == paths_.size()) fmt::print("{}: no mistake found\n", counted(clean, "file"));
    }
    return clean == paths_.size() ? kAllHeld : kBadInput;
  }

  std::vector<std::string> paths_;
  bool json_ = false;
};

}  // namespace

extern const CommandEntry kLint;
const CommandEntry kLint = {"lint", "Check scenario files and capsules without running them",
                            "Example:\n"
                            "  distri-kv lint scenarios/*.yaml\n\n"
                            "Each mistake is a line on standard error: FILE:LINE:COLUMN: what, and what was meant.\n"
                            "Exit status: 0 no mistake; 2 a file has mistakes or cannot be read.\n",
                            &make_command<Lint>};

}  // namespace dkv::cli
