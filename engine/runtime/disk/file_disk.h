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

// The disk port on the files of one folder, each request carried out before the call returns.
//
// Threads: what is not a read of one file is carried out by one thread at a time, and so is all that creates, removes
// and lists. Other threads may carry out reads meanwhile, though not of a file that is being created or removed.
//
// What a failed sync leaves is never trusted again: a file answers appends and syncs with kFailed from then on
// (P. Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020), and after a failed sync of the
// folder every create and remove is answered with kFailed. Only a new FileDisk begins anew.
//
// A process that lives under a limit on the size of files (RLIMIT_FSIZE) has to ignore SIGXFSZ; the append is then
// answered with kFull.
class FileDisk {
 public:
  static constexpr std::size_t kWritersMax = 16;   // descriptors open for appends, and
  static constexpr std::size_t kReadersMax = 240;  // for reads

  // Makes the folder (for its owner only) and those above it when they are missing, and locks it for as long as the
  // FileDisk lives. The error names the folder.
  static Result<std::unique_ptr<FileDisk>> open(const std::filesystem::path& folder, const FileCalls& calls = {});
  FileDisk(const FileDisk&) = delete;
  FileDisk& operator=(const FileDisk&) = delete;

  DiskDone carry_out(const DiskRequest& request);

  // Answers a read whose bytes the operating system has in memory, without waiting for anything. False, and nothing is
  // done, when it has not or cannot tell: carry_out() it is then. Threads as for any read.
  bool read_cached(const DiskRead& read, DiskDone& done);

  // The bytes of the file that no later append can change; 0 when that is not known without asking the file system. Not
  // while the file is appended to.
  std::uint64_t settled_bytes(FileName file) const;

  // Syncs every file that has bytes which no sync has covered; for the end of a life under a policy that leaves such.
  // Threads as for what is not a read. False when a sync failed.
  bool sync_all();

  // What went wrong last, in words for a log; empty when nothing has. Any thread.
  std::string last_error() const;

 private:
  // A file that is open for appends, or one that failed.
  struct Writer {
    Descriptor file;
    std::uint64_t end = 0;
    std::uint64_t set_aside_end = 0;  // as far as this process has set space aside
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
  // Null and the reason when the file cannot be appended to. Stays open while somebody has it.
  std::shared_ptr<Writer> writer_of(FileName name, DiskStatus& why_not);
  void close_writers_beyond(std::size_t limit);
  std::shared_ptr<const Descriptor> reader_of(FileName name, DiskStatus& why_not);
  Descriptor open_existing(FileName name, int flags, DiskStatus& why_not);
  // Remembers errno under the name of what was tried, and says which status it is.
  DiskStatus failed(const char* what, const std::string& file);

  const std::filesystem::path folder_path_;
  const FolderLock lock_;
  const Descriptor folder_;
  const FileCalls calls_;
  ReaderTable readers_{kReadersMax};
  mutable std::mutex writers_mutex_;  // of the next two, and of the writers that nobody uses
  std::map<FileName, std::shared_ptr<Writer>> writers_;
  std::uint64_t uses_ = 0;
  bool folder_failed_ = false;

  mutable std::mutex error_mutex_;
  std::string last_error_;
};

}  // namespace dkv
