#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "engine/core/result.h"

namespace dkv::cli {

// A temporary folder, removed with its contents.
class ScratchFolder {
 public:
  // below: the parent folder; empty: $TMPDIR, or the current folder.
  static Result<ScratchFolder> make(const std::string& below);
  ScratchFolder(ScratchFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  ScratchFolder& operator=(ScratchFolder&&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  explicit ScratchFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace dkv::cli
