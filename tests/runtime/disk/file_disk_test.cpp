#include "engine/runtime/disk/file_disk.h"

#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "tests/catch.h"
#include "tests/runtime/disk/disk_hosts.h"

using namespace dkv;
using namespace dkv::runtime_tests;
namespace fs = std::filesystem;

namespace {

template <typename What>
DiskDone ask(FileDisk& disk, What what) {
  return disk.carry_out({7, std::move(what)});
}
template <typename What>
void must(FileDisk& disk, What what) {
  REQUIRE(ask(disk, std::move(what)).status == DiskStatus::kOk);
}

std::size_t open_descriptors() {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("a missing folder is made, for its owner only") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "data" / "node";
  open_disk(path / "");
  for (const auto& made : {path, path.parent_path()}) {
    struct ::stat found;
    REQUIRE(::stat(made.c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0700);
  }
}

TEST_CASE("a folder that cannot be had is refused by its name") {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "file") << "x";
  for (const auto& path : {folder.path() / "file", folder.path() / "file" / "below"}) {
    const auto disk = FileDisk::open(path);
    REQUIRE_FALSE(disk.has_value());
    CHECK_THAT(disk.error().what, ContainsSubstring(path.string()));
  }
  CHECK_FALSE(FileDisk::open("").has_value());
}

TEST_CASE("two disks in one folder are refused until the first has gone") {
  const TemporaryFolder folder;
  auto first = open_disk(folder.path());
  const auto second = FileDisk::open(folder.path());
  REQUIRE_FALSE(second.has_value());
  CHECK_THAT(second.error().what, ContainsSubstring("in use by process"));
  first.reset();
  open_disk(folder.path());
}

TEST_CASE("files are named by kind and number, for their owner only") {
  const TemporaryFolder folder;
  const auto disk = open_disk(folder.path());
  must(*disk, DiskCreate{segment(12), 0});
  must(*disk, DiskAppend{segment(12), Blob("bytes"), true});
  must(*disk, DiskCreate{{FileKind::kSnapshot, 12}, 0});
  std::ifstream in(folder.path() / "000000000012.seg");
  CHECK(std::string(std::istreambuf_iterator<char>(in), {}) == "bytes");
  struct ::stat found;
  REQUIRE(::stat((folder.path() / "000000000012.snap").c_str(), &found) == 0);
  CHECK((found.st_mode & 0777) == 0600);
}

TEST_CASE("space is set aside where the file system can") {
  const TemporaryFolder folder;
  const auto disk = open_disk(folder.path());
  must(*disk, DiskCreate{segment(1), 1 << 20});
  struct ::stat found;
  REQUIRE(::stat((folder.path() / "000000000001.seg").c_str(), &found) == 0);
  CHECK(found.st_size == 0);
  if (found.st_blocks == 0) {
    WARN("not checked: this file system sets nothing aside");
    return;
  }
  CHECK(found.st_blocks * 512 >= 1 << 20);
}

TEST_CASE("a link and a folder under a file's name are neither listed nor followed") {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "victim") << "theirs";
  const auto disk = open_disk(folder.path());
  fs::create_symlink(folder.path() / "victim", folder.path() / "000000000001.seg");
  fs::create_directory(folder.path() / "000000000002.seg");
  REQUIRE(::mkfifo((folder.path() / "000000000003.seg").c_str(), 0600) == 0);
  const auto list = ask(*disk, DiskList{});
  CHECK(list.status == DiskStatus::kOk);
  CHECK(list.files.empty());
  for (const std::uint64_t number : {1u, 2u, 3u}) {
    INFO(number);
    CHECK(ask(*disk, DiskRead{segment(number), 0, 10}).status == DiskStatus::kFailed);
    CHECK(ask(*disk, DiskAppend{segment(number), Blob("x"), false}).status == DiskStatus::kFailed);
    CHECK(ask(*disk, DiskCreate{segment(number), 0}).status == DiskStatus::kFailed);
  }
  CHECK(ask(*disk, DiskRemove{segment(2)}).status == DiskStatus::kFailed);
  CHECK(fs::file_size(folder.path() / "victim") == 6);
}

TEST_CASE("more files than descriptors can be written and read") {
  constexpr std::uint64_t kFiles = FileDisk::kReadersMax + 60;
  const TemporaryFolder folder;
  const std::size_t before = open_descriptors();
  {
    const auto disk = open_disk(folder.path());
    for (std::uint64_t i = 1; i <= kFiles; ++i) must(*disk, DiskCreate{segment(i), 0});
    for (int round = 0; round < 2; ++round) {
      for (std::uint64_t i = 1; i <= kFiles; ++i)
        must(*disk, DiskAppend{segment(i), Blob(std::to_string(i) + ';'), false});
      for (std::uint64_t i = 1; i <= kFiles; ++i) {
        std::string expected;
        for (int k = 0; k <= round; ++k) expected += std::to_string(i) + ';';
        REQUIRE(ask(*disk, DiskRead{segment(i), 0, 100}).bytes.view() == expected);
      }
      // Besides those of the tables: the descriptors of the folder and of its lock.
      CHECK(open_descriptors() <= before + FileDisk::kReadersMax + FileDisk::kWritersMax + 2);
    }
    CHECK(ask(*disk, DiskList{}).files.size() == kFiles);
  }
  CHECK(open_descriptors() == before);
}

TEST_CASE("only bytes that appends cannot change are settled") {
  const TemporaryFolder folder;
  auto disk = open_disk(folder.path());
  CHECK(disk->settled_bytes(segment(1)) == 0);
  must(*disk, DiskCreate{segment(1), 100});
  must(*disk, DiskAppend{segment(1), Blob("12345"), false});
  CHECK(disk->settled_bytes(segment(1)) == 5);
  disk.reset();
  disk = open_disk(folder.path());
  CHECK(disk->settled_bytes(segment(1)) == 0);
  must(*disk, DiskAppend{segment(1), Blob("6"), false});
  CHECK(disk->settled_bytes(segment(1)) == 6);
  must(*disk, DiskRemove{segment(1)});
  CHECK(disk->settled_bytes(segment(1)) == 0);
}
