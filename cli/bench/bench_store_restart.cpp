// bench store: a start from snapshots, the memory of the index, and cold gets after the start.
#include <algorithm>

#include "cli/bench/bench_store.h"
#include "cli/bench/bench_store_parts.h"

namespace dkv::cli {
namespace {

using Numbers = Result<std::vector<double>>;

StoreOptions options_without_cache() {
  StoreOptions options;
  options.sync = SyncPolicy::kNever;
  options.cache_bytes = 0;
  return options;
}

Numbers build(const std::filesystem::path& folder, std::uint64_t keys) {
  auto rig = BenchStore::open(folder, options_without_cache(), BenchStore::Drive::kThreads);
  if (!rig) return tl::unexpected(rig.error());
  if (auto filled = (*rig)->fill(0, keys, 1); !filled) return tl::unexpected(filled.error());
  if (auto settled = (*rig)->settle(); !settled) return tl::unexpected(settled.error());
  return std::vector<double>{};
}

struct Restart {
  double seconds = 0;
  double snapshots = 0;
  double segments = 0;
  double index_bytes = 0;
  double resident_bytes = 0;
};

// Runs in this process, which has no store yet.
Result<Restart> restart(const std::filesystem::path& folder, std::uint64_t keys) {
  const double before = resident_bytes();
  auto opened = BenchStore::open(folder, options_without_cache(), BenchStore::Drive::kThreads);
  if (!opened) return tl::unexpected(opened.error());
  BenchStore& rig = **opened;
  const double after = resident_bytes();
  const StoreStats stats = rig.store().stats();
  if (stats.keys != keys) return fail("bench store: keys are missing after a start");
  // Removes the segment that the start has emptied, so that the next start finds the same folder.
  if (auto settled = rig.settle(); !settled) return tl::unexpected(settled.error());
  return Restart{rig.recovery_seconds(), static_cast<double>(rig.report().snapshots),
                 static_cast<double>(rig.report().segments), static_cast<double>(stats.index_bytes), after - before};
}

Numbers restart_numbers(const std::filesystem::path& folder, std::uint64_t keys) {
  const Result<Restart> found = restart(folder, keys);
  if (!found) return tl::unexpected(found.error());
  return std::vector<double>{found->seconds, found->snapshots, found->segments, found->index_bytes,
                             found->resident_bytes};
}

Numbers cold_numbers(const std::filesystem::path& folder, const StoreBench& bench) {
  auto opened = BenchStore::open(folder, options_without_cache(), BenchStore::Drive::kDirect);
  if (!opened) return tl::unexpected(opened.error());
  BenchStore& rig = **opened;
  if (auto settled = rig.settle(); !settled) return tl::unexpected(settled.error());
  std::vector<double> numbers;
  for (const bool drop : {true, false}) {
    const std::uint64_t count = std::min(std::max<std::uint64_t>(bench.operations / (drop ? 200 : 10), 50), bench.keys);
    std::vector<Key> keys;
    for (std::uint64_t i = 0; i < count; ++i) keys.push_back(bench_key(mix64(i) % bench.keys));
    const Result<ColdGets> found = cold_gets(rig, folder, keys, drop, bench.repetitions);
    if (!found) return tl::unexpected(found.error());
    numbers.push_back(found->store_seconds);
    numbers.push_back(found->bare_seconds);
  }
  return numbers;
}

// The size of an entry's clock in the index, for one write by one actor. One byte each for the vector's two counts,
// its actor and counter, and the dot's actor and counter; then the timestamp.
constexpr double kClockBytes = 6 + 8;

void add_figures(StoreBench& bench, const std::vector<double>& cold_start, const std::vector<double>& warm_start) {
  using Aim = Figure::Aim;
  const auto keys = static_cast<double>(bench.keys);
  const double key_bytes = static_cast<double>(bench_key(0).encoded().size());
  const double own_bytes = key_bytes + kClockBytes;
  auto& to = bench.figures;
  to.push_back({"restart_seconds", "seconds to start, with a cold page cache", cold_start[0], "s", Aim::kAtMost, 5});
  to.push_back({"restart_cached_seconds", "  with a warm page cache", warm_start[0], "s", Aim::kAtMost, 5});
  to.push_back({"restart_segments", "  segments", cold_start[2], ""});
  to.push_back({"restart_snapshots", "  of them read from snapshots", cold_start[1], ""});
  to.push_back({"index_bytes_per_key", "index bytes for each key without key and clock, estimated",
                cold_start[3] / keys - own_bytes, "B", Aim::kAtMost, 64});
  to.push_back({"resident_bytes_per_key", "  measured by the resident memory", cold_start[4] / keys - own_bytes, "B",
                Aim::kAtMost, 64});
}

}  // namespace

Result<void> measure_restart(StoreBench& bench) {
  const std::filesystem::path folder = bench.folder / "restart";
  if (auto built = in_child([&] { return build(folder, bench.keys); }); !built) return tl::unexpected(built.error());
  drop_page_cache(folder);
  const auto cold_start = in_child([&] { return restart_numbers(folder, bench.keys); });
  if (!cold_start) return tl::unexpected(cold_start.error());
  const auto warm_start = in_child([&] { return restart_numbers(folder, bench.keys); });
  if (!warm_start) return tl::unexpected(warm_start.error());
  add_figures(bench, *cold_start, *warm_start);
  const auto gets = in_child([&] { return cold_numbers(folder, bench); });
  if (!gets) return tl::unexpected(gets.error());
  const auto& [disk, bare_disk, cached, bare_cached] =
      std::array<double, 4>{(*gets)[0], (*gets)[1], (*gets)[2], (*gets)[3]};
  using Aim = Figure::Aim;
  auto& to = bench.figures;
  to.push_back({"cold_gets_per_second", "gets a second from the device, one at a time", 1 / disk, "/s"});
  to.push_back({"cold_gets_to_pread", "  their time, relative to a pread", disk / bare_disk, "x", Aim::kAtMost, 1.3});
  to.push_back({"page_cache_gets_per_second", "gets a second from the page cache", 1 / cached, "/s"});
  to.push_back({"page_cache_gets_to_pread", "  their time, relative to a pread", cached / bare_cached, "x"});
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  return {};
}

}  // namespace dkv::cli
