#include "engine/runtime/disk/threaded_disk.h"

#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <limits>
#include <optional>
#include <system_error>
#include <utility>

#include "engine/core/assert.h"

namespace dkv {
namespace {

// Empty for a request about the folder.
std::optional<FileName> file_of(const DiskRequest& request) {
  return std::visit(
      [](const auto& what) -> std::optional<FileName> {
        if constexpr (requires { what.file; }) return what.file;
        return std::nullopt;
      },
      request.what);
}

bool syncs(const DiskRequest& request) {
  const auto* append = std::get_if<DiskAppend>(&request.what);
  return append != nullptr ? append->sync : std::holds_alternative<DiskSync>(request.what);
}

std::uint64_t end_of(const DiskRead& read) {
  const std::uint64_t room = std::numeric_limits<std::uint64_t>::max() - read.offset;
  return read.offset + std::min<std::uint64_t>(read.bytes, room);
}

}  // namespace

Result<std::unique_ptr<ThreadedDisk>> ThreadedDisk::start(std::unique_ptr<FileDisk> disk, Options options) {
  DKV_ASSERT(disk && options.readers > 0);
  Descriptor wake;
  if (options.wake_descriptor) {
    wake = Descriptor(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
    if (!wake) return fail("cannot make an event descriptor for the disk: " + std::generic_category().message(errno));
  }
  std::unique_ptr<ThreadedDisk> threaded(new ThreadedDisk(std::move(disk), std::move(wake)));
  if (auto started = threaded->start_threads(options.readers); !started) return tl::unexpected(started.error());
  return threaded;
}

ThreadedDisk::ThreadedDisk(std::unique_ptr<FileDisk> disk, Descriptor wake) noexcept
    : disk_(std::move(disk)), wake_(std::move(wake)) {}

Result<void> ThreadedDisk::start_threads(unsigned readers) {
  threads_.reserve(readers + lanes_.size());
  try {
    for (Lane& lane : lanes_) threads_.emplace_back([this, &lane] { run_writer(lane); });
    for (unsigned i = 0; i < readers; ++i) threads_.emplace_back([this] { run_reader(); });
  } catch (const std::system_error& error) {
    return fail(std::string("cannot start a thread for the disk: ") + error.what());
  }
  return {};
}

ThreadedDisk::~ThreadedDisk() {
  stop();
}

void ThreadedDisk::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_writers();
    reader_wakes_.notify_all();
  }
  const std::lock_guard lock(stop_mutex_);
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

void ThreadedDisk::submit(DiskRequest request) {
  const auto name = file_of(request);
  std::unique_lock lock(mutex_);
  DKV_ASSERT(!stopping_);
  const Sequence sequence = ++last_sequence_;
  ++under_way_;
  if (std::holds_alternative<DiskRead>(request.what)) return submit_read(sequence, std::move(request), lock);
  if (name) files_[*name].writes.push_back(sequence);
  const bool of_log = std::holds_alternative<DiskAppend>(request.what) && name->kind == FileKind::kSegment;
  Lane& lane = lanes_[of_log ? kLog : kOthers];
  lane.writes.push_back({sequence, std::move(request)});
  if (lane.writes.size() == 1) lane.wakes.notify_one();
}

void ThreadedDisk::submit_read(Sequence sequence, DiskRequest request, std::unique_lock<std::mutex>& lock) {
  const auto read = std::get<DiskRead>(request.what);
  File& file = files_[read.file];
  file.reads.push_back({sequence, end_of(read)});
  if (!file.writes.empty()) {
    file.held.push_back({file.writes.back(), {sequence, std::move(request)}});
    return;
  }
  if (read.bytes <= kCachedReadBytesMax) {
    DiskDone done;
    done.ticket = request.ticket;
    lock.unlock();
    const bool answered = disk_->read_cached(read, done);
    lock.lock();
    if (answered) return finish_read(read.file, sequence, std::move(done));
  }
  ready_reads_.push_back({sequence, std::move(request)});
  reader_wakes_.notify_one();
}

LatencyHistogram ThreadedDisk::sync_latency() const {
  const std::lock_guard lock(mutex_);
  return sync_latency_;
}

void ThreadedDisk::poll(std::vector<DiskDone>& out) {
  const std::lock_guard lock(mutex_);
  take(out);
}

bool ThreadedDisk::wait(std::vector<DiskDone>& out) {
  std::unique_lock lock(mutex_);
  caller_wakes_.wait(lock, [&] { return !done_.empty() || under_way_ == 0; });
  const bool some = !done_.empty();
  take(out);
  return some;
}

void ThreadedDisk::take(std::vector<DiskDone>& out) {
  if (done_.empty()) return;
  if (wake_) {
    eventfd_t count = 0;
    ::eventfd_read(wake_.get(), &count);
  }
  out.insert(out.end(), std::make_move_iterator(done_.begin()), std::make_move_iterator(done_.end()));
  done_.clear();
}

void ThreadedDisk::run_writer(Lane& lane) {
  std::unique_lock lock(mutex_);
  for (;;) {
    // A request waits only for earlier requests, so there is no deadlock.
    lane.wakes.wait(lock, [&] {
      return (!lane.writes.empty() && may_begin(lane.writes.front())) || (stopping_ && under_way_ == 0);
    });
    if (lane.writes.empty()) return;
    const Request write = std::move(lane.writes.front());
    lane.writes.pop_front();
    lane.under_way = write.sequence;
    lock.unlock();
    const auto began = std::chrono::steady_clock::now();
    DiskDone done = disk_->carry_out(write.request);
    const auto took = std::chrono::steady_clock::now() - began;
    lock.lock();
    if (syncs(write.request)) sync_latency_.add(took / std::chrono::nanoseconds(1));
    lane.under_way = 0;
    finish_write(write, std::move(done));
  }
}

// Wakes the writers that have a request to carry out or have to end.
void ThreadedDisk::wake_writers() {
  for (Lane& lane : lanes_) {
    if (!lane.writes.empty() || stopping_) lane.wakes.notify_one();
  }
}

void ThreadedDisk::run_reader() {
  std::unique_lock lock(mutex_);
  for (;;) {
    reader_wakes_.wait(lock, [&] { return !ready_reads_.empty() || (stopping_ && under_way_ == 0); });
    if (ready_reads_.empty()) return;
    const Request read = std::move(ready_reads_.front());
    ready_reads_.pop_front();
    lock.unlock();
    DiskDone done = disk_->carry_out(read.request);
    lock.lock();
    finish_read(std::get<DiskRead>(read.request.what).file, read.sequence, std::move(done));
  }
}

// `write` is at the front of a lane.
bool ThreadedDisk::may_begin(const Request& write) const {
  const auto name = file_of(write.request);
  if (!name) {
    const auto before = [&](Sequence other) { return other != 0 && other < write.sequence; };
    return std::ranges::none_of(lanes_, [&](const Lane& lane) {
      return before(lane.under_way) || (!lane.writes.empty() && before(lane.writes.front().sequence));
    });
  }
  const auto file = files_.find(*name);
  DKV_ASSERT(file != files_.end());
  if (file->second.writes.front() != write.sequence) return false;
  if (std::holds_alternative<DiskSync>(write.request.what)) return true;
  const bool append = std::holds_alternative<DiskAppend>(write.request.what);
  const std::uint64_t settled_bytes = append ? disk_->settled_bytes(*name) : 0;
  return std::none_of(file->second.reads.begin(), file->second.reads.end(), [&](const PendingRead& read) {
    return read.sequence < write.sequence && (!append || read.end > settled_bytes);
  });
}

void ThreadedDisk::finish_write(const Request& write, DiskDone done) {
  if (const auto name = file_of(write.request)) {
    const auto place = files_.find(*name);
    File& file = place->second;
    file.writes.pop_front();
    for (; !file.held.empty() && file.held.front().after <= write.sequence; file.held.pop_front()) {
      ready_reads_.push_back(std::move(file.held.front().read));
      reader_wakes_.notify_one();
    }
    const bool gone = std::holds_alternative<DiskRemove>(write.request.what) || done.status != DiskStatus::kOk;
    if (gone) forget_if_idle(place);
  }
  wake_writers();
  finish(std::move(done));
}

void ThreadedDisk::finish_read(FileName name, Sequence sequence, DiskDone done) {
  const auto place = files_.find(name);
  auto& reads = place->second.reads;
  reads.erase(std::find_if(reads.begin(), reads.end(),
                           [&](const PendingRead& pending) { return pending.sequence == sequence; }));
  if (done.status != DiskStatus::kOk) forget_if_idle(place);
  wake_writers();
  finish(std::move(done));
}

void ThreadedDisk::finish(DiskDone done) {
  if (wake_ && done_.empty()) ::eventfd_write(wake_.get(), 1);
  done_.push_back(std::move(done));
  if (--under_way_ == 0 && stopping_) {
    wake_writers();
    reader_wakes_.notify_all();
  }
  caller_wakes_.notify_all();
}

void ThreadedDisk::forget_if_idle(std::map<FileName, File>::iterator file) {
  if (file->second.writes.empty() && file->second.reads.empty()) files_.erase(file);
}

}  // namespace dkv
