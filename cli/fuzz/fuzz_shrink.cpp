#include "cli/fuzz/fuzz_shrink.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/shrink/shrink_run.h"
#include "cli/shrink/small_file.h"
#include "cli/terminal/interrupt.h"
#include "sim/faults/catalogue.h"

namespace dkv::cli {
namespace {

namespace fs = std::filesystem;

constexpr TimeNs kShrinkTimeNs = 60 * kSecond;
// Failures of one kind without a cause that are shrunk, to tell them apart by their faults.
constexpr std::size_t kWithoutCauseMax = 3;

struct Small {
  std::string path, left;
  std::vector<std::string> fault_kinds;
};

std::optional<Small> shrink_seed(const SeedMaker& maker, std::uint64_t seed, const std::string& capsule,
                                 const ShrinkLimits& limits) {
  if (interrupted() || capsule.empty()) return std::nullopt;  // it could not be written, and neither could this
  const auto run = failing_run(maker.make(seed));
  if (!run) return std::nullopt;
  const Shrunk shrunk = shrink(*run, limits);
  Small small{.path = small_path(capsule), .left = what_is_left(shrunk), .fault_kinds = {}};
  std::ofstream file(small.path, std::ios::binary | std::ios::trunc);
  file << small_file_text(shrunk, fs::path(capsule).filename().string(), small.path);
  file.close();
  if (!file) {
    fmt::print(stderr, "{}: cannot be written\n", small.path);
    return std::nullopt;
  }
  for (const sim::Fault& fault : shrunk.scenario.faults) small.fault_kinds.push_back(sim::fault_name(fault.kind));
  std::ranges::sort(small.fault_kinds);
  small.fault_kinds.erase(std::ranges::unique(small.fault_kinds).begin(), small.fault_kinds.end());
  return small;
}

void take_small(Small small, FuzzGroup& group) {
  group.small = std::move(small.path);
  group.left = std::move(small.left);
  group.fault_kinds = std::move(small.fault_kinds);
}

// Without a cause, the kinds of faults that are left tell failures apart. Only the first few are shrunk: the others
// stay with the first group.
std::vector<FuzzGroup> split_by_faults(const SeedMaker& maker, const ShrinkLimits& limits, const FuzzReport& report,
                                       const FuzzGroup& group) {
  std::vector<FuzzGroup> parts{group};
  std::size_t shrunk = 1;
  for (const FuzzFailure& failure : report.failures) {
    const bool its = failure.kind == group.kind && failure.cause.empty() && failure.seed != group.first_seed;
    if (!its || shrunk++ >= kWithoutCauseMax) continue;
    std::optional<Small> small = shrink_seed(maker, failure.seed, failure.capsule, limits);
    if (!small) continue;
    const auto known = std::ranges::find(parts, small->fault_kinds, &FuzzGroup::fault_kinds);
    if (known == parts.begin()) continue;
    if (known == parts.end()) {
      parts.push_back(
          {.kind = group.kind, .cause = {}, .failures = 0, .first_seed = failure.seed, .capsule = failure.capsule});
      take_small(std::move(*small), parts.back());
      ++parts.back().failures;
    } else {
      ++known->failures;
    }
    --parts.front().failures;
  }
  return parts;
}

}  // namespace

void shrink_groups(const SeedMaker& maker, std::uint32_t jobs, FuzzReport& report) {
  std::vector<FuzzGroup> groups;
  for (FuzzGroup& group : report.groups) {
    // A smaller run must not slip from one of several causes to another.
    const auto kin = std::ranges::count(report.groups, group.kind, &FuzzGroup::kind);
    const bool keeps = kin > 1 && group.kind != "aborted";
    const ShrinkLimits limits{.time_ns = kShrinkTimeNs, .jobs = jobs, .cause = keeps ? group.cause : std::string()};
    auto small = shrink_seed(maker, group.first_seed, group.capsule, limits);
    if (small) take_small(std::move(*small), group);
    const bool splits = small && group.cause.empty() && group.failures > 1;
    const auto parts = splits ? split_by_faults(maker, limits, report, group) : std::vector<FuzzGroup>{group};
    groups.insert(groups.end(), parts.begin(), parts.end());
  }
  std::ranges::stable_sort(groups, {}, &FuzzGroup::first_seed);
  report.groups = std::move(groups);
}

}  // namespace dkv::cli
