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
// An object with one version, whose value has kBenchValueBytes that do not compress. counter is the number of the
// write.
ObjectPtr bench_object(std::uint64_t number, std::uint64_t counter);
// The same with a given value.
ObjectPtr bench_object_of(Blob value, std::uint64_t number, std::uint64_t counter);

// A store over real files, driven in the same way as by a node's host.
class BenchStore {
 public:
  enum class Drive : std::uint8_t {
    kDirect,   // the thread of the store carries out the requests itself
    kThreads,  // other threads do, as in a running node
  };
  // Opens the store with the contents of the folder.
  static Result<std::unique_ptr<BenchStore>> open(const std::filesystem::path& folder, const StoreOptions& options,
                                                  Drive drive);

  Storage& store() noexcept { return *store_; }
  Outbox& out() noexcept { return out_; }
  // Passes requests to the disk and completions to the store, and waits for at least one. False when nothing is under
  // way or the store has failed.
  bool turn();
  // Waits until the append is durable.
  Result<void> wait_for(AppendId id);
  // Waits until the store has nothing more to do, including merges and snapshots.
  Result<void> settle();
  // Puts the object of each number in [begin, end), a thousand at a time, and waits until all are written.
  Result<void> fill(std::uint64_t begin, std::uint64_t end, std::uint64_t counter);
  Result<void> check() const;

  AppendId durable() const noexcept { return durable_; }
  std::uint64_t fetched() const noexcept { return fetched_; }
  const RecoveryReport& report() const noexcept { return report_; }
  double recovery_seconds() const noexcept { return recovery_seconds_; }
  // The sizes of appends to segments, and the reads from them, since the last call.
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

// A file for bare write() and fdatasync() calls.
class BareFile {
 public:
  static Result<BareFile> make(const std::filesystem::path& path);
  Result<void> append(std::string_view bytes);
  Result<void> sync();

 private:
  explicit BareFile(Descriptor file) : file_(std::move(file)) {}
  Descriptor file_;
};

// Writes out the folder's files and removes them from the memory of the operating system.
void drop_page_cache(const std::filesystem::path& folder);
// The resident memory of this process.
double resident_bytes();

// Runs `measure` in a child process, so that memory is measured from a clean start. This process must have one
// thread.
Result<std::vector<double>> in_child(const std::function<Result<std::vector<double>>()>& measure);

}  // namespace dkv::cli
