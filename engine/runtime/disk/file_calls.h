#pragma once

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

namespace dkv {

inline ssize_t pread_cached(int fd, void* bytes, size_t size, off_t offset) {
  const ::iovec place{bytes, size};
  return ::preadv2(fd, &place, 1, offset, RWF_NOWAIT);
}

// The system calls of a FileDisk that fail on a broken or full disk. A test replaces them to simulate such a disk.
// Each behaves as its manual page says: -1 and errno on failure.
struct FileCalls {
  ssize_t (*write_at)(int fd, const void* bytes, size_t size, off_t offset) = ::pwrite;
  ssize_t (*read_at)(int fd, void* bytes, size_t size, off_t offset) = ::pread;
  // Like read_at, but fails with EAGAIN, or reads less, where it would have to wait for the device.
  ssize_t (*read_cached)(int fd, void* bytes, size_t size, off_t offset) = pread_cached;
  int (*sync_data)(int fd) = ::fdatasync;
  int (*sync_all)(int fd) = ::fsync;  // a new file, and the folder
  int (*truncate)(int fd, off_t size) = ::ftruncate;
  int (*set_aside)(int fd, int mode, off_t offset, off_t size) = ::fallocate;
};

}  // namespace dkv
