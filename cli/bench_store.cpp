// bench store: the storage engine on a real disk, beside the plainest programs that do the same.
#include "cli/bench_store.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <array>
#include <cmath>
#include <system_error>

#include "cli/build_info.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/page.h"
#include "cli/result_json.h"
#include "cli/text.h"

namespace dkv::cli {
namespace {

// A folder of its own, removed with everything in it.
class ScratchFolder {
 public:
  static Result<ScratchFolder> make(const std::string& below) {
    const char* temporary = std::getenv("TMPDIR");
    const std::filesystem::path parent = !below.empty() ? below : temporary && *temporary ? temporary : ".";
    std::error_code error;
    std::string name = (std::filesystem::absolute(parent, error) / "distri-kv-bench-XXXXXX").string();
    if (error || !::mkdtemp(name.data())) {
      return fail(
          fmt::format("no folder can be made in {}: {}", parent.string(), std::generic_category().message(errno)));
    }
    return ScratchFolder(name);
  }
  ScratchFolder(ScratchFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  ScratchFolder& operator=(ScratchFolder&&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  explicit ScratchFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

std::string shown_value(const StoreFigure& figure, double value) {
  if (figure.unit == "/s") return rate(value) + "/s";
  const int digits = value < 100 && value != std::floor(value) ? 2 : 0;
  return fmt::format("{:.{}f}{}{}", value, digits, figure.unit.empty() ? "" : " ", figure.unit);
}

void print_table(const StoreBenchArguments& arguments, const StoreBench& bench) {
  Page page(stdout);
  page.line(fmt::format("bench store: values of {} bytes, {} to restart, {} a measurement, medians of {}", 100,
                        counted(arguments.keys, "key"), counted(arguments.events, "operation"), arguments.repetitions),
            Tone::kStrong);
  page.blank();
  for (const StoreFigure& figure : bench.figures) {
    std::string line = fmt::format("  {:<54}{:>12}", figure.what, shown_value(figure, figure.value));
    if (figure.aim != StoreFigure::Aim::kNone) {
      line += fmt::format("   {} {}: {}", figure.aim == StoreFigure::Aim::kAtLeast ? "at least" : "at most",
                          shown_value(figure, figure.target), figure.met() ? "met" : "MISSED");
    }
    page.line(line, figure.met() ? Tone::kPlain : Tone::kBad);
  }
}

void print_json(const StoreBenchArguments& arguments, const StoreBench& bench) {
  nlohmann::ordered_json json = {{"bench", "store"},
                                 {"build", build_text()},
                                 {"keys", arguments.keys},
                                 {"operations", arguments.events},
                                 {"repetitions", arguments.repetitions}};
  auto& figures = json["figures"];
  for (const StoreFigure& figure : bench.figures) {
    nlohmann::ordered_json one = {{"value", json_number(figure.value)}, {"unit", figure.unit}};
    if (figure.aim != StoreFigure::Aim::kNone) {
      one[figure.aim == StoreFigure::Aim::kAtLeast ? "at_least" : "at_most"] = json_number(figure.target);
      one["met"] = figure.met();
    }
    figures[figure.name] = std::move(one);
  }
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
