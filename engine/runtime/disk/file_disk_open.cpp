// Open files of a FileDisk, and the list of all files.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "engine/runtime/disk/file_disk.h"
#include "engine/runtime/disk/file_names.h"

namespace dkv {
namespace {

struct CloseFolder {
  void operator()(DIR* folder) const noexcept { ::closedir(folder); }
};

}  // namespace

Descriptor FileDisk::open_existing(FileName name, int flags, DiskStatus& why_not) {
  const std::string text = file_text(name);
  // Follows no symbolic link, and does not wait for the other end of a pipe.
  Descriptor file(::openat(folder_.get(), text.c_str(), flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file) {
    why_not = errno == ENOENT ? DiskStatus::kMissing : DiskStatus::kFailed;
    if (errno != ENOENT) failed("open", text);
  }
  return file;
}

std::shared_ptr<FileDisk::Writer> FileDisk::writer_of(FileName name, DiskStatus& why_not) {
  const std::lock_guard lock(writers_mutex_);
  auto found = writers_.find(name);
  if (found == writers_.end()) {
    close_writers_beyond(kWritersMax - 1);
    auto writer = std::make_shared<Writer>();
    writer->file = open_existing(name, O_RDWR, why_not);
    if (!writer->file) return nullptr;
    struct ::stat now = {};
    if (::fstat(writer->file.get(), &now) != 0) {
      failed("look at", file_text(name));
      why_not = DiskStatus::kFailed;
      return nullptr;
    }
    writer->end = static_cast<std::uint64_t>(now.st_size);
    found = writers_.emplace(name, std::move(writer)).first;
  }
  if (found->second->failed) {
    why_not = DiskStatus::kFailed;
    return nullptr;
  }
  found->second->last_used = ++uses_;
  return found->second;
}

// Called with the lock of the writers held.
void FileDisk::close_writers_beyond(std::size_t limit) {
  for (;;) {
    auto oldest = writers_.end();
    std::size_t open = 0;
    for (auto at = writers_.begin(); at != writers_.end(); ++at) {
      if (at->second.use_count() > 1) {  // in use by the other thread
        ++open;
        continue;
      }
      if (at->second->failed) at->second->file.close();  // the entry stays, to remember that the file failed
      if (!at->second->file) continue;
      ++open;
      if (oldest == writers_.end() || at->second->last_used < oldest->second->last_used) oldest = at;
    }
    if (open <= limit || oldest == writers_.end()) return;
    // The kernel reports a failed write to descriptors that are open when it happens. A descriptor that is opened
    // later may never learn of it, so the file is synced before it is closed.
    const bool clean = !oldest->second->unsynced || sync_writer(oldest->first, *oldest->second) == DiskStatus::kOk;
    if (clean) writers_.erase(oldest);
  }
}

std::shared_ptr<const Descriptor> FileDisk::reader_of(FileName name, DiskStatus& why_not) {
  auto file = readers_.find(name);
  if (file) return file;
  Descriptor opened = open_existing(name, O_RDONLY, why_not);
  if (!opened) return nullptr;
  file = std::make_shared<const Descriptor>(std::move(opened));
  readers_.add(name, file);
  return file;
}

void FileDisk::answer(const DiskList&, DiskDone& done) {
  done.status = DiskStatus::kFailed;
  Descriptor again(::openat(folder_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const std::unique_ptr<DIR, CloseFolder> folder(again ? ::fdopendir(again.get()) : nullptr);
  if (!folder) {
    failed("list", "");
    return;
  }
  static_cast<void>(again.release());  // closed by the stream
  for (;;) {
    errno = 0;
    const dirent* const entry = ::readdir(folder.get());  // NOLINT(concurrency-mt-unsafe): the stream is our own
    if (!entry) break;
    const auto name = parse_file_name(entry->d_name);
    if (!name) continue;
    struct ::stat now = {};
    if (::fstatat(folder_.get(), entry->d_name, &now, AT_SYMLINK_NOFOLLOW) != 0) {
      failed("look at", entry->d_name);
      return;
    }
    if (S_ISREG(now.st_mode)) done.files.push_back({*name, static_cast<std::uint64_t>(now.st_size)});
  }
  if (errno != 0) {
    failed("list", "");
    return;
  }
  std::sort(done.files.begin(), done.files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  done.status = DiskStatus::kOk;
}

}  // namespace dkv
