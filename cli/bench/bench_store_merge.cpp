// bench store: the effect of a merge on writers.
#include <algorithm>

#include "cli/bench/bench_store.h"
#include "cli/bench/bench_store_rig.h"

namespace dkv::cli {
namespace {

constexpr double kTickSeconds = 0.05;

StoreOptions merge_options(std::uint64_t keys, std::uint32_t dead_percent) {
  StoreOptions options;
  // About four segments for the initial records.
  options.segment_bytes = std::clamp<std::uint64_t>(keys * 60, 64u << 10, 64u << 20);
  options.merge_dead_percent = dead_percent;
  return options;
}

// Prepares segments of which more than half is dead.
Result<void> prepare(const std::filesystem::path& folder, std::uint64_t keys) {
  StoreOptions options = merge_options(keys, 100);
  options.sync = SyncPolicy::kNever;
  auto rig = BenchStore::open(folder, options, BenchStore::Drive::kThreads);
  if (!rig) return tl::unexpected(rig.error());
  if (auto filled = (*rig)->fill(0, keys, 1); !filled) return filled;
  for (std::uint64_t number = 0; number < keys; ++number) {
    if (mix64(number) % 10 < 6) (*rig)->store().put({.key = bench_key(number), .object = bench_object(number, 2)});
    if (number % 1000 != 0) continue;
    (*rig)->store().end_turn((*rig)->out());
    if (auto written = (*rig)->wait_for((*rig)->store().last_append()); !written) return written;
  }
  return (*rig)->settle();
}

struct Latencies {
  std::vector<double> seconds;
  std::uint64_t merges = 0;
};

// Each writer puts again as soon as its last put is durable: `puts` times, or (0) until the merges are over.
Result<Latencies> write_on(const std::filesystem::path& folder, std::uint64_t keys, std::uint32_t dead_percent,
                           std::uint64_t puts) {
  auto opened = BenchStore::open(folder, merge_options(keys, dead_percent), BenchStore::Drive::kThreads);
  if (!opened) return tl::unexpected(opened.error());
  BenchStore& rig = **opened;
  if (puts > 0) {
    if (auto settled = rig.settle(); !settled) return tl::unexpected(settled.error());
  }
  struct Writer {
    AppendId id = 0;
    double issued = 0;
  };
  std::vector<Writer> writers(kBenchWriters);
  Latencies found;
  double next_tick = 0;
  std::uint64_t counter = 2;
  while (puts == 0 || found.seconds.size() < puts) {
    const double now = wall_seconds();
    for (Writer& writer : writers) {
      if (writer.id > rig.durable()) continue;
      if (writer.id != 0) found.seconds.push_back(now - writer.issued);
      ++counter;
      writer = {rig.store().put({.key = bench_key(mix64(counter) % keys), .object = bench_object(counter, counter)}),
                now};
    }
    rig.store().end_turn(rig.out());
    if (now >= next_tick) {
      rig.store().tick(static_cast<TimeNs>(now * 1e9), rig.out());
      next_tick = now + kTickSeconds;
      if (puts == 0 && rig.store().stats().merging_segment == 0 && rig.store().stats().merges > 0) break;
    }
    if (!rig.turn()) break;
  }
  if (auto fine = rig.check(); !fine) return tl::unexpected(fine.error());
  found.merges = rig.store().stats().merges;
  return found;
}

}  // namespace

Result<void> measure_merge(StoreBench& bench) {
  const std::uint64_t keys = bench.operations;
  std::vector<double> with, without, middle_with, middle_without;
  std::uint64_t merges = 0;
  for (std::uint32_t i = 0; i < std::min(bench.repetitions, 3u); ++i) {
    const std::filesystem::path folder = bench.folder / "merge";
    if (auto prepared = prepare(folder, keys); !prepared) return prepared;
    const auto quiet = write_on(folder, keys, 100, std::max<std::uint64_t>(bench.operations / 16, 1000));
    if (!quiet) return tl::unexpected(quiet.error());
    const auto merging = write_on(folder, keys, 50, 0);
    if (!merging) return tl::unexpected(merging.error());
    without.push_back(percentile(quiet->seconds, 99) * 1e6);
    middle_without.push_back(percentile(quiet->seconds, 50) * 1e6);
    with.push_back(percentile(merging->seconds, 99) * 1e6);
    middle_with.push_back(percentile(merging->seconds, 50) * 1e6);
    merges += merging->merges;
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  auto& to = bench.figures;
  to.push_back({"put_p50_us", "a synced put, 64 writers: median", median(middle_without), "us"});
  to.push_back({"put_p99_us", "  99th percentile", median(without), "us"});
  to.push_back({"merging_put_p50_us", "  median during a merge", median(middle_with), "us"});
  to.push_back({"merging_put_p99_us", "  99th percentile during a merge", median(with), "us"});
  to.push_back({"merging_put_p99_ratio", "  ratio to the one without a merge", median(with) / median(without), "x",
                Figure::Aim::kAtMost, 3});
  to.push_back({"merges", "  segments merged meanwhile", static_cast<double>(merges), ""});
  return {};
}

}  // namespace dkv::cli
