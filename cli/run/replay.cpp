#include <fmt/format.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/run/perform.h"
#include "cli/terminal/build_info.h"
#include "cli/terminal/exit_status.h"
#include "cli/terminal/text.h"
#include "engine/input/units.h"

namespace dkv::cli {
namespace {

class Replay final : public Command {
  void declare(Options& options) override {
    options.argument("CAPSULE", path_, "A capsule that fuzz wrote, or a trace of run --trace");
    options.flag("--json", show_.json, "Print the result as one JSON object, and no story");
    options.flag("--quiet", show_.quiet, "Print only the verdict and the failures");
    options.flag("--why", show_.why, "Explain also stale reads, refusals, excused losses and discarded writes");
    options.text("--trace", show_.trace, "FILE.jsonl.zst", "Write every event to this file");
  }

  std::string check(const Options&) override {
    return show_.json && show_.quiet ? "--json and --quiet exclude each other" : "";
  }

  int run() override {
    const auto recorded = load_recorded(path_);
    if (!recorded) return complain_of_input(recorded.error());
    sim::RunResult result;
    const int status = perform(recorded->source, {}, show_, result);
    if (status == kBadInput) return status;
    // With --json standard output is one object, so the comparison goes to standard error.
    std::FILE* out = show_.json ? stderr : stdout;
    if (!recorded->fingerprint) {
      fmt::print(out, "      the record ends before the run did, so there is no fingerprint to compare with\n");
    } else if (*recorded->fingerprint == result.fingerprint) {
      fmt::print(out, "      the recorded fingerprint: this was the same run, event for event\n");
    } else if (recorded->build == build_text()) {
      fmt::print(out,
                 "      NOT the run that was recorded: its fingerprint is {}\n"
                 "      Both builds have the version {}: the record or the sources have changed since.\n",
                 hex16(*recorded->fingerprint), build_text());
    } else {
      fmt::print(out,
                 "      NOT the run that was recorded: its fingerprint is {}\n"
                 "      It was recorded by {}, and this is {}.\n",
                 hex16(*recorded->fingerprint), recorded->build, build_text());
    }
    return status;
  }

  std::string path_;
  Show show_;
};

}  // namespace

extern const CommandEntry kReplay;
const CommandEntry kReplay = {"replay", "Play a recorded run again: a capsule or a trace",
                              "Example:\n"
                              "  distri-kv replay out/seed-17.yaml\n\n"
                              "Exit status: 0 all held; 1 the recorded failure, or another one; 2 bad input.\n",
                              &make_command<Replay>};

}  // namespace dkv::cli
