// A FileDisk on system calls that fail.
#include "tests/catch.h"
#include "tests/runtime/disk/broken_calls.h"
#include "tests/runtime/disk/disk_hosts.h"

using namespace dkv;
using namespace dkv::runtime_tests;

namespace {

struct FaultyDisk {
  TemporaryFolder folder;
  FileCalls calls = make_calls();
  std::unique_ptr<FileDisk> disk = open_disk(folder.path(), calls);

  template <typename What>
  DiskDone ask(What what) {
    return disk->carry_out({1, std::move(what)});
  }
  DiskStatus create(std::uint64_t number, std::uint64_t reserve_bytes = 0) {
    return ask(DiskCreate{segment(number), reserve_bytes}).status;
  }
  DiskStatus append(std::uint64_t number, const std::string& text, bool sync = false) {
    return ask(DiskAppend{segment(number), Blob(text), sync}).status;
  }
  DiskStatus sync(std::uint64_t number) { return ask(DiskSync{segment(number)}).status; }
  std::string read(std::uint64_t number) { return std::string(ask(DiskRead{segment(number), 0, 1000}).bytes.view()); }
  std::vector<std::uint64_t> listed_bytes() {
    std::vector<std::uint64_t> sizes;
    for (const auto& file : ask(DiskList{}).files) sizes.push_back(file.bytes);
    return sizes;
  }
};

}  // namespace

TEST_CASE("short and interrupted calls are continued") {
  FaultyDisk bench;
  breakage.write_at_most = 3;
  breakage.read_at_most = 4;
  breakage.interrupt_every = 2;
  REQUIRE(bench.create(1) == DiskStatus::kOk);
  CHECK(bench.append(1, "0123456789") == DiskStatus::kOk);
  CHECK(bench.append(1, "abcdefghij", true) == DiskStatus::kOk);
  CHECK(bench.read(1) == "0123456789abcdefghij");
  CHECK(breakage.calls > 14);
  CHECK(bench.disk->last_error().empty());
}

TEST_CASE("after a failed sync nothing is appended to the file or synced, though the disk is well again") {
  const bool by_append = GENERATE(true, false);
  FaultyDisk bench;
  REQUIRE(bench.create(1) == DiskStatus::kOk);
  REQUIRE(bench.create(2) == DiskStatus::kOk);
  REQUIRE(bench.append(1, "durable", true) == DiskStatus::kOk);
  breakage.sync_data_error = GENERATE(EIO, ENOSPC, EINTR);
  if (by_append) {
    CHECK(bench.append(1, " lost", true) == DiskStatus::kFailed);
  } else {
    REQUIRE(bench.append(1, " lost") == DiskStatus::kOk);
    CHECK(bench.sync(1) == DiskStatus::kFailed);
  }
  CHECK_THAT(bench.disk->last_error(),
             ContainsSubstring("sync " + (bench.folder.path() / "000000000001.seg").string()));
  breakage.sync_data_error = 0;
  const std::size_t syncs = breakage.sync_data_calls;
  CHECK(bench.append(1, "x") == DiskStatus::kFailed);
  CHECK(bench.append(1, "") == DiskStatus::kFailed);
  CHECK(bench.append(1, "x", true) == DiskStatus::kFailed);
  CHECK(bench.sync(1) == DiskStatus::kFailed);
  CHECK(breakage.sync_data_calls == syncs);
  CHECK(bench.read(1) == "durable lost");
  CHECK(bench.append(2, "another file", true) == DiskStatus::kOk);
  CHECK(bench.ask(DiskRemove{segment(1)}).status == DiskStatus::kOk);
}

TEST_CASE("a failed file stays failed when many others have been opened since") {
  FaultyDisk bench;
  REQUIRE(bench.create(1) == DiskStatus::kOk);
  breakage.sync_data_error = EIO;
  REQUIRE(bench.append(1, "x", true) == DiskStatus::kFailed);
  breakage.sync_data_error = 0;
  for (std::uint64_t i = 2; i < 2 + 2 * FileDisk::kWritersMax; ++i) REQUIRE(bench.create(i) == DiskStatus::kOk);
  CHECK(bench.append(1, "y") == DiskStatus::kFailed);
  CHECK(bench.sync(1) == DiskStatus::kFailed);
}

