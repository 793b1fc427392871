#pragma once

#include <filesystem>

#include "engine/core/result.h"
#include "engine/runtime/disk/descriptor.h"

namespace dkv {

// Locks a folder against every other process, and against other locks of this process. The kernel holds the lock
// (flock(2) on the folder's file LOCK), so it ends with the process in any case. The file stays and holds the process
// id of the last holder as text. A child that was forked without exec shares the lock until it ends, too.
class FolderLock {
 public:
  // The folder must exist. Never blocks. The error names the folder and the process that holds the lock.
  static Result<FolderLock> take(const std::filesystem::path& folder);

 private:
  explicit FolderLock(Descriptor file) noexcept : file_(std::move(file)) {}
  Descriptor file_;
};

}  // namespace dkv
