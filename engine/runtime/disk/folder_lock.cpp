#include "engine/runtime/disk/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>

namespace dkv {
namespace {

// The digits at the beginning of the file. Empty when the holder has not written them yet.
std::string holder_of(int fd) {
  char text[32];
  const ssize_t size = ::pread(fd, text, sizeof text, 0);
  const std::string_view held(text, static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  return std::string(held.substr(0, held.find_first_not_of("0123456789")));
}

std::string cannot_lock(const std::filesystem::path& folder, int error) {
  return "cannot lock the folder " + folder.string() + ": " + std::generic_category().message(error);
}

}  // namespace

Result<FolderLock> FolderLock::take(const std::filesystem::path& folder) {
  const auto path = folder / "LOCK";
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return fail(cannot_lock(path, errno));
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return fail(cannot_lock(folder, errno));
    const std::string holder = holder_of(file.get());
    return fail("the folder " + folder.string() + " is in use by process " + (holder.empty() ? "?" : holder));
  }
  const std::string text = std::to_string(::getpid()) + "\n";
  // The text only informs a process that is refused. A full disk must not keep a store from starting, because it may
  // be read and reduced.
  if (::ftruncate(file.get(), 0) == 0) static_cast<void>(!::pwrite(file.get(), text.data(), text.size(), 0));
  return FolderLock(std::move(file));
}

}  // namespace dkv
