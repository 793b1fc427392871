#include "cli/fuzz/fuzz_shrink.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "cli/shrink/shrink_run.h"
#include "cli/shrink/small_file.h"
#include "cli/terminal/interrupt.h"
#include "sim/faults/catalogue.h"

namespace dkv::cli {
namespace {

namespace fs = std::filesystem;

constexpr TimeNs kShrinkTimeNs = 60 * kSecond;

}  // namespace

void shrink_groups(const SeedMaker& maker, std::uint32_t jobs, FuzzReport& report) {
  for (FuzzGroup& group : report.groups) {
    if (interrupted()) return;
    if (group.capsule.empty()) continue;  // it could not be written, and neither could this
    const auto run = failing_run(maker.make(group.first_seed));
    if (!run) continue;
    const Shrunk shrunk = shrink(*run, {.time_ns = kShrinkTimeNs, .jobs = jobs});
    const std::string path = small_path(group.capsule);
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << small_file_text(shrunk, fs::path(group.capsule).filename().string(), path);
    file.close();
    if (!file) {
      fmt::print(stderr, "{}: cannot be written\n", path);
      continue;
    }
    group.small = path;
    group.left = what_is_left(shrunk);
    for (const sim::Fault& fault : shrunk.scenario.faults) {
      const std::string kind = sim::fault_name(fault.kind);
      if (std::ranges::find(group.fault_kinds, kind) == group.fault_kinds.end()) group.fault_kinds.push_back(kind);
    }
  }
}

}  // namespace dkv::cli
