#include "cli/bench/bench_store_rig.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>

#include "cli/bench/figure.h"
#include "engine/core/hash.h"

namespace dkv::cli {
namespace {

constexpr std::uint64_t kFillBatch = 1000;
constexpr std::uint64_t kFillAheadMax = 50'000;
constexpr Actor kWriter{{0x62656e63682d7374ULL, 0x6f7265ULL}, 1};

std::string why() {
  return std::generic_category().message(errno);
}

}  // namespace

Key bench_key(std::uint64_t number) {
  return *Key::make(kDefaultBucket, fmt::format("user:{:08}", number));
}

ObjectPtr bench_object(std::uint64_t number, std::uint64_t counter) {
  static_assert(kBenchValueBytes % 4 == 0);
  return bench_object_of(Blob::make(kBenchValueBytes,
                                    [&](char* out) {
                                      for (std::uint64_t at = 0; at < kBenchValueBytes; at += 4) {
                                        const auto word =
                                            static_cast<std::uint32_t>(mix64(number * kBenchValueBytes + at + counter));
                                        std::memcpy(out + at, &word, sizeof word);
                                      }
                                    }),
                         number, counter);
}

ObjectPtr bench_object_of(Blob value, std::uint64_t number, std::uint64_t counter) {
  const Dot dot{kWriter, counter};
  Sibling sibling{.dot = dot, .hlc = {(1'700'000'000'000 + number) << 16}, .value = std::move(value)};
  return Object::make(VersionVector::from_sorted({&dot, 1}), {&sibling, 1});
}

Result<std::unique_ptr<BenchStore>> BenchStore::open(const std::filesystem::path& folder, const StoreOptions& options,
                                                     Drive drive) {
  auto files = FileDisk::open(folder);
  if (!files) return tl::unexpected(files.error());
  std::unique_ptr<BenchStore> bench(new BenchStore);
  if (drive == Drive::kDirect) {
    bench->files_ = std::move(*files);
  } else {
    auto threads = ThreadedDisk::start(std::move(*files), {});
    if (!threads) return tl::unexpected(threads.error());
    bench->threads_ = std::move(*threads);
  }
  bench->store_ = std::make_unique<Storage>(StorageOptions{options, *storage_backend_of("log")});
  const double begin = wall_seconds();
  bench->store_->start(bench->out());
  while (!bench->recovered_ && bench->turn()) {
  }
  bench->recovery_seconds_ = wall_seconds() - begin;
  if (auto fine = bench->check(); !fine) return tl::unexpected(fine.error());
  return bench;
}

void BenchStore::note(const DiskRequest& request) {
  if (const auto* append = std::get_if<DiskAppend>(&request.what)) {
    if (append->file.kind == FileKind::kSegment) {
      appended_bytes_.push_back(static_cast<std::uint32_t>(append->bytes.size()));
    }
  } else if (const auto* read = std::get_if<DiskRead>(&request.what)) {
    reads_.push_back(*read);
  }
}

bool BenchStore::turn() {
  if (!failure_.empty()) return false;
  carried_.clear();
  std::swap(carried_, out_.disk_requests());
  if (noting_) {
    for (const DiskRequest& request : carried_) note(request);
  }
  done_.clear();
  if (threads_) {
    for (DiskRequest& request : carried_) threads_->submit(std::move(request));
    if (!threads_->wait(done_)) return false;
  } else {
    for (const DiskRequest& request : carried_) done_.push_back(files_->carry_out(request));
    if (done_.empty()) return false;
  }
  for (DiskDone& done : done_) {
    if (done.status == DiskStatus::kFull) failure_ = "the disk is full";
    store_->handle(std::move(done), out());
  }
  take_events();
  return failure_.empty();
}

void BenchStore::take_events() {
  while (const auto event = store_->next_event()) {
    if (const auto* durable = std::get_if<StoreDurable>(&*event)) {
      durable_ = durable->upto;
    } else if (std::holds_alternative<StoreFetched>(*event)) {
      ++fetched_;
    } else if (const auto* recovered = std::get_if<StoreRecovered>(&*event)) {
      recovered_ = true;
      report_ = recovered->report;
    } else if (const auto* failed = std::get_if<StoreFailed>(&*event)) {
      failure_ = failed->what + ": " + (threads_ ? threads_->last_error() : files_->last_error());
    } else {
      failure_ = "a value was damaged";
    }
  }
}

Result<void> BenchStore::check() const {
  if (failure_.empty()) return {};
  return fail("bench store: " + failure_);
}

Result<void> BenchStore::wait_for(AppendId id) {
  while (durable_ < id && turn()) {
  }
  if (durable_ < id && failure_.empty()) return fail("bench store: an append was never answered");
  return check();
}

Result<void> BenchStore::settle() {
  for (;;) {
    store_->end_turn(out());
    store_->tick(static_cast<TimeNs>(wall_seconds() * 1e9), out());
    if (out_.disk_requests().empty() && !turn()) return check();
    while (turn()) {
    }
  }
}

Result<void> BenchStore::fill(std::uint64_t begin, std::uint64_t end, std::uint64_t counter) {
  for (std::uint64_t number = begin; number < end;) {
    const std::uint64_t batch_end = std::min(end, number + kFillBatch);
    for (; number < batch_end; ++number)
      store_->put({.key = bench_key(number), .object = bench_object(number, counter)});
    store_->end_turn(out());
    const AppendId last = store_->last_append();
    if (auto written = wait_for(last - std::min(last, kFillAheadMax)); !written) return written;
  }
  return wait_for(store_->last_append());
}

Result<BareFile> BareFile::make(const std::filesystem::path& path) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file) return fail("cannot make " + path.string() + ": " + why());
  return BareFile(std::move(file));
}

