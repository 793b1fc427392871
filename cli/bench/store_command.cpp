#include <fmt/format.h>

#include <array>

#include "cli/bench/bench_store.h"
#include "cli/bench/scratch_folder.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/terminal/build_info.h"
#include "cli/terminal/exit_status.h"
#include "cli/terminal/json.h"
#include "cli/terminal/page.h"
#include "cli/terminal/text.h"

namespace dkv::cli {
namespace {

struct StoreBenchArguments {
  std::string folder;  // empty: $TMPDIR, or the current folder
  std::string only;    // one of kParts; empty: all
  std::uint64_t keys = 1'000'000;
  std::uint64_t events = 1'000'000;  // number of operations of each fast measurement
  std::uint32_t repetitions = 5;
  bool json = false;
};

void print_table(const StoreBenchArguments& arguments, const StoreBench& bench) {
  Page page(stdout);
  page.line(fmt::format("bench store: values of {} bytes, {} to restart, {} a measurement, medians of {}", 100,
                        counted(arguments.keys, "key"), counted(arguments.events, "operation"), arguments.repetitions),
            Tone::kStrong);
  page.blank();
  print_figures(bench.figures, page);
}

void print_json(const StoreBenchArguments& arguments, const StoreBench& bench) {
  Json json = {{"bench", "store"},
               {"build", build_text()},
               {"keys", arguments.keys},
               {"operations", arguments.events},
               {"repetitions", arguments.repetitions}};
  json["figures"] = figures_json(bench.figures);
  fmt::print("{}\n", json_line(json));
}

// The restart comes first, because its child processes begin with the memory of this one.
constexpr std::array<std::string_view, 7> kParts = {"restart",  "synced_puts", "merge",      "unsynced_puts",
                                                    "hot_gets", "copy",        "compression"};
constexpr std::array kMeasures = {measure_restart,  measure_synced_puts, measure_merge,      measure_unsynced_puts,
                                  measure_hot_gets, measure_copy,        measure_compression};
static_assert(kParts.size() == kMeasures.size());

int measure_store(const StoreBenchArguments& arguments) {
  const Result<ScratchFolder> folder = ScratchFolder::make(arguments.folder);
  if (!folder) {
    fmt::print(stderr, "distri-kv: bench store: {}\n", folder.error().what);
    return kBadInput;
  }
  StoreBench bench{folder->path(), arguments.keys, arguments.events, arguments.repetitions, {}};
  for (std::size_t i = 0; i < kParts.size(); ++i) {
    if (!arguments.only.empty() && arguments.only != kParts[i]) continue;
    if (auto measured = kMeasures[i](bench); !measured) {
      fmt::print(stderr, "distri-kv: {}\n", measured.error().what);
      return kFailed;
    }
  }
  if (arguments.json) {
    print_json(arguments, bench);
  } else {
    print_table(arguments, bench);
  }
  return kAllHeld;
}

class BenchStore final : public Command {
  void declare(Options& options) override {
    options.flag("--json", arguments_.json, "Print the numbers as one JSON object");
    options.whole("--keys", arguments_.keys, "Keys of the store that is restarted (1000000)", std::uint64_t{1},
                  std::uint64_t{100'000'000});
    options.whole("--events", arguments_.events, "Operations of each fast measurement (1000000)", std::uint64_t{10'000},
                  std::uint64_t{1'000'000'000});
    options.whole("--repetitions", arguments_.repetitions, "Of each measurement, interleaved; medians are shown (5)",
                  1u, 99u);
    options.text("--folder", arguments_.folder, "DIR",
                 "Parent of a temporary folder for its files ($TMPDIR, or the current folder)");
    options.word("--only", arguments_.only, kParts, "Measure one part");
  }

  int run() override { return measure_store(arguments_); }

  StoreBenchArguments arguments_;
};

}  // namespace

extern const CommandEntry kBenchStore;
const CommandEntry kBenchStore = {
    "bench store", "Measure the storage engine on this disk, and compare it with bare system calls",
    "Example:\n  distri-kv bench store --only restart --keys 10000000\n", &make_command<BenchStore>};

}  // namespace dkv::cli
