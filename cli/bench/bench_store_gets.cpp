// bench store: the speed of gets, from memory and from the disk.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <map>

#include "cli/bench/bench_store.h"
#include "cli/bench/bench_store_parts.h"
#include "engine/runtime/disk/file_names.h"

namespace dkv::cli {
namespace {

// Reads the same places as the store did, one after the other.
Result<double> read_bare(const std::filesystem::path& folder, const std::vector<DiskRead>& reads) {
  std::map<FileName, Descriptor> files;
  for (const DiskRead& read : reads) {
    Descriptor& file = files[read.file];
    if (!file) file = Descriptor(::open((folder / file_text(read.file)).c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return fail("cannot open " + file_text(read.file));
  }
  std::vector<char> to(1 << 20);
  const double begin = wall_seconds();
  for (const DiskRead& read : reads) {
    const ssize_t got = ::pread(files[read.file].get(), to.data(), std::min<std::size_t>(read.bytes, to.size()),
                                static_cast<off_t>(read.offset));
    if (got != static_cast<ssize_t>(read.bytes)) return fail("cannot read " + file_text(read.file));
  }
  return wall_seconds() - begin;
}

Result<double> fetch_each(BenchStore& rig, const std::vector<Key>& keys) {
  const double begin = wall_seconds();
  for (const Key& key : keys) {
    const std::uint64_t before = rig.fetched();
    if (rig.store().fetch(key, rig.out()).id == 0) return fail("a value that should be cold is in memory");
    while (rig.fetched() == before && rig.turn()) {
    }
    if (auto fine = rig.check(); !fine) return tl::unexpected(fine.error());
  }
  return wall_seconds() - begin;
}

}  // namespace

Result<void> measure_hot_gets(StoreBench& bench) {
  StoreOptions options;
  options.sync = SyncPolicy::kNever;
  options.cache_bytes = 1u << 30;
  auto opened = BenchStore::open(bench.folder / "hot", options, BenchStore::Drive::kDirect);
  if (!opened) return tl::unexpected(opened.error());
  BenchStore& rig = **opened;
  const std::uint64_t count = std::min<std::uint64_t>(bench.keys, 100'000);
  if (auto filled = rig.fill(0, count, 1); !filled) return filled;
  std::vector<Key> keys;
  for (std::uint64_t i = 0; i < count; ++i) keys.push_back(bench_key(mix64(i) % count));
  std::vector<double> rates;
  for (std::uint32_t i = 0; i < bench.repetitions; ++i) {
    std::uint64_t bytes = 0;
    std::size_t at = 0;
    const double begin = wall_seconds();
    for (std::uint64_t done = 0; done < bench.operations; ++done) {
      bytes += rig.store().fetch(keys[at], rig.out()).object->value_bytes();
      at = at + 1 == keys.size() ? 0 : at + 1;
    }
    const double seconds = wall_seconds() - begin;
    if (bytes != bench.operations * kBenchValueBytes)
      return fail("bench store: a hot value differs from the one that was put");
    rates.push_back(static_cast<double>(bench.operations) / seconds);
  }
  bench.figures.push_back(
      {"hot_gets_per_second", "gets a second, all in the cache", median(rates), "/s", Figure::Aim::kAtLeast, 2e6});
  return {};
}

Result<ColdGets> cold_gets(BenchStore& rig, const std::filesystem::path& folder, const std::vector<Key>& keys,
                           bool drop, std::uint32_t repetitions) {
  std::vector<double> store, bare;
  rig.note_requests(true);
  if (!drop) {
    if (auto warm = fetch_each(rig, keys); !warm) return tl::unexpected(warm.error());
  }
  std::vector<DiskRead> reads;
  for (std::uint32_t i = 0; i < 2 * repetitions; ++i) {
    if (drop) drop_page_cache(folder);
    if (i % 2 == 0) {
      rig.take_reads();
      const auto seconds = fetch_each(rig, keys);
      if (!seconds) return tl::unexpected(seconds.error());
      store.push_back(*seconds);
      reads = rig.take_reads();
    } else {
      const auto seconds = read_bare(folder, reads);
      if (!seconds) return tl::unexpected(seconds.error());
      bare.push_back(*seconds);
    }
  }
  const auto count = static_cast<double>(keys.size());
  return ColdGets{median(store) / count, median(bare) / count};
}

}  // namespace dkv::cli