Result<void> BareFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(file_.get(), bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return fail("cannot append to a file: " + why());
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

Result<void> BareFile::sync() {
  if (::fdatasync(file_.get()) != 0) return fail("cannot sync a file: " + why());
  return {};
}

void drop_page_cache(const std::filesystem::path& folder) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    const Descriptor file(::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) continue;
    ::fdatasync(file.get());  // dirty pages cannot be dropped
    ::posix_fadvise(file.get(), 0, 0, POSIX_FADV_DONTNEED);
  }
}

double resident_bytes() {
  ::malloc_trim(0);
  std::ifstream in("/proc/self/statm");
  std::uint64_t all = 0, resident = 0;
  in >> all >> resident;
  return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

Result<std::vector<double>> in_child(const std::function<Result<std::vector<double>>()>& measure) {
  int ends[2];
  if (::pipe(ends) != 0) return fail("no pipe: " + why());
  const Descriptor in(ends[0]);
  Descriptor out(ends[1]);
  const pid_t child = ::fork();
  if (child < 0) return fail("no process: " + why());
  if (child == 0) {
    const Result<std::vector<double>> numbers = measure();
    const std::string text =
        numbers ? std::string(reinterpret_cast<const char*>(numbers->data()), numbers->size() * sizeof(double))
                : numbers.error().what;
    const bool told = ::write(out.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
    ::_exit(told && numbers ? 0 : 1);
  }
  out = Descriptor();
  std::string text;
  char bytes[4096];
  for (ssize_t got; (got = ::read(in.get(), bytes, sizeof bytes)) > 0;)
    text.append(bytes, static_cast<std::size_t>(got));
  int status = 0;
  if (::waitpid(child, &status, 0) != child || !WIFEXITED(status)) return fail("a measuring process has died");
  if (WEXITSTATUS(status) != 0) return fail(text);
  std::vector<double> numbers(text.size() / sizeof(double));
  std::memcpy(numbers.data(), text.data(), numbers.size() * sizeof(double));
  return numbers;
}

}  // namespace dkv::cli
