#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/core/result.h"
#include "engine/ports/disk.h"
#include "engine/runtime/disk/descriptor.h"
#include "engine/runtime/disk/file_disk.h"
#include "engine/runtime/latency.h"

namespace dkv {

// A FileDisk whose calls block other threads than the caller's. One thread carries out appends to segments, and one all
// else that is no read, each in the order in which it was asked: the log goes on while the file system makes or removes
// a file, or writes out one that is full. A pool carries out the reads, those of one file beside each other. A small
// read that has nothing to wait for, neither an earlier request nor the device, is completed by submit() itself: to
// hand it to another thread and back takes several times as long.
//
// What was asked of one file is done in that order, whichever thread does it; a list comes after all that was asked
// before it.
//
// A read begins once all that was asked of its file before has been done. What was asked of the file after it waits for
// it only if it could change what the read sees: a create, a remove, or an append to bytes that the read asks for.
//
// Any thread may call anything, except that nothing is submitted once stop() was called.
class ThreadedDisk {
 public:
  static constexpr std::uint32_t kCachedReadBytesMax = 64u << 10;  // of a read that submit() may complete

  struct Options {
    unsigned readers = 2;          // threads, at least 1
    bool wake_descriptor = false;  // see below
  };
  // Fails when the system gives no thread or no descriptor.
  static Result<std::unique_ptr<ThreadedDisk>> start(std::unique_ptr<FileDisk> disk, Options options);
  // As stop(); completions that nobody took are lost.
  ~ThreadedDisk();
  ThreadedDisk(const ThreadedDisk&) = delete;
  ThreadedDisk& operator=(const ThreadedDisk&) = delete;

  void submit(DiskRequest request);

  // Adds what has been completed to `out`, in the order of completion; never blocks.
  void poll(std::vector<DiskDone>& out);
  // As poll, but waits until there is something. False when nothing was submitted that has not been taken already.
  bool wait(std::vector<DiskDone>& out);

  // Readable while poll() would find something; for an event loop to watch, not to read. -1 unless asked for.
  int wake_descriptor() const noexcept { return wake_.get(); }

  // Carries out all that was submitted and ends the threads; what was completed can still be taken.
  void stop();

  // FileDisk::last_error.
  std::string last_error() const { return disk_->last_error(); }
  // Of appends with `sync`, and of syncs.
  LatencyHistogram sync_latency() const;

 private:
  // Numbers everything submitted, from 1.
  using Sequence = std::uint64_t;
  struct Request {
    Sequence sequence = 0;
    DiskRequest request;
  };
  struct PendingRead {
    Sequence sequence = 0;
    std::uint64_t end = 0;  // of the bytes that it asks for
  };
  struct HeldRead {
    Sequence after = 0;  // the last write that it has to see
    Request read;
  };
  // What is pending for one file; forgotten, when that is nothing, once the file is gone.
  struct File {
    std::deque<Sequence> writes;     // not done, ascending
    std::vector<PendingRead> reads;  // held, ready and under way (the last also in submit)
    std::deque<HeldRead> held;
  };
  // What one thread does that is no read.
  struct Lane {
    std::deque<Request> writes;
    Sequence under_way = 0;
    std::condition_variable wakes;
  };
  enum LaneKind : std::uint8_t { kLog, kOthers };

  ThreadedDisk(std::unique_ptr<FileDisk> disk, Descriptor wake) noexcept;
  Result<void> start_threads(unsigned readers);

  void submit_read(Sequence sequence, DiskRequest request, std::unique_lock<std::mutex>& lock);
  void run_writer(Lane& lane);
  void wake_writers();
  void run_reader();
  bool may_begin(const Request& write) const;
  void finish_write(const Request& write, DiskDone done);
  void finish_read(FileName name, Sequence sequence, DiskDone done);
  void finish(DiskDone done);
  void take(std::vector<DiskDone>& out);
  void forget_if_idle(std::map<FileName, File>::iterator file);

  const std::unique_ptr<FileDisk> disk_;
  const Descriptor wake_;

  mutable std::mutex mutex_;  // of all that follows but the threads
  std::condition_variable reader_wakes_, caller_wakes_;
  std::array<Lane, 2> lanes_;
  std::deque<Request> ready_reads_;
  std::map<FileName, File> files_;
  std::vector<DiskDone> done_;
  Sequence last_sequence_ = 0;
  std::size_t under_way_ = 0;  // submitted and not completed
  bool stopping_ = false;
  LatencyHistogram sync_latency_;

  std::mutex stop_mutex_;
  std::vector<std::thread> threads_;
};

}  // namespace dkv
