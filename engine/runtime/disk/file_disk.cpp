#include "engine/runtime/disk/file_disk.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <system_error>
#include <utility>

#include "engine/core/assert.h"
#include "engine/runtime/disk/file_names.h"

namespace dkv {
namespace {

constexpr std::uint64_t kOffsetMax = std::numeric_limits<off_t>::max();

bool is_full(int error) {
  return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

off_t to_offset(std::uint64_t bytes) {
  return static_cast<off_t>(std::min(bytes, kOffsetMax));
}

std::string error_text(int error) {
  return std::generic_category().message(error);
}

// Creates every missing folder on the path and makes its directory entry durable.
Result<void> make_folder(const std::filesystem::path& folder) {
  struct ::stat found = {};
  if (::stat(folder.c_str(), &found) == 0) {
    if (!S_ISDIR(found.st_mode)) return fail(folder.string() + " is not a folder");
    return {};
  }
  if (errno != ENOENT) return fail("cannot read the folder " + folder.string() + ": " + error_text(errno));
  const auto parent = folder.parent_path();
  if (auto made = make_folder(parent); !made) return made;
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    return fail("cannot make the folder " + folder.string() + ": " + error_text(errno));
  const Descriptor above(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!above || ::fsync(above.get()) != 0)
    return fail("cannot sync the folder " + parent.string() + ": " + error_text(errno));
  return {};
}

}  // namespace

Result<std::unique_ptr<FileDisk>> FileDisk::open(const std::filesystem::path& folder, const FileCalls& calls) {
  std::error_code error;
  auto path = std::filesystem::absolute(folder, error).lexically_normal();
  if (error || folder.empty()) return fail("'" + folder.string() + "' is not the name of a folder");
  if (!path.has_filename()) path = path.parent_path();  // drops a trailing slash
  if (auto made = make_folder(path); !made) return tl::unexpected(made.error());
  auto lock = FolderLock::take(path);
  if (!lock) return tl::unexpected(lock.error());
  Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor) return fail("cannot open the folder " + path.string() + ": " + error_text(errno));
  return std::unique_ptr<FileDisk>(new FileDisk(std::move(path), std::move(descriptor), std::move(*lock), calls));
}

FileDisk::FileDisk(std::filesystem::path folder, Descriptor descriptor, FolderLock lock, const FileCalls& calls)
    : folder_path_(std::move(folder)), lock_(std::move(lock)), folder_(std::move(descriptor)), calls_(calls) {}

DiskDone FileDisk::carry_out(const DiskRequest& request) {
  DiskDone done;
  done.ticket = request.ticket;
  std::visit([&](const auto& what) { answer(what, done); }, request.what);
  return done;
}

bool FileDisk::read_cached(const DiskRead& read, DiskDone& done) {
  const auto file = readers_.find(read.file);
  if (!file || read.bytes == 0 || read.bytes > kDiskReadBytesMax || read.offset > kOffsetMax - read.bytes) return false;
  ssize_t size = 0;
  Blob bytes = Blob::make(
      read.bytes, [&](char* out) { size = calls_.read_cached(file->get(), out, read.bytes, to_offset(read.offset)); });
  // A short read means that the file ends, or that only these bytes are in memory.
  if (size != static_cast<ssize_t>(read.bytes)) return false;
  done.bytes = std::move(bytes);
  return true;
}

std::uint64_t FileDisk::settled_bytes(FileName file) const {
  const std::lock_guard lock(writers_mutex_);
  const auto found = writers_.find(file);
  return found == writers_.end() ? 0 : found->second->end;
}

std::string FileDisk::last_error() const {
  const std::lock_guard lock(error_mutex_);
  return last_error_;
}

DiskStatus FileDisk::failed(const char* what, const std::string& file) {
  const int error = errno;
  const std::lock_guard lock(error_mutex_);
  last_error_ = std::string(what) + ' ' + (folder_path_ / file).string() + ": " + error_text(error);
  return is_full(error) ? DiskStatus::kFull : DiskStatus::kFailed;
}

void FileDisk::answer(const DiskCreate& create, DiskDone& done) {
  DKV_ASSERT(create.file.number > 0);
  const std::string name = file_text(create.file);
  if (folder_failed_) {
    done.status = DiskStatus::kFailed;
    return;
  }
  Descriptor file(::openat(folder_.get(), name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file) {
    done.status = failed("create", name);
    return;
  }
  done.status = set_aside(file.get(), 0, create.reserve_bytes);
  if (done.status != DiskStatus::kOk) done.status = failed("set space aside for", name);
  if (done.status == DiskStatus::kOk && calls_.sync_all(file.get()) != 0) {
    failed("sync", name);
    done.status = DiskStatus::kFailed;
  }
  if (done.status == DiskStatus::kOk) done.status = sync_folder();
  if (done.status != DiskStatus::kOk) {
    // After a power loss the entry may come back. This does no harm, because it names an empty file.
    if (::unlinkat(folder_.get(), name.c_str(), 0) != 0) failed("remove", name);
    return;
  }
  const auto writer = std::make_shared<Writer>();
  writer->file = std::move(file);
  writer->set_aside_end = create.reserve_bytes;
  const std::lock_guard lock(writers_mutex_);
  close_writers_beyond(kWritersMax - 1);
  writer->last_used = ++uses_;
  writers_[create.file] = writer;
}

void FileDisk::answer(const DiskAppend& append, DiskDone& done) {
  const auto writer = writer_of(append.file, done.status);
  if (!writer) return;
  done.status = write_at_end(append.file, *writer, append.bytes.view());
  if (done.status == DiskStatus::kOk && append.sync) done.status = sync_writer(append.file, *writer);
}

void FileDisk::answer(const DiskSync& sync, DiskDone& done) {
  if (const auto writer = writer_of(sync.file, done.status)) done.status = sync_writer(sync.file, *writer);
}

void FileDisk::answer(const DiskRead& read, DiskDone& done) {
  if (read.bytes > kDiskReadBytesMax) {
    errno = EINVAL;
    done.status = failed("read too much of", file_text(read.file));
    return;
  }
  const auto file = reader_of(read.file, done.status);
  if (!file || read.offset > kOffsetMax - read.bytes) return;  // no file reaches that far
  std::size_t size = 0;
  Blob bytes = Blob::make(read.bytes, [&](char* out) {
    while (size < read.bytes) {
      const ssize_t got = calls_.read_at(file->get(), out + size, read.bytes - size, to_offset(read.offset + size));
      if (got == 0) return;
      if (got > 0) {
        size += static_cast<std::size_t>(got);
      } else if (errno != EINTR) {
        failed("read", file_text(read.file));
        done.status = DiskStatus::kFailed;
        return;
      }
    }
  });
  if (done.status == DiskStatus::kOk) done.bytes = size == read.bytes ? bytes : Blob(bytes.view().substr(0, size));
}

void FileDisk::answer(const DiskRemove& remove, DiskDone& done) {
  const std::string name = file_text(remove.file);
  if (folder_failed_) {
    done.status = DiskStatus::kFailed;
    return;
  }
  if (::unlinkat(folder_.get(), name.c_str(), 0) != 0 && errno != ENOENT) {
    failed("remove", name);
    done.status = DiskStatus::kFailed;
    return;
  }
  readers_.drop(remove.file);
  {
    const std::lock_guard lock(writers_mutex_);
    writers_.erase(remove.file);
  }
  done.status = sync_folder();
}

DiskStatus FileDisk::set_aside(int fd, std::uint64_t from, std::uint64_t to) {
  if (to <= from) return DiskStatus::kOk;
  // The size of the file stays: it tells where the appended bytes end.
  while (calls_.set_aside(fd, FALLOC_FL_KEEP_SIZE, to_offset(from), to_offset(to - from)) != 0) {
    if (errno == EOPNOTSUPP || errno == ENOSYS) return DiskStatus::kOk;
    if (errno != EINTR) return is_full(errno) ? DiskStatus::kFull : DiskStatus::kFailed;
  }
  return DiskStatus::kOk;
}

DiskStatus FileDisk::write_at_end(FileName name, Writer& writer, std::string_view bytes) {
  std::uint64_t at = writer.end;
  while (!bytes.empty()) {
    const ssize_t put = calls_.write_at(writer.file.get(), bytes.data(), bytes.size(), to_offset(at));
    if (put > 0) {
      writer.unsynced = true;
      bytes.remove_prefix(static_cast<std::size_t>(put));
      at += static_cast<std::size_t>(put);
      continue;
    }
    if (put < 0 && errno == EINTR) continue;
    if (put == 0) errno = ENOSPC;  // no byte was written and no reason given
    writer.failed = failed("append to", file_text(name)) != DiskStatus::kFull;
    if (!writer.failed && at > writer.end) {
      if (calls_.truncate(writer.file.get(), to_offset(writer.end)) != 0) {
        failed("truncate", file_text(name));
        writer.failed = true;
      } else {
        set_aside(writer.file.get(), writer.end, writer.set_aside_end);  // the truncation released the space
      }
    }
    return writer.failed ? DiskStatus::kFailed : DiskStatus::kFull;
  }
  writer.end = at;
  return DiskStatus::kOk;
}

bool FileDisk::sync_all() {
  const std::lock_guard lock(writers_mutex_);
  bool good = true;
  for (const auto& [name, writer] : writers_) {
    if (writer->failed || (writer->unsynced && sync_writer(name, *writer) != DiskStatus::kOk)) good = false;
  }
  return good;
}

DiskStatus FileDisk::sync_writer(FileName name, Writer& writer) {
  // An interrupted call is not repeated: it may have reported a failed write, and the kernel reports that only once.
  if (calls_.sync_data(writer.file.get()) == 0) {
    writer.unsynced = false;
    return DiskStatus::kOk;
  }
  failed("sync", file_text(name));
  writer.failed = true;
  return DiskStatus::kFailed;
}

DiskStatus FileDisk::sync_folder() {
  if (calls_.sync_all(folder_.get()) == 0) return DiskStatus::kOk;
  failed("sync", "");
  folder_failed_ = true;
  return DiskStatus::kFailed;
}

}  // namespace dkv
