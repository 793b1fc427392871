#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "engine/core/result.h"
#include "engine/ports/disk.h"
#include "engine/runtime/disk/descriptor.h"
#include "engine/runtime/disk/file_calls.h"
#include "engine/runtime/disk/folder_lock.h"
#include "engine/runtime/disk/reader_table.h"

namespace dkv {

// The disk port on the files of one folder. Each request is carried out before the call returns.
//
// Threads: one thread at a time carries out the requests of a file that are not reads, and one thread at a time
// carries out creates, removes and lists. Other threads may read meanwhile, but not a file that is being created or
// removed.
//
// After a failed sync nothing is trusted again. The file answers appends and syncs with kFailed from then on (P.
// Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020). After a failed sync of the
// folder, every create and remove is answered with kFailed. Only a new FileDisk recovers.
//
// A process with a limit on the size of files (RLIMIT_FSIZE) has to ignore SIGXFSZ. The append is then answered with
// kFull.
class FileDisk {
 public:
  static constexpr std::size_t kWritersMax = 16;   // descriptors open for appends
  static constexpr std::size_t kReadersMax = 240;  // descriptors open for reads

  // Creates the folder, for its owner only, and its missing parents. Locks it for the lifetime of the FileDisk. The
  // error names the folder.
  static Result<std::unique_ptr<FileDisk>> open(const std::filesystem::path& folder, const FileCalls& calls = {});
  FileDisk(const FileDisk&) = delete;
  FileDisk& operator=(const FileDisk&) = delete;

  DiskDone carry_out(const DiskRequest& request);

  // Answers a read without waiting, when the operating system has its bytes in memory. Returns false and does nothing
  // when it has not or cannot tell: then use carry_out(). Same threads as for any read.
  bool read_cached(const DiskRead& read, DiskDone& done);

  // The size of the prefix of the file that no later append can change; 0 when only the file system could tell. Must
  // not be called while the file is appended to.
  std::uint64_t settled_bytes(FileName file) const;

  // Syncs every file with bytes that no sync has covered. For the end of a life under a policy that leaves such
  // bytes. Same threads as for requests that are not reads. False when a sync failed.
  bool sync_all();

  // The last error in words, for a log; empty when there was none. Any thread.
  std::string last_error() const;

 private:
  // A file that is open for appends, or that has failed.
  struct Writer {
    Descriptor file;
    std::uint64_t end = 0;
    std::uint64_t set_aside_end = 0;  // the end of the space that this process has set aside
    std::uint64_t last_used = 0;
    bool unsynced = false;
    bool failed = false;
  };

  FileDisk(std::filesystem::path folder, Descriptor descriptor, FolderLock lock, const FileCalls& calls);

  void answer(const DiskCreate& create, DiskDone& done);
  void answer(const DiskAppend& append, DiskDone& done);
  void answer(const DiskSync& sync, DiskDone& done);
  void answer(const DiskRead& read, DiskDone& done);
  void answer(const DiskRemove& remove, DiskDone& done);
  void answer(const DiskList& list, DiskDone& done);

  DiskStatus set_aside(int fd, std::uint64_t from, std::uint64_t to);
  DiskStatus write_at_end(FileName name, Writer& writer, std::string_view bytes);
  DiskStatus sync_writer(FileName name, Writer& writer);
  DiskStatus sync_folder();
  // Null, with the reason in why_not, when the file cannot be appended to. The writer stays open while the result is
  // held.
  std::shared_ptr<Writer> writer_of(FileName name, DiskStatus& why_not);
  void close_writers_beyond(std::size_t limit);
  std::shared_ptr<const Descriptor> reader_of(FileName name, DiskStatus& why_not);
  Descriptor open_existing(FileName name, int flags, DiskStatus& why_not);
  // Notes errno with the operation that failed, and returns the matching status.
  DiskStatus failed(const char* what, const std::string& file);

  const std::filesystem::path folder_path_;
  const FolderLock lock_;
  const Descriptor folder_;
  const FileCalls calls_;
  ReaderTable readers_{kReadersMax};
  mutable std::mutex writers_mutex_;  // guards the next two, and every writer that is not in use
  std::map<FileName, std::shared_ptr<Writer>> writers_;
  std::uint64_t uses_ = 0;
  bool folder_failed_ = false;

  mutable std::mutex error_mutex_;
  std::string last_error_;
};

}  // namespace dkv
