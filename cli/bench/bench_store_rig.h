#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/runtime/disk/threaded_disk.h"
#include "engine/storage/storage.h"

namespace dkv::cli {

inline constexpr std::uint64_t kBenchValueBytes = 100;
inline constexpr std::uint32_t kBenchWriters = 64;

Key bench_key(std::uint64_t number);
// One version with a value of kBenchValueBytes that does not compress; counter names the write of the key.
ObjectPtr bench_object(std::uint64_t number, std::uint64_t counter);
// The same with another value.
ObjectPtr bench_object_of(Blob value, std::uint64_t number, std::uint64_t counter);

// A store over real files, driven as a node's host drives it.
class BenchStore {
 public:
  enum class Drive : std::uint8_t {
    kDirect,   // the store's thread carries out the requests itself
    kThreads,  // others do, as under a running node
  };
  // Recovers what the folder holds.
  static Result<std::unique_ptr<BenchStore>> open(const std::filesystem::path& folder, const StoreOptions& options,
                                                  Drive drive);

  Storage& store() noexcept { return *store_; }
  Outbox& out() noexcept { return out_; }
  // Hands requests to the disk and completions to the store; waits for one. False when nothing is under way any more,
  // or all is over.
  bool turn();
  // Until the append is durable.
  Result<void> wait_for(AppendId id);
  // Until the store has nothing more to do: merges and snapshots included.
  Result<void> settle();
  // Puts the object of each number in [begin, end), a thousand at a time, and waits until all is written.
  Result<void> fill(std::uint64_t begin, std::uint64_t end, std::uint64_t counter);
  Result<void> check() const;

  AppendId durable() const noexcept { return durable_; }
  std::uint64_t fetched() const noexcept { return fetched_; }
  const RecoveryReport& report() const noexcept { return report_; }
  double recovery_seconds() const noexcept { return recovery_seconds_; }
  // What was appended to segments and read from them since the last call.
  std::vector<std::uint32_t> take_appended_bytes() { return std::exchange(appended_bytes_, {}); }
  std::vector<DiskRead> take_reads() { return std::exchange(reads_, {}); }
  void note_requests(bool on) noexcept { noting_ = on; }

 private:
  BenchStore() = default;
  void note(const DiskRequest& request);
  void take_events();

  std::unique_ptr<FileDisk> files_;        // kDirect
  std::unique_ptr<ThreadedDisk> threads_;  // kThreads
  std::unique_ptr<Storage> store_;
  Outbox out_;
  std::vector<DiskRequest> carried_;
  std::vector<DiskDone> done_;
  AppendId durable_ = 0;
  std::uint64_t fetched_ = 0;
  bool recovered_ = false;
  RecoveryReport report_;
  double recovery_seconds_ = 0;
  std::string failure_;
  bool noting_ = false;
  std::vector<std::uint32_t> appended_bytes_;
  std::vector<DiskRead> reads_;
};

// A file that is appended to by write() and fdatasync(), and nothing else.
class BareFile {
 public:
  static Result<BareFile> make(const std::filesystem::path& path);
  Result<void> append(std::string_view bytes);
  Result<void> sync();

 private:
  explicit BareFile(Descriptor file) : file_(std::move(file)) {}
  Descriptor file_;
};

// What the operating system holds in memory of the folder's files is written out and dropped.
void drop_page_cache(const std::filesystem::path& folder);
// Of this process.
double resident_bytes();

// Carries out `measure` in a process of its own, so that memory is measured from a clean start. This process has one
// thread.
Result<std::vector<double>> in_child(const std::function<Result<std::vector<double>>()>& measure);

}  // namespace dkv::cli
