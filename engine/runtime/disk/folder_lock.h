#pragma once

#include <filesystem>

#include "engine/core/result.h"
#include "engine/runtime/disk/descriptor.h"

namespace dkv {

// Keeps every other process, and every other lock of this one, out of a folder. The kernel holds it (flock(2) on the
// folder's file LOCK), so it ends with the process however that ends; the file stays, with the last holder's process id
// as text. A child that was forked without exec shares the lock and keeps it until it ends too.
class FolderLock {
 public:
  // The folder exists. Never blocks; the error names the folder and the process that holds it.
  static Result<FolderLock> take(const std::filesystem::path& folder);

 private:
  explicit FolderLock(Descriptor file) noexcept : file_(std::move(file)) {}
  Descriptor file_;
};

}  // namespace dkv
