// A FileDisk on a file system that has no room, and under a limit on the size of files.
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "engine/runtime/disk/file_disk.h"
#include "tests/catch.h"
#include "tests/runtime/disk/child.h"
#include "tests/runtime/disk/disk_hosts.h"
#include "tests/runtime/disk/temporary_folder.h"

using namespace dkv;
using namespace dkv::runtime_tests;

namespace {

// Checks in a child process: it only sends the expectations that do not hold.
template <typename Say>
struct Expectations {
  Say say;
  FileDisk& disk;

  void that(bool holds, const std::string& what) {
    if (!holds) say(what + " (" + disk.last_error() + ")\n");
  }
  template <typename What>
  void status(What request, DiskStatus expected, const std::string& what) {
    const DiskStatus status = disk.carry_out({1, std::move(request)}).status;
    that(status == expected, what + ": " + disk_status_name(status));
  }
};

// Mounts a tmpfs over the folder that only this process sees. Returns "" or the reason of the failure.
std::string mount_small_disk(const std::filesystem::path& folder) {
  const auto uid = ::geteuid();
  const auto gid = ::getegid();
  if (::unshare(CLONE_NEWNS) != 0) {
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return std::string("unshare: ") + std::strerror(errno);
    std::ofstream("/proc/self/setgroups") << "deny";
    std::ofstream("/proc/self/uid_map") << "0 " << uid << " 1";
    std::ofstream("/proc/self/gid_map") << "0 " << gid << " 1";
  }
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=1m") != 0)
    return std::string("mount: ") + std::strerror(errno);
  return {};
}

// Fills a disk of 1 MiB with segments 1 and 2. 256 KiB are set aside for the first.
template <typename Say>
void fill(FileDisk& disk, Say say) {
  Expectations<Say> expect{say, disk};
  const Blob block(std::string(16384, 'b'));
  expect.status(DiskCreate{segment(1), 256 << 10}, DiskStatus::kOk, "create the first");
  expect.status(DiskCreate{segment(2), 0}, DiskStatus::kOk, "create the second");
  expect.status(DiskCreate{segment(3), 1 << 20}, DiskStatus::kFull, "set too much aside");
  std::uint64_t blocks = 0;
  DiskStatus status = DiskStatus::kOk;
  while (blocks < 64 && status == DiskStatus::kOk) {
    status = disk.carry_out({1, DiskAppend{segment(2), block, true}}).status;
    if (status == DiskStatus::kOk) ++blocks;
  }
  expect.that(status == DiskStatus::kFull, "the disk never got full");
  expect.that(blocks >= 32 && blocks <= 48, std::to_string(blocks) + " blocks beside those set aside");
  const auto read = disk.carry_out({1, DiskRead{segment(2), 0, 1 << 20}}).bytes;
  expect.that(read == Blob(std::string(blocks * block.size(), 'b')), "what was appended reads back, and no more");
  for (int i = 0; i < 16; ++i)
    expect.status(DiskAppend{segment(1), block, true}, DiskStatus::kOk, "append within what was set aside");
  expect.status(DiskAppend{segment(1), block, true}, DiskStatus::kFull, "append beyond it");
  const auto files = disk.carry_out({1, DiskList{}}).files;
  expect.that(files.size() == 2 && files[0].bytes == 256 << 10, "the full list");
  expect.status(DiskRemove{segment(2)}, DiskStatus::kOk, "remove on a full disk");
  expect.status(DiskAppend{segment(1), block, true}, DiskStatus::kOk, "append when there is room again");
  expect.status(DiskCreate{segment(4), 256 << 10}, DiskStatus::kOk, "create when there is room again");
}

}  // namespace

TEST_CASE("a full file system refuses writes that do not fit, and serves again when there is room") {
  const TemporaryFolder folder;
  Child child([&](auto say) {
    if (const auto why_not = mount_small_disk(folder.path()); !why_not.empty()) {
      say("skip: " + why_not);
      return;
    }
    auto disk = FileDisk::open(folder.path());
    if (!disk) return say(disk.error().what);
    fill(**disk, say);
  });
  const std::string said = child.rest();
  CHECK(child.wait() == 0);
  if (said.starts_with("skip: ")) {
    WARN("not checked on a small file system: " << said);
    return;
  }
  CHECK(said == "");
}

TEST_CASE("an append beyond the greatest size of a file is refused, and one that fits is taken") {
  const TemporaryFolder folder;
  Child child([&](auto say) {
    const struct ::rlimit limit = {8192, 8192};
    ::signal(SIGXFSZ, SIG_IGN);
    auto disk = FileDisk::open(folder.path());
    if (!disk) return say(disk.error().what);
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return say("no limit to be had");
    Expectations<decltype(say)> expect{say, **disk};
    expect.status(DiskCreate{segment(1), 0}, DiskStatus::kOk, "create");
    expect.status(DiskAppend{segment(1), Blob(std::string(5000, 'a')), true}, DiskStatus::kOk, "append");
    expect.status(DiskAppend{segment(1), Blob(std::string(5000, 'b')), true}, DiskStatus::kFull, "append too much");
    expect.that((*disk)->carry_out({1, DiskList{}}).files.at(0).bytes == 5000, "no part of it stays");
    expect.status(DiskAppend{segment(1), Blob(std::string(3192, 'c')), true}, DiskStatus::kOk, "append what fits");
    const auto read = (*disk)->carry_out({1, DiskRead{segment(1), 0, 10000}}).bytes;
    expect.that(read == Blob(std::string(5000, 'a') + std::string(3192, 'c')), "what was taken reads back");
  });
  CHECK(child.rest() == "");
  CHECK(child.wait() == 0);
}
