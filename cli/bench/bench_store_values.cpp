// bench store: the savings of compression, and the cost of a copy of a store.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cli/bench/bench_store.h"
#include "cli/bench/bench_store_rig.h"
#include "cli/terminal/json_documents.h"

namespace dkv::cli {
namespace {

constexpr std::uint64_t kDocuments = 500;

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

// A store of documents, each under its own key.
class DocumentStore {
 public:
  static Result<DocumentStore> open(const std::filesystem::path& folder, bool dictionaries) {
    StoreOptions options;
    options.sync = SyncPolicy::kNever;
    options.dictionaries = dictionaries;
    auto opened = BenchStore::open(folder, options, BenchStore::Drive::kDirect);
    if (!opened) return tl::unexpected(opened.error());
    return DocumentStore(std::move(*opened));
  }
  // Writes documents of mixed lengths until it packs with a dictionary.
  Result<void> train() {
    JsonDocuments samples(1);
    for (std::size_t i = 0; store_->store().stats().dictionary_saved_bytes == 0; ++i) {
      if (i == 10'000) return fail("the store has trained no dictionary");
      if (auto put = write({samples.next(std::size_t{128} << (i % 5))}); !put) return put;
    }
    return {};
  }
  Result<void> write(const std::vector<std::string>& documents) {
    const double begin = wall_seconds();
    for (const std::string& document : documents) {
      ++keys_;
      store_->store().put({.key = bench_key(keys_), .object = bench_object_of(Blob(document), keys_, 1)});
    }
    put_seconds_ = (wall_seconds() - begin) / static_cast<double>(documents.size());
    store_->store().end_turn(store_->out());
    return store_->wait_for(store_->store().last_append());
  }
  // The percentage that the store saved on these documents.
  Result<double> saved_percent(const std::vector<std::string>& documents) {
    const StoreStats before = store_->store().stats();
    if (auto put = write(documents); !put) return tl::unexpected(put.error());
    const StoreStats after = store_->store().stats();
    return (1 - static_cast<double>(after.stored_bytes - before.stored_bytes) /
                    static_cast<double>(after.values_bytes - before.values_bytes)) *
           100;
  }
  // The mean time for each of the last documents.
  double put_seconds() const noexcept { return put_seconds_; }

 private:
  explicit DocumentStore(std::unique_ptr<BenchStore> store) : store_(std::move(store)) {}
  std::unique_ptr<BenchStore> store_;
  std::uint64_t keys_ = 0;
  double put_seconds_ = 0;
};

// The CPU time of a put, with and without dictionaries.
Result<void> measure_packed_puts(StoreBench& bench, DocumentStore& trained) {
  auto plain = DocumentStore::open(bench.folder / "plain", false);
  if (!plain) return tl::unexpected(plain.error());
  std::vector<double> without, with;
  for (std::uint32_t i = 0; i < bench.repetitions; ++i) {
    const auto documents = documents_of(3 + i, 1024, kDocuments);
    if (auto put = plain->write(documents); !put) return put;
    if (auto put = trained.write(documents); !put) return put;
    without.push_back(plain->put_seconds() * 1e6);
    with.push_back(trained.put_seconds() * 1e6);
  }
  bench.figures.push_back({"json_put_us_1024", "a put of JSON of 1024 bytes", median(without), "us"});
  bench.figures.push_back({"json_put_with_dictionary_us_1024", "  with a dictionary", median(with), "us"});
  return {};
}

}  // namespace

Result<void> measure_compression(StoreBench& bench) {
  // Includes short values, which a store leaves plain.
  ValueCodecs alone({.compress_over_bytes = 0, .level = StoreOptions().compression_level});
  auto trained = DocumentStore::open(bench.folder / "dictionaries", true);
  if (!trained) return tl::unexpected(trained.error());
  if (auto ready = trained->train(); !ready) return ready;
  const auto aim = [](Figure figure) {
    figure.aim = Figure::Aim::kAtLeast;
    figure.target = 55;
    return figure;
  };
  for (std::size_t bytes = 128; bytes <= 16384; bytes *= 2) {
    const auto documents = documents_of(2, bytes, kDocuments);
    const bool helped = bytes <= ValueCodecs::kDictionaryValueBytesMax;
    const Figure figure{fmt::format("json_saved_percent_{}", bytes), fmt::format("JSON of {} bytes: saved", bytes),
                        saved_percent(alone, documents), "%"};
    bench.figures.push_back(bytes > 1024 ? aim(figure) : figure);
    if (!helped) continue;
    const auto saved = trained->saved_percent(documents);
    if (!saved) return tl::unexpected(saved.error());
    const Figure packed{fmt::format("json_saved_with_dictionary_percent_{}", bytes), "  by a store with dictionaries",
                        *saved, "%"};
    bench.figures.push_back(bytes >= 1024 ? aim(packed) : packed);
  }
  return measure_packed_puts(bench, *trained);
}

Result<void> measure_copy(StoreBench& bench) {
  constexpr std::uint64_t kNodes = 5;
  // Five nodes with 100,000 keys and three replicas of each.
  const std::uint64_t keys = std::min<std::uint64_t>(bench.keys, 60'000);
  StoreOptions options;
  options.sync = SyncPolicy::kNever;
  auto opened = BenchStore::open(bench.folder / "copy", options, BenchStore::Drive::kDirect);
  if (!opened) return tl::unexpected(opened.error());
  if (auto filled = (*opened)->fill(0, keys, 1); !filled) return filled;
  std::vector<double> times;
  for (std::uint32_t i = 0; i < bench.repetitions; ++i) {
    std::vector<Storage> copies;
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
