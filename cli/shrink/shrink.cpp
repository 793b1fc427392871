#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/run/perform.h"
#include "cli/run/source.h"
#include "cli/shrink/shrink_report.h"
#include "cli/shrink/shrink_run.h"
#include "cli/shrink/small_file.h"
#include "cli/terminal/build_info.h"
#include "cli/terminal/exit_status.h"
#include "cli/terminal/interrupt.h"
#include "cli/terminal/promised_file.h"
#include "sim/shrink/trial.h"

namespace dkv::cli {
namespace {

namespace fs = std::filesystem;

class Shrink final : public Command {
  void declare(Options& options) override {
    options.argument("CAPSULE", request_.scenario_path, "A capsule of fuzz, a trace, or a scenario whose run fails");
    options.text("-o", out_, "FILE", "Where the small scenario goes (CAPSULE's name with .small.yaml)");
    options.whole("--tries", limits_.tries, "Play at most this many runs", std::uint64_t{1});
    options.duration("--time", limits_.time_ns, "Stop after this long, with the smallest run found, for example 60s");
    options.whole("--jobs", limits_.jobs, "Runs at the same time (as many as processors)", 1u, 256u);
    options.whole("--seed", request_.seed, "Of a scenario: another seed than its own");
    options.texts("--set", request_.overrides, "PATH=VALUE", "Of a scenario: change it, as for run; may be repeated");
    options.flag("--json", json_, "Print the outcome as one JSON object");
  }

  int run() override {
    auto recorded = load_run(request_);
    if (!recorded) return complain_of_input(recorded.error());
    build_ = std::move(recorded->build);
    const std::string& path = request_.scenario_path;
    const auto failing = failing_run(recorded->source);
    if (!failing) return complain_of_input(path + ": " + failing.error() + other_build());
    const std::string out = out_.empty() ? small_path(path) : out_;
    PromisedFile file(out);
    if (!file.is_writable()) return complain_of_input(out + ": cannot be written, so the work was not begun (-o FILE)");
    if (limits_.jobs == 0) limits_.jobs = std::max(1u, std::thread::hardware_concurrency());
    watch_for_interrupt();
    const Shrunk shrunk = shrink(*failing, limits_);
    if (!sim::can_be_written(shrunk.scenario)) {
      return complain_of_input(path + ": no smaller run was found whose faults a scenario file can say");
    }
    if (!file.write(small_file_text(shrunk, fs::path(path).filename().string(), out))) {
      return complain_of_input(out + ": cannot be written");
    }
    const auto others = write_others(shrunk, out);
    if (json_) {
      fmt::print("{}\n", shrink_json(shrunk, path, out, others));
    } else {
      Page page(stdout);
      print_shrunk(page, shrunk, out, others);
    }
    return kAllHeld;
  }

  std::string other_build() const {
    if (build_.empty() || build_ == build_text()) return {};
    return fmt::format("; it was recorded by {}, and this is {}", build_, build_text());
  }

  // Each failure of another kind as a scenario beside the small one. Answers with their paths.
  static std::vector<std::string> write_others(const Shrunk& shrunk, const std::string& out) {
    std::vector<std::string> paths;
    for (const sim::Shrinker::Other& other : shrunk.others) {
      fs::path path = out;
      const std::string word = sim::target_word(other.failure.target);
      path.replace_filename(path.stem().string() + "." + word + ".yaml");
      std::ofstream file(path, std::ios::binary | std::ios::trunc);
      file << other_file_text(other, path.string());
      file.close();
      paths.push_back(file ? path.string() : std::string());
    }
    return paths;
  }

  SourceRequest request_;
  ShrinkLimits limits_{.jobs = 0};
  std::string out_;
  std::string build_;  // that recorded the run; empty for a scenario
  bool json_ = false;
};

}  // namespace

extern const CommandEntry kShrink;
const CommandEntry kShrink = {"shrink", "Cut a failing run to the smallest one that fails in the same way",
                              "Examples:\n"
                              "  distri-kv shrink out/seed-17.yaml\n"
                              "  distri-kv shrink out/seed-17.yaml -o lost.yaml --time 60s\n"
                              "  distri-kv run lost.yaml\n\n"
                              "Ctrl-C ends the search and keeps the smallest run that was found.\n"
                              "Exit status: 0 the small scenario is written; 2 bad input, or nothing fails.\n",
                              &make_command<Shrink>};

}  // namespace dkv::cli
