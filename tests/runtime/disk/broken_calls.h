// System calls that fail on request.
#pragma once

#include <cerrno>
#include <cstddef>

#include "engine/runtime/disk/file_calls.h"

namespace dkv::runtime_tests {

// The behaviour of the calls from now on; 0 means normal. The calls are plain functions, so there is one such object
// for the whole program. make_calls() resets it.
struct Breakage {
  int write_error = 0, read_error = 0, sync_data_error = 0, sync_all_error = 0, truncate_error = 0, set_aside_error = 0;
  std::size_t write_at_most = 0, read_at_most = 0;  // bytes in one call
  std::size_t writes_before_error = 0;              // number of calls that succeed before write_error
  std::size_t interrupt_every = 0;                  // each call with this index ends with EINTR
  int sync_all_skip = 0;                            // number of calls that succeed before sync_all_error

  // The calls so far.
  std::size_t calls = 0, sync_data_calls = 0, sync_all_calls = 0, truncate_calls = 0, set_aside_calls = 0;
  off_t set_aside_from = -1, set_aside_bytes = -1;
};
inline Breakage breakage;

inline int fails_with(int error) {
  errno = error;
  return -1;
}
inline bool interrupted() {
  ++breakage.calls;
  return breakage.interrupt_every != 0 && breakage.calls % breakage.interrupt_every == 0;
}

inline FileCalls make_calls() {
  breakage = Breakage();
  FileCalls calls;
  calls.write_at = [](int fd, const void* bytes, size_t size, off_t offset) -> ssize_t {
    if (interrupted()) return fails_with(EINTR);
    if (breakage.write_error != 0) {
      if (breakage.writes_before_error == 0) return fails_with(breakage.write_error);
      --breakage.writes_before_error;
    }
    if (breakage.write_at_most != 0 && size > breakage.write_at_most) size = breakage.write_at_most;
    return ::pwrite(fd, bytes, size, offset);
  };
  calls.read_at = [](int fd, void* bytes, size_t size, off_t offset) -> ssize_t {
    if (interrupted()) return fails_with(EINTR);
    if (breakage.read_error != 0) return fails_with(breakage.read_error);
    if (breakage.read_at_most != 0 && size > breakage.read_at_most) size = breakage.read_at_most;
    return ::pread(fd, bytes, size, offset);
  };
  calls.read_cached = [](int, void*, size_t, off_t) -> ssize_t { return fails_with(EAGAIN); };
  calls.sync_data = [](int fd) {
    ++breakage.sync_data_calls;
    return breakage.sync_data_error != 0 ? fails_with(breakage.sync_data_error) : ::fdatasync(fd);
  };
  calls.sync_all = [](int fd) {
    ++breakage.sync_all_calls;
    if (breakage.sync_all_error != 0 && breakage.sync_all_skip-- <= 0) return fails_with(breakage.sync_all_error);
    return ::fsync(fd);
  };
  calls.truncate = [](int fd, off_t size) {
    ++breakage.truncate_calls;
    return breakage.truncate_error != 0 ? fails_with(breakage.truncate_error) : ::ftruncate(fd, size);
  };
  calls.set_aside = [](int fd, int mode, off_t offset, off_t size) {
    ++breakage.set_aside_calls;
    breakage.set_aside_from = offset;
    breakage.set_aside_bytes = size;
    return breakage.set_aside_error != 0 ? fails_with(breakage.set_aside_error) : ::fallocate(fd, mode, offset, size);
  };
  return calls;
}

}  // namespace dkv::runtime_tests
