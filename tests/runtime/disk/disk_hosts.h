// Hosts for the real disks in the conformance suite.
#pragma once

#include <fstream>
#include <utility>

#include "engine/runtime/disk/file_disk.h"
#include "engine/runtime/disk/threaded_disk.h"
#include "tests/ports/disk_conformance.h"
#include "tests/runtime/disk/temporary_folder.h"

namespace dkv::runtime_tests {

constexpr FileName segment(std::uint64_t number) {
  return {FileKind::kSegment, number};
}

inline std::unique_ptr<FileDisk> open_disk(const std::filesystem::path& folder, const FileCalls& calls = {}) {
  auto disk = FileDisk::open(folder, calls);
  INFO((disk ? std::string() : disk.error().what));
  REQUIRE(disk.has_value());
  return std::move(*disk);
}

class RealDiskHost : public conformance::DiskHost {
 public:
  bool place_foreign(const std::string& name) override { return std::ofstream(folder_.path() / name).put('x').good(); }

 protected:
  TemporaryFolder folder_;
};

class FileDiskHost final : public RealDiskHost {
 public:
  void submit(DiskRequest request) override { done_.push_back(disk_->carry_out(request)); }
  std::vector<DiskDone> run() override { return std::exchange(done_, {}); }
  void restart() override {
    disk_.reset();
    disk_ = open_disk(folder_.path());
  }

 private:
  std::unique_ptr<FileDisk> disk_ = open_disk(folder_.path());
  std::vector<DiskDone> done_;
};

inline std::unique_ptr<ThreadedDisk> start_disk(std::unique_ptr<FileDisk> disk, ThreadedDisk::Options options) {
  auto threaded = ThreadedDisk::start(std::move(disk), options);
  REQUIRE(threaded.has_value());
  return std::move(*threaded);
}

class ThreadedDiskHost final : public RealDiskHost {
 public:
  explicit ThreadedDiskHost(ThreadedDisk::Options options) : options_(options) { restart(); }

  void submit(DiskRequest request) override { disk_->submit(std::move(request)); }
  std::vector<DiskDone> run() override {
    std::vector<DiskDone> all;
    while (disk_->wait(all)) {
    }
    return all;
  }
  void restart() override {
    disk_.reset();
    disk_ = start_disk(open_disk(folder_.path()), options_);
  }

 private:
  ThreadedDisk::Options options_;
  std::unique_ptr<ThreadedDisk> disk_;
};

}  // namespace dkv::runtime_tests
