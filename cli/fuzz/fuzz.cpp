#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <thread>

#include "cli/command.h"
#include "cli/fuzz/fuzz_report.h"
#include "cli/fuzz/fuzz_shrink.h"
#include "cli/fuzz/fuzz_why.h"
#include "cli/fuzz/fuzz_work.h"
#include "cli/options.h"
#include "cli/terminal/exit_status.h"
#include "cli/terminal/interrupt.h"
#include "cli/terminal/status_line.h"
#include "cli/terminal/text.h"
#include "engine/input/units.h"

namespace dkv::cli {
namespace {

namespace fs = std::filesystem;

constexpr TimeNs kLookEveryNs = 200 * kMillisecond;
constexpr std::size_t kBarColumns = 24;

struct FuzzArguments {
  std::string scenario;  // empty: from the swarm
  std::uint64_t first_seed = 1;
  std::uint64_t last_seed = 100;  // inclusive
  std::uint32_t jobs = 0;         // 0: the number of processors
  TimeNs time_ns = 0;             // 0: no limit
  bool json = false;
  std::string out = "out";
  std::string faults = "all";  // of kFaultWords
  bool shrink = false;
  std::vector<std::string> overrides;
};

// own: the faults that the scenario names or draws. all: the same, but a scenario that draws none gets random ones of
// all kinds.
constexpr std::string_view kFaultWords[] = {"all", "own"};

// Of this process and of its children that have ended.
double cpu_seconds() {
  double sum = 0;
  for (const auto who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    getrusage(who, &usage);
    for (const timeval& time : {usage.ru_utime, usage.ru_stime}) {
      sum += static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    }
  }
  return sum;
}

// How far the fuzzing has come. seeds 0: their number is unknown.
std::string progress_text(const FuzzReport& report, std::uint64_t seeds, std::uint64_t events, double seconds) {
  std::string bar = grouped(report.runs);
  if (seeds > 0) {
    const auto filled = static_cast<std::size_t>(report.runs * kBarColumns / seeds);
    bar = fmt::format("[{}{}] {}/{}", std::string(filled, '#'), std::string(kBarColumns - filled, '.'), report.runs,
                      seeds);
  }
  const double time = std::max(seconds, 1e-3);
  return fmt::format("{} seeds, {} failed, {} seeds/s, {} events/s", bar, report.failed,
                     rate(static_cast<double>(report.runs) / time), rate(static_cast<double>(events) / time));
}

// Returns the error; empty when the file is written.
std::string write_capsule_file(const fs::path& path, const std::string& text) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  return file ? std::string() : fmt::format("{}: cannot write the capsule", path.string());
}

void take_failure(const SeedOutcome& outcome, const FuzzArguments& arguments, Page& page, FuzzReport& report) {
  const fs::path path = fs::path(arguments.out) / fmt::format("seed-{}.yaml", outcome.seed);
  FuzzFailure failure{.seed = outcome.seed,
                      .capsule = path.string(),
                      .invariant = outcome.invariant,
                      .what = outcome.what,
                      .kind = outcome.kind,
                      .cause = outcome.cause};
  const bool aborted = outcome.invariant == "aborted";
  std::string error = outcome.capsule.empty() ? "its run could not be made, so there is no capsule" : "";
  if (error.empty()) error = write_capsule_file(path, outcome.capsule);
  if (!error.empty()) {
    fmt::print(stderr, "seed {}: {}\n", outcome.seed, error);
    failure.capsule.clear();
  }
  if (!arguments.json) {
    page.paragraph(fmt::format("seed {} {}: {}", outcome.seed, aborted ? "ABORTED" : "FAILED", failure.what), 2,
                   Tone::kBad);
    // Replaying it would end this program as well; shrinking plays it in another process.
    if (error.empty()) page.line(fmt::format("    distri-kv {} {}", aborted ? "shrink" : "replay", path.string()));
    std::fflush(stdout);
  }
  ++report.failed;
  add_to_groups(failure, report);
  report.failures.push_back(std::move(failure));
}

std::uint32_t jobs_of(const FuzzArguments& arguments) {
  return arguments.jobs > 0 ? arguments.jobs : std::max(1u, std::thread::hardware_concurrency());
}

FuzzReport fuzz(const FuzzArguments& arguments, const SeedMaker& maker, Page& page) {
  FuzzReport report;
  report.palette_added = maker.palette_added();
  const bool endless = arguments.last_seed == UINT64_MAX;
  const std::uint64_t seeds = endless ? 0 : arguments.last_seed - arguments.first_seed + 1;
  StatusLine status;
  const auto begin = std::chrono::steady_clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(); };
  const double cpu_before = cpu_seconds();
  FuzzWork work(maker, {.first_seed = arguments.first_seed,
                        .last_seed = arguments.last_seed,
                        .jobs = jobs_of(arguments),
                        .time_ns = arguments.time_ns});
  double drawn_at = 0;
  while (!work.ended()) {
    const auto outcome = work.next(kLookEveryNs);
    if (interrupted() && !report.interrupted) {
      report.interrupted = true;
      work.stop();
    }
    if (outcome) {
      ++report.runs;
      report.events += outcome->events;
      report.sim_seconds += static_cast<double>(outcome->sim_ns) / 1e9;
      report.probes.count(outcome->hits);
      if (!outcome->pass) {
        status.clear();
        take_failure(*outcome, arguments, page, report);
      }
    }
    if (!outcome || elapsed() - drawn_at > 0.1) {
      drawn_at = elapsed();
      status.draw(progress_text(report, seeds, work.events(), drawn_at));
    }
  }
  status.clear();
  report.wall_seconds = elapsed();
  report.cpu_seconds = cpu_seconds() - cpu_before;
  return report;
}

