// bench store: what compression saves, and what a copy of a store costs.
#include <fmt/format.h>

#include <algorithm>

#include "cli/bench_store.h"
#include "cli/bench_store_rig.h"
#include "cli/json_documents.h"
#include "engine/storage/dictionary_trainer.h"

namespace dkv::cli {
namespace {

double saved_percent(ValueCodecs& codecs, const std::vector<std::string>& documents) {
  std::string stored;
  double before = 0, after = 0;
  for (const std::string& document : documents) {
    stored.clear();
    codecs.pack(document, stored);
    before += static_cast<double>(document.size());
    after += static_cast<double>(stored.size());
  }
  return (1 - after / before) * 100;
}

std::vector<std::string> documents_of(std::uint64_t seed, std::size_t bytes, std::uint64_t count) {
  JsonDocuments make(seed);
  std::vector<std::string> documents;
  for (std::uint64_t i = 0; i < count; ++i) documents.push_back(make.next(bytes));
  return documents;
}

}  // namespace

Result<void> measure_compression(StoreBench& bench) {
  constexpr std::uint64_t kDocuments = 500;
  constexpr int kLevel = 1;
  // Short values, too, which a store leaves plain.
  ValueCodecs alone({.compress_over_bytes = 0, .level = kLevel});
  ValueCodecs trained({.compress_over_bytes = 0, .level = kLevel});
  DictionaryTrainer trainer;
  JsonDocuments samples(1);
  for (std::size_t i = 0; !trainer.full(); ++i) trainer.sample(samples.next(std::size_t{128} << (i % 5)));
  const Result<Blob> dictionary = trainer.train();
  if (!dictionary) return tl::unexpected(dictionary.error());
  if (auto added = trained.add_dictionary(1, *dictionary); !added) return added;
  for (std::size_t bytes = 128; bytes <= 16384; bytes *= 2) {
    const auto documents = documents_of(2, bytes, kDocuments);
    Figure figure{fmt::format("json_saved_percent_{}", bytes), fmt::format("JSON of {} bytes: saved", bytes),
                  saved_percent(alone, documents), "%"};
    if (bytes >= 1024) {
      figure.aim = Figure::Aim::kAtLeast;
      figure.target = 55;
    }
    bench.figures.push_back(std::move(figure));
    if (bytes > ValueCodecs::kDictionaryValueBytesMax) continue;
    bench.figures.push_back({fmt::format("json_saved_with_dictionary_percent_{}", bytes), "  with a dictionary",
                             saved_percent(trained, documents), "%"});
  }
  return {};
}

Result<void> measure_copy(StoreBench& bench) {
  constexpr std::uint64_t kNodes = 5;
  // Five nodes, 100,000 keys, three replicas of each.
  const std::uint64_t keys = std::min<std::uint64_t>(bench.keys, 60'000);
  StoreOptions options;
  options.sync = SyncPolicy::kNever;
  auto opened = BenchStore::open(bench.folder / "copy", options, BenchStore::Drive::kDirect);
  if (!opened) return tl::unexpected(opened.error());
  if (auto filled = (*opened)->fill(0, keys, 1); !filled) return filled;
  std::vector<double> times;
  for (std::uint32_t i = 0; i < bench.repetitions; ++i) {
    std::vector<LogStore> copies;
    copies.reserve(kNodes);
    const double begin = wall_seconds();
    for (std::uint64_t node = 0; node < kNodes; ++node) copies.push_back((*opened)->store());
    times.push_back((wall_seconds() - begin) * 1e3);
  }
  bench.figures.push_back({"copy_ms", fmt::format("copies of 5 stores of {} keys, caches full", keys), median(times),
                           "ms", Figure::Aim::kAtMost, 100});
  return {};
}

}  // namespace dkv::cli
