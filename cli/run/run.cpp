#include "cli/command.h"
#include "cli/options.h"
#include "cli/run/perform.h"

namespace dkv::cli {
namespace {

class Run final : public Command {
  void declare(Options& options) override {
    options.argument("SCENARIO", request_.scenario_path, "A scenario file (docs/scenarios.md)");
    options.whole("--seed", request_.seed, "Replaces the seed of the scenario");
    options.flag("--json", show_.json, "Print the result as one JSON object, and no story");
    options.flag("--quiet", show_.quiet, "Print only the verdict and the failures");
    options.flag("--why", show_.why, "Explain also stale reads, refusals, excused losses and discarded writes");
    options.text("--trace", show_.trace, "FILE.jsonl.zst",
                 "Write every event to this file (zstd-compressed JSON Lines)");
    options.text("--schedule", request_.schedule_path, "FILE", "Play these faults instead of the scenario's own");
    options.texts("--set", request_.overrides, "PATH=VALUE",
                  "Change the scenario, for example cluster.w=1; may be repeated");
    // For tests of determinism: these options must not change a run.
    options.whole("--hash-salt", world_.hash_salt, "");
    options.hide();
    options.flag("--no-codec", no_codec_, "");
    options.hide();
  }

  std::string check(const Options&) override {
    return show_.json && show_.quiet ? "--json and --quiet exclude each other" : "";
  }

  int run() override {
    world_.codec = !no_codec_;
    const auto source = cli::load_source(request_);
    if (!source) return complain_of_input(source.error());
    sim::RunResult result;
    return perform(*source, world_, show_, result);
  }

  SourceRequest request_;
  Show show_;
  sim::WorldOptions world_;
  bool no_codec_ = false;
};

}  // namespace

extern const CommandEntry kRun;
const CommandEntry kRun = {"run", "Play a scenario, tell its story, and judge it",
                           "Examples:\n"
                           "  distri-kv run scenarios/flapping-node.yaml\n"
                           "  distri-kv run scenarios/no-stale-reads-r2w2.yaml --set cluster.r=1\n"
                           "  distri-kv run scenarios/hint-expires.yaml --json\n\n"
                           "Exit status: 0 all held; 1 an invariant or an expectation failed; 2 bad input.\n",
                           &make_command<Run>};

}  // namespace dkv::cli
