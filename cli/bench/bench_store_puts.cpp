// bench store: the rate of durable writes, and the rate of writes that need not be durable.
#include <algorithm>

#include "cli/bench/bench_store.h"
#include "cli/bench/bench_store_rig.h"

namespace dkv::cli {
namespace {

constexpr std::uint64_t kKeys = 100'000;

struct PutRound {
  double seconds = 0;
  std::vector<std::uint32_t> writes;  // size of each in bytes
};

// Each writer issues its next put when the last one is acknowledged, so a flush holds one of each.
Result<PutRound> put_synced(const std::filesystem::path& folder, std::uint64_t flushes) {
  auto bench = BenchStore::open(folder, {}, BenchStore::Drive::kDirect);
  if (!bench) return tl::unexpected(bench.error());
  BenchStore& rig = **bench;
  if (auto settled = rig.settle(); !settled) return tl::unexpected(settled.error());
  // Created before the measurement, because real objects come from the network.
  std::vector<std::pair<Key, ObjectPtr>> puts;
  for (std::uint64_t i = 0; i < flushes * kBenchWriters; ++i) {
    puts.emplace_back(bench_key(mix64(i) % kKeys), bench_object(i, i + 1));
  }
  rig.note_requests(true);
  rig.take_appended_bytes();
  const double begin = wall_seconds();
  for (std::uint64_t i = 0; i < puts.size(); i += kBenchWriters) {
    rig.store().put_all({puts.data() + i, kBenchWriters});
    rig.store().end_turn(rig.out());
    if (auto durable = rig.wait_for(rig.store().last_append()); !durable) return tl::unexpected(durable.error());
  }
  return PutRound{wall_seconds() - begin, rig.take_appended_bytes()};
}

Result<double> append_bare(const std::filesystem::path& path, const std::vector<std::uint32_t>& writes) {
  auto file = BareFile::make(path);
  if (!file) return tl::unexpected(file.error());
  const std::string bytes(*std::ranges::max_element(writes), 'x');
  const double begin = wall_seconds();
  for (const std::uint32_t size : writes) {
    if (auto put = file->append(std::string_view(bytes).substr(0, size)); !put) return tl::unexpected(put.error());
    if (auto synced = file->sync(); !synced) return tl::unexpected(synced.error());
  }
  return wall_seconds() - begin;
}

Result<double> put_unsynced(const std::filesystem::path& folder, std::uint64_t puts) {
  constexpr std::uint64_t kBatch = 1000;
  constexpr std::uint64_t kMadeAtOnce = 4 * kBatch;
  StoreOptions options;
  options.sync = SyncPolicy::kNever;
  auto bench = BenchStore::open(folder, options, BenchStore::Drive::kThreads);
  if (!bench) return tl::unexpected(bench.error());
  BenchStore& rig = **bench;
  if (auto settled = rig.settle(); !settled) return tl::unexpected(settled.error());
  std::vector<std::pair<Key, ObjectPtr>> made(kMadeAtOnce);
  double seconds = 0;
  for (std::uint64_t done = 0; done < puts;) {
    for (std::uint64_t i = 0; i < kMadeAtOnce; ++i) {
      made[i] = {bench_key(mix64(done + i) % kKeys), bench_object(done + i, done + i + 1)};
    }
    const double begin = wall_seconds();
    for (std::uint64_t i = 0; i < kMadeAtOnce && done < puts; i += kBatch, done += kBatch) {
      rig.store().put_all({made.data() + i, kBatch});
      rig.store().end_turn(rig.out());
      // The next batch is put while this one is being written.
      const AppendId last = rig.store().last_append();
      if (auto taken = rig.wait_for(last - std::min(last, kBatch)); !taken) return tl::unexpected(taken.error());
    }
    if (auto taken = rig.wait_for(rig.store().last_append()); !taken) return tl::unexpected(taken.error());
    seconds += wall_seconds() - begin;
  }
  return static_cast<double>(puts) / seconds;
}

}  // namespace

Result<void> measure_synced_puts(StoreBench& bench) {
  using Aim = Figure::Aim;
  const std::uint64_t flushes = std::max<std::uint64_t>(bench.operations / (16 * kBenchWriters), 4);
  const double puts = static_cast<double>(flushes * kBenchWriters);
  std::vector<double> store, bare, syncs;
  for (std::uint32_t i = 0; i < bench.repetitions; ++i) {
    const std::string name = std::to_string(i);
    const auto round = put_synced(bench.folder / ("synced-" + name), flushes);
    if (!round) return tl::unexpected(round.error());
    const auto seconds = append_bare(bench.folder / ("bare-" + name), round->writes);
    if (!seconds) return tl::unexpected(seconds.error());
    store.push_back(puts / round->seconds);
    bare.push_back(puts / *seconds);
    syncs.push_back(static_cast<double>(round->writes.size()));
  }
  const double of_store = median(store), of_bare = median(bare), syncs_a_put = median(syncs) / puts;
  auto& to = bench.figures;
  to.push_back({"synced_puts_per_second", "synced puts a second, 64 writers", of_store, "/s"});
  to.push_back({"synced_puts_syncs_per_second", "  syncs a second", of_store * syncs_a_put, "/s"});
  to.push_back({"bare_appends_per_second", "  the same bytes with write and fdatasync", of_bare, "/s"});
  to.push_back({"bare_syncs_per_second", "  syncs a second", of_bare * syncs_a_put, "/s"});
  to.push_back({"synced_puts_of_bare_percent", "  the store's rate in percent of that", of_store / of_bare * 100, "%",
                Aim::kAtLeast, 80});
  return {};
}

Result<void> measure_unsynced_puts(StoreBench& bench) {
  std::vector<double> rates;
  for (std::uint32_t i = 0; i < bench.repetitions; ++i) {
    const auto rate = put_unsynced(bench.folder / ("unsynced-" + std::to_string(i)), bench.operations);
    if (!rate) return tl::unexpected(rate.error());
    rates.push_back(*rate);
    std::error_code ignored;
    std::filesystem::remove_all(bench.folder / ("unsynced-" + std::to_string(i)), ignored);
  }
  bench.figures.push_back({"unsynced_puts_per_second", "puts a second without sync, 1,000 in each write", median(rates),
                           "/s", Figure::Aim::kAtLeast, 1e6});
  return {};
}

}  // namespace dkv::cli
