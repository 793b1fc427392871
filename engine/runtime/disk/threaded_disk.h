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

// Runs a FileDisk on other threads than the caller's. One thread carries out appends to segments. Another carries out
// all other requests that are not reads. So the log goes on while the file system creates or removes a file, or
// writes out a full one. A pool of threads carries out the reads, several of one file at a time. submit() itself
// completes a small read that need not wait for an earlier request or the device: handing it to another thread and
// back would take several times as long.
//
// Requests about one file are carried out in order, on whichever thread. A list comes after all requests before it.
//
// A read begins once all earlier requests about its file are done. A later request about the file waits for the read
// only if it could change the bytes that the read sees: a create, a remove, or an append to bytes that the read asks
// for.
//
// Any thread may call any function, but submit() must not be called after stop().
class ThreadedDisk {
 public:
  static constexpr std::uint32_t kCachedReadBytesMax = 64u << 10;  // the largest read that submit() may complete

  struct Options {
    unsigned readers = 2;          // threads, at least 1
    bool wake_descriptor = false;  // see below
  };
  // Fails when the system has no thread or no descriptor left.
  static Result<std::unique_ptr<ThreadedDisk>> start(std::unique_ptr<FileDisk> disk, Options options);
  // Calls stop(). Completions that nobody took are lost.
  ~ThreadedDisk();
  ThreadedDisk(const ThreadedDisk&) = delete;
  ThreadedDisk& operator=(const ThreadedDisk&) = delete;

  void submit(DiskRequest request);

  // Adds the completed requests to `out`, in the order of completion. Never blocks.
  void poll(std::vector<DiskDone>& out);
  // Like poll(), but waits until there is a completion. False when no request is outstanding and no completion is
  // left.
  bool wait(std::vector<DiskDone>& out);

  // Readable while poll() would find a completion. An event loop watches it and must not read it. -1 unless asked
  // for.
  int wake_descriptor() const noexcept { return wake_.get(); }

  // Carries out all submitted requests and ends the threads. Completions can still be taken.
  void stop();

  // FileDisk::last_error.
  std::string last_error() const { return disk_->last_error(); }
  // The durations of syncs, and of appends with `sync`.
  LatencyHistogram sync_latency() const;

 private:
  // Numbers all submitted requests, from 1.
  using Sequence = std::uint64_t;
  struct Request {
    Sequence sequence = 0;
    DiskRequest request;
  };
  struct PendingRead {
    Sequence sequence = 0;
    std::uint64_t end = 0;  // the end of the bytes that it asks for
  };
  struct HeldRead {
    Sequence after = 0;  // the last write that the read has to see
    Request read;
  };
  // The pending requests of one file. Forgotten when there is none and the file is gone.
  struct File {
    std::deque<Sequence> writes;     // not done, ascending
    std::vector<PendingRead> reads;  // held, ready, or under way (also those within submit())
    std::deque<HeldRead> held;
  };
  // The requests that one thread carries out, except reads.
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

  mutable std::mutex mutex_;  // guards all members below except the threads
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