int play_seeds(const FuzzArguments& arguments) {
  std::error_code error;
  if (fs::exists(arguments.out, error) && !fs::is_directory(arguments.out, error)) {
    fmt::print(stderr, "{}: not a folder; capsules are written into a folder (--out DIR)\n", arguments.out);
    return kBadInput;
  }
  std::optional<Source> base;
  if (!arguments.scenario.empty()) {
    auto source = load_source({.scenario_path = arguments.scenario, .overrides = arguments.overrides});
    if (!source) {
      fmt::print(stderr, "{}\n", source.error());
      return kBadInput;
    }
    base = std::move(*source);
  }
  const std::string name = base ? base->scenario->name : std::string();
  const SeedMaker maker(std::move(base), arguments.faults == "own");
  watch_for_interrupt();
  Page page(stdout);
  FuzzReport report = fuzz(arguments, maker, page);
  if (arguments.shrink) shrink_groups(maker, jobs_of(arguments), report);
  explain_groups(maker, report);
  report.scenario = name;
  if (arguments.json) {
    fmt::print("{}\n", fuzz_json(report));
  } else {
    print_report(page, report);
  }
  return report.failed > 0 ? kFailed : kAllHeld;
}

// "A..B" or "A".
std::string read_seeds(const std::string& text, FuzzArguments& fuzz) {
  const std::size_t dots = text.find("..");
  const auto complaint = [&](const UnitError& error) {
    return fmt::format("--seeds {}: {}, {}", text, error.what, error.meant);
  };
  const auto first = parse_whole(text.substr(0, dots));
  if (!first) return complaint(first.error());
  fuzz.first_seed = fuzz.last_seed = *first;
  if (dots == std::string::npos) return {};
  const auto last = parse_whole(text.substr(dots + 2));
  if (!last) return complaint(last.error());
  if (*last < *first) return fmt::format("--seeds {}: the first seed is above the last, write it like 1..100", text);
  fuzz.last_seed = *last;
  return {};
}

class Fuzz final : public Command {
  void declare(Options& options) override {
    options.optional_argument("SCENARIO", arguments_.scenario,
                              "Random faults over this scenario; without it each seed draws its own");
    options.parsed("--seeds", "A..B", "The seeds (1..100; with --time: from 1 until the time is up)",
                   [this](const std::string& text) { return read_seeds(text, arguments_); });
    options.whole("--jobs", arguments_.jobs, "Seeds at the same time (as many as processors)", 1u, 256u);
    options.duration("--time", arguments_.time_ns, "Begin no seed after this time, for example 60s");
    options.word("--faults", arguments_.faults, kFaultWords,
                 "own: the scenario's faults and no others, and its expectations count (all)");
    options.flag("--json", arguments_.json, "Print the outcome as one JSON object");
    options.text("--out", arguments_.out, "DIR", "Folder for the capsules of failing seeds (out)");
    options.flag("--shrink", arguments_.shrink,
                 "Shrink the first failure of each kind and cause, for at most a minute each");
    options.texts("--set", arguments_.overrides, "PATH=VALUE", "Change the scenario, as for run; may be repeated");
  }

  std::string check(const Options& options) override {
    if (arguments_.time_ns > 0 && !options.given("--seeds")) arguments_.last_seed = UINT64_MAX;
    if (!arguments_.scenario.empty()) return {};
    if (!arguments_.overrides.empty()) return "--set needs a SCENARIO to change";
    return options.given("--faults") ? "--faults needs a SCENARIO whose faults are meant" : "";
  }

  int run() override { return play_seeds(arguments_); }

  FuzzArguments arguments_;
};

}  // namespace

extern const CommandEntry kFuzz;
const CommandEntry kFuzz = {"fuzz", "Play many seeds with random faults; a failing one becomes a capsule",
                            "Examples:\n"
                            "  distri-kv fuzz --seeds 1..2000\n"
                            "  distri-kv fuzz scenarios/flapping-node.yaml --time 60s\n"
                            "  distri-kv fuzz scenarios/flapping-node.yaml --faults own --seeds 1..500\n"
                            "  distri-kv fuzz --seeds 1..2000 --shrink\n\n"
                            "Exit status: 0 all seeds held; 1 some failed; 2 bad input.\n",
                            &make_command<Fuzz>};

}  // namespace dkv::cli