TEST_CASE("a file with unsynced bytes is synced before its descriptor is closed, and fails if the sync fails") {
  FaultyDisk bench;
  REQUIRE(bench.create(1) == DiskStatus::kOk);
  REQUIRE(bench.create(2) == DiskStatus::kOk);
  REQUIRE(bench.append(1, "x") == DiskStatus::kOk);
  std::uint64_t next = 3;
  for (; next <= FileDisk::kWritersMax; ++next) REQUIRE(bench.create(next) == DiskStatus::kOk);
  REQUIRE(breakage.sync_data_calls == 0);
  breakage.sync_data_error = EIO;
  // The second file is the least recently used one and has nothing unsynced. The first file comes after it.
  REQUIRE(bench.create(next++) == DiskStatus::kOk);
  CHECK(breakage.sync_data_calls == 0);
  REQUIRE(bench.create(next++) == DiskStatus::kOk);
  CHECK(breakage.sync_data_calls == 1);
  breakage.sync_data_error = 0;
  CHECK(bench.append(1, "y") == DiskStatus::kFailed);
  CHECK(bench.append(2, "y", true) == DiskStatus::kOk);
}

TEST_CASE("a failed write is never built upon") {
  FaultyDisk bench;
  REQUIRE(bench.create(1) == DiskStatus::kOk);
  REQUIRE(bench.append(1, "good", true) == DiskStatus::kOk);
  breakage.write_error = EIO;
  CHECK(bench.append(1, "bad") == DiskStatus::kFailed);
  CHECK_THAT(bench.disk->last_error(), ContainsSubstring("append to"));
  breakage.write_error = 0;
  CHECK(bench.append(1, "more") == DiskStatus::kFailed);
  CHECK(bench.sync(1) == DiskStatus::kFailed);
  CHECK(bench.read(1) == "good");
}

TEST_CASE("a full disk takes nothing of an append, and the next one continues after the last good one") {
  FaultyDisk bench;
  REQUIRE(bench.create(1, 4096) == DiskStatus::kOk);
  REQUIRE(bench.append(1, "good", true) == DiskStatus::kOk);
  breakage.write_at_most = 3;
  breakage.writes_before_error = 2;
  breakage.write_error = GENERATE(ENOSPC, EDQUOT, EFBIG);
  const std::size_t syncs = breakage.sync_data_calls;
  CHECK(bench.append(1, "0123456789", true) == DiskStatus::kFull);
  CHECK(breakage.sync_data_calls == syncs);
  CHECK(bench.listed_bytes() == std::vector<std::uint64_t>{4});
  CHECK(bench.read(1) == "good");
  // The truncation released the space that was set aside behind the end.
  CHECK(breakage.set_aside_calls == 2);
  CHECK(breakage.set_aside_from == 4);
  CHECK(breakage.set_aside_bytes == 4092);
  CHECK(bench.append(1, "x") == DiskStatus::kFull);
  CHECK(breakage.truncate_calls == 1);
  breakage.write_error = 0;
  CHECK(bench.append(1, " again", true) == DiskStatus::kOk);
  CHECK(bench.read(1) == "good again");
}

TEST_CASE("a full disk whose half append cannot be cut off has failed") {
  FaultyDisk bench;
  REQUIRE(bench.create(1) == DiskStatus::kOk);
  breakage.write_at_most = 3;
  breakage.writes_before_error = 1;
  breakage.write_error = ENOSPC;
  breakage.truncate_error = EIO;
  CHECK(bench.append(1, "0123456789") == DiskStatus::kFailed);
  breakage.write_error = breakage.truncate_error = 0;
  CHECK(bench.append(1, "x") == DiskStatus::kFailed);
}

