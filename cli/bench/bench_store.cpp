// bench store: the storage engine on a real disk, beside the plainest programs that do the same.
#include "cli/bench/bench_store.h"

#include <fmt/format.h>

#include <array>

#include "cli/bench/scratch_folder.h"
#include "cli/commands.h"
#include "cli/terminal/build_info.h"
#include "cli/terminal/exit_status.h"
#include "cli/terminal/json.h"
#include "cli/terminal/page.h"
#include "cli/terminal/text.h"

namespace dkv::cli {
namespace {

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

// The restart first: its processes begin with the memory of this one.
constexpr std::array<std::string_view, 7> kParts = {"restart",  "synced_puts", "merge",      "unsynced_puts",
                                                    "hot_gets", "copy",        "compression"};
constexpr std::array kMeasures = {measure_restart,  measure_synced_puts, measure_merge,      measure_unsynced_puts,
                                  measure_hot_gets, measure_copy,        measure_compression};
static_assert(kParts.size() == kMeasures.size());

}  // namespace

std::span<const std::string_view> store_bench_parts() noexcept {
  return kParts;
}

int bench_store_command(const StoreBenchArguments& arguments) {
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

}  // namespace dkv::cli
