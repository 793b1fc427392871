#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <thread>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/run/perform.h"
#include "cli/terminal/build_info.h"
#include "cli/terminal/exit_status.h"
#include "cli/terminal/interrupt.h"
#include "cli/terminal/promised_file.h"
#include "cli/terminal/text.h"
#include "cli/verdict/chart.h"
#include "cli/verdict/verdict_report.h"
#include "cli/verdict/verdict_run.h"

namespace dkv::cli {
namespace {

class VerdictCommand final : public Command {
  void declare(Options& options) override {
    options.argument("CAPSULE", request_.scenario_path, "A capsule of fuzz, a trace, or a scenario whose run fails");
    options.flag("--json", json_, "Print the curve as one JSON object");
    options.text("--plot", plot_, "FILE.svg|FILE.png", "Draw the curve into this file, too");
    options.whole("--copies", limits_.copies, "Copies of each moment (64)", 8u, 100'000u);
    options.whole("--moments", limits_.moments, "Moments of the first round (16)", 1u, 1000u);
    options.duration("--time", limits_.time_ns, "Stop after this long, with what is known by then, for example 60s");
    options.whole("--jobs", limits_.jobs, "Threads (as many as processors)", 1u, 256u);
    options.whole("--seed", request_.seed, "Of a scenario: another seed than its own");
    options.texts("--set", request_.overrides, "PATH=VALUE", "Of a scenario: change it, as for run; may be repeated");
  }

  std::string check(const Options& options) override {
    if (!options.given("--jobs")) limits_.jobs = std::max(1u, std::thread::hardware_concurrency());
    if (options.given("--plot") && !plot_.ends_with(".svg") && !plot_.ends_with(".png")) {
      return fmt::format("--plot {}: the name ends with .svg or .png, which says how it is drawn", plot_);
    }
    return {};
  }

  int run() override {
    watch_for_interrupt();
    const std::string& path = request_.scenario_path;
    const auto recorded = load_run(request_);
    if (!recorded) return complain_of_input(recorded.error());
    const auto run = lost_run(recorded->source);
    if (!run) return complain_of_input(path + ": " + run.error() + other_build(recorded->build));
    std::optional<PromisedFile> plot;
    if (!plot_.empty() && !plot.emplace(plot_).is_writable()) {
      return complain_of_input(plot_ + ": cannot be written, so the work was not begun (--plot FILE)");
    }
    if (recorded->fingerprint && *recorded->fingerprint != run->result.fingerprint) {
      fmt::print(stderr, "{}: this is not the run that was recorded: its fingerprint is another one{}\n", path,
                 other_build(recorded->build));
    }
    const Verdict verdict = find_verdict(*run, limits_);
    if (json_) {
      fmt::print("{}\n", verdict_json(*run, verdict));
    } else {
      Page page(stdout);
      print_verdict(page, *run, verdict, path);
    }
    if (!plot) return kAllHeld;
    const Picture picture = chart_of(*run, verdict);
    if (plot->write(plot_.ends_with(".svg") ? svg_of(picture) : png_of(picture))) return kAllHeld;
    return complain_of_input(plot_ + ": cannot be written");
  }

  static std::string other_build(const std::string& build) {
    if (build.empty() || build == build_text()) return {};
    return fmt::format("; it was recorded by {}, and this is {}", build, build_text());
  }

  SourceRequest request_;
  std::string plot_;
  bool json_ = false;
  VerdictLimits limits_;
};

}  // namespace

extern const CommandEntry kVerdict;
const CommandEntry kVerdict = {"verdict", "At which moment was a failing run lost: the probability over time",
                               "Examples:\n"
                               "  distri-kv verdict out/seed-17.yaml\n"
                               "  distri-kv verdict out/seed-17.yaml --plot lost.svg --time 60s\n\n"
                               "Copies of the world go on with other luck from many moments. The share of them that\n"
                               "fail is the probability that the run was lost by then. Ctrl-C shows what is known.\n"
                               "Exit status: 0 the curve is shown; 2 bad input, or nothing fails.\n",
                               &make_command<VerdictCommand>};

}  // namespace dkv::cli