TEST_CASE("a file that finds no room is not created") {
  FaultyDisk bench;
  breakage.set_aside_error = GENERATE(ENOSPC, EDQUOT, EFBIG);
  CHECK(bench.create(1, 4096) == DiskStatus::kFull);
  CHECK(bench.listed_bytes().empty());
  CHECK(bench.append(1, "x") == DiskStatus::kMissing);
  CHECK(bench.sync(1) == DiskStatus::kMissing);
  CHECK_THAT(bench.disk->last_error(), ContainsSubstring("set space aside"));
  breakage.set_aside_error = 0;
  CHECK(bench.create(1, 4096) == DiskStatus::kOk);
}

TEST_CASE("a file system that cannot set space aside still takes files") {
  FaultyDisk bench;
  breakage.set_aside_error = GENERATE(EOPNOTSUPP, ENOSYS);
  CHECK(bench.create(1, 4096) == DiskStatus::kOk);
  CHECK(bench.append(1, "x", true) == DiskStatus::kOk);
  CHECK(breakage.set_aside_calls == 1);
}

TEST_CASE("a broken disk that cannot set space aside creates nothing") {
  FaultyDisk bench;
  breakage.set_aside_error = EIO;
  CHECK(bench.create(1, 4096) == DiskStatus::kFailed);
  CHECK(bench.listed_bytes().empty());
}

TEST_CASE("a file is created only when it and its entry in the folder are durable") {
  FaultyDisk bench;
  REQUIRE(bench.create(1) == DiskStatus::kOk);
  CHECK(breakage.sync_all_calls == 2);
  breakage.sync_all_error = EIO;
  SECTION("the file's sync fails: others can be created") {
    CHECK(bench.create(2) == DiskStatus::kFailed);
    CHECK(breakage.sync_all_calls == 3);
    breakage.sync_all_error = 0;
    CHECK(bench.create(3) == DiskStatus::kOk);
    CHECK(bench.ask(DiskRemove{segment(1)}).status == DiskStatus::kOk);
  }
  SECTION("the folder's sync fails: every later create or remove fails, and the files keep working") {
    breakage.sync_all_skip = 1;
    CHECK(bench.create(2) == DiskStatus::kFailed);
    CHECK(breakage.sync_all_calls == 4);
    breakage.sync_all_error = 0;
    CHECK(bench.create(3) == DiskStatus::kFailed);
    CHECK(bench.ask(DiskRemove{segment(1)}).status == DiskStatus::kFailed);
    CHECK(bench.append(1, "x", true) == DiskStatus::kOk);
    CHECK(bench.read(1) == "x");
  }
  CHECK(bench.append(2, "x") == DiskStatus::kMissing);
  CHECK(bench.listed_bytes().size() == 1);
}

TEST_CASE("a file is removed only when that is durable") {
  FaultyDisk bench;
  REQUIRE(bench.create(1) == DiskStatus::kOk);
  breakage.sync_all_error = EIO;
  CHECK(bench.ask(DiskRemove{segment(1)}).status == DiskStatus::kFailed);
  CHECK(bench.ask(DiskRemove{segment(1)}).status == DiskStatus::kFailed);
}

TEST_CASE("a failed read harms only itself") {
  FaultyDisk bench;
  REQUIRE(bench.create(1) == DiskStatus::kOk);
  REQUIRE(bench.append(1, "bytes") == DiskStatus::kOk);
  breakage.read_error = EIO;
  const DiskDone done = bench.ask(DiskRead{segment(1), 0, 5});
  CHECK(done.status == DiskStatus::kFailed);
  CHECK(done.bytes.empty());
  CHECK_THAT(bench.disk->last_error(),
             ContainsSubstring("read " + (bench.folder.path() / "000000000001.seg").string()));
  breakage.read_error = 0;
  CHECK(bench.read(1) == "bytes");
  CHECK(bench.append(1, "!", true) == DiskStatus::kOk);
}
