#include "sim/disk/disk_folder.h"

#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/sim/disk/disk_desk.h"

using namespace dkv;
using namespace dkv::sim;

TEST_CASE("files are named by kind and number, append only, and listed by name") {
  FolderDesk desk;
  CHECK(desk.create(snapshot(1)) == DiskStatus::kOk);
  CHECK(desk.create(segment(10)) == DiskStatus::kOk);
  CHECK(desk.create(segment(2)) == DiskStatus::kOk);
  CHECK(desk.append(segment(2), "two") == DiskStatus::kOk);
  CHECK(desk.append(segment(2), "+more") == DiskStatus::kOk);
  CHECK(desk.append(snapshot(1), "one") == DiskStatus::kOk);
  CHECK(desk.content(segment(2)) == "two+more");
  CHECK(desk.content(segment(10)).empty());
  CHECK(desk.content(snapshot(1)) == "one");
  const DiskDone list = desk.run(DiskList{});
  REQUIRE(list.files.size() == 3);
  CHECK(list.files[0].name == segment(2));
  CHECK(list.files[0].bytes == 8);
  CHECK(list.files[1].name == segment(10));
  CHECK(list.files[1].bytes == 0);
  CHECK(list.files[2].name == snapshot(1));
  CHECK(desk.folder.total_bytes() == 11);
}

TEST_CASE("each request is answered once, with its ticket, and those of different files in any order") {
  FolderDesk desk;
  const auto first = desk.begin(DiskCreate{segment(1)});
  const auto second = desk.begin(DiskCreate{segment(2)});
  const auto third = desk.begin(DiskAppend{segment(2), Blob("x")});
  CHECK(desk.folder.operations_in_progress() == 3);
  CHECK(desk.folder.finish(second.id).ticket == 2);
  CHECK_FALSE(desk.folder.in_progress(second.id));
  CHECK(desk.folder.in_progress(first.id));
  CHECK(desk.folder.finish(third.id).ticket == 3);
  CHECK(desk.folder.finish(first.id).ticket == 1);
  for (const auto& begun : {first, second, third}) CHECK_FALSE(desk.folder.in_progress(begun.id));
  CHECK_FALSE(desk.folder.in_progress(third.id + 1));
  CHECK(desk.folder.operations_in_progress() == 0);
}

TEST_CASE("a read sees the appends before its request, and no later ones") {
  FolderDesk desk;
  const auto create = desk.begin(DiskCreate{segment(1)});
  const auto before = desk.begin(DiskAppend{segment(1), Blob("before"), true});
  const auto read = desk.begin(DiskRead{segment(1), 2, 100});
  const auto after = desk.begin(DiskAppend{segment(1), Blob("after")});
  CHECK(read.work == DiskWork::kRead);
  CHECK(read.bytes == 4);
  CHECK(desk.folder.finish(read.id).bytes.view() == "fore");
  for (const auto& begun : {create, before, after}) CHECK(desk.folder.finish(begun.id).status == DiskStatus::kOk);
  CHECK(desk.read(segment(1), 6, 2).bytes.view() == "af");
}

TEST_CASE("a read past the end returns the existing bytes") {
  FolderDesk desk;
  desk.create(segment(1), 1'000);
  desk.append(segment(1), "12345");
  CHECK(desk.read(segment(1), 3, 100).bytes.view() == "45");
  for (const std::uint64_t offset : {std::uint64_t{5}, std::uint64_t{900}, UINT64_MAX}) {
    const DiskDone done = desk.read(segment(1), offset, 100);
    CHECK(done.status == DiskStatus::kOk);
    CHECK(done.bytes.empty());
  }
}

TEST_CASE("a request for a file that does not exist is missing, and its removal is ok") {
  FolderDesk desk;
  CHECK(desk.append(segment(1), "x") == DiskStatus::kMissing);
  CHECK(desk.append(segment(1), "x", true) == DiskStatus::kMissing);
  CHECK(desk.sync(segment(1)) == DiskStatus::kMissing);
  CHECK(desk.read(segment(1)).status == DiskStatus::kMissing);
  CHECK(desk.remove(segment(1)) == DiskStatus::kOk);
  CHECK(desk.create(segment(1)) == DiskStatus::kOk);
  CHECK(desk.create(segment(1)) == DiskStatus::kFailed);
  CHECK(desk.remove(segment(1)) == DiskStatus::kOk);
  CHECK(desk.append(segment(1), "x") == DiskStatus::kMissing);
  CHECK_FALSE(desk.exists(segment(1)));
}

TEST_CASE("bytes are durable when a sync that was asked with or after them has ended") {
  FolderDesk desk;
  desk.create(segment(1));
  desk.append(segment(1), "one");
  CHECK(desk.folder.durable_bytes(segment(1)) == 0);
  const auto sync = desk.begin(DiskSync{segment(1)});
  desk.begin(DiskAppend{segment(1), Blob("four")});
  CHECK(desk.folder.durable_bytes(segment(1)) == 0);
  desk.folder.finish(sync.id);
  CHECK(desk.folder.durable_bytes(segment(1)) == 3);
  CHECK(desk.folder.unsynced_bytes() == 4);
  desk.folder.finish(sync.id + 1);
  CHECK(desk.folder.durable_bytes(segment(1)) == 3);
  desk.append(segment(1), "five", true);
  CHECK(desk.folder.durable_bytes(segment(1)) == 11);
  CHECK(desk.folder.unsynced_bytes() == 0);
}

TEST_CASE("the world draws durations by the kind of work") {
  FolderDesk desk;
  const auto expect = [&](const DiskFolder::Begun& begun, DiskWork work, std::uint64_t bytes) {
    CHECK(begun.work == work);
    CHECK(begun.bytes == bytes);
    desk.folder.finish(begun.id);
  };
  expect(desk.begin(DiskCreate{segment(1), 1 << 20}), DiskWork::kMetadata, 0);
  expect(desk.begin(DiskAppend{segment(1), Blob("1234567")}), DiskWork::kAppend, 7);
  expect(desk.begin(DiskAppend{segment(1), Blob("123"), true}), DiskWork::kSync, 10);
  expect(desk.begin(DiskAppend{segment(1), Blob("12")}), DiskWork::kAppend, 2);
  expect(desk.begin(DiskSync{segment(1)}), DiskWork::kSync, 2);
  expect(desk.begin(DiskRead{segment(1), 10, 100}), DiskWork::kRead, 2);
  expect(desk.begin(DiskAppend{segment(2), Blob("1")}), DiskWork::kMetadata, 0);
  expect(desk.begin(DiskList{}), DiskWork::kMetadata, 0);
  expect(desk.begin(DiskRemove{segment(1)}), DiskWork::kMetadata, 0);
}

TEST_CASE("changes of one file end in the order in which they began, reads and other files as they like") {
  FolderDesk desk;
  const auto create = desk.begin(DiskCreate{segment(1)});
  const auto append = desk.begin(DiskAppend{segment(1), Blob("x"), true});
  const auto read = desk.begin(DiskRead{segment(1), 0, 1});
  const auto other = desk.begin(DiskCreate{segment(2)});
  const auto remove = desk.begin(DiskRemove{segment(1)});
  const auto missing = desk.begin(DiskAppend{segment(1), Blob("x")});
  CHECK(desk.folder.end_time(create.id, 100) == 100);
  CHECK(desk.folder.end_time(append.id, 70) == 100);
  CHECK(desk.folder.end_time(read.id, 20) == 20);
  CHECK(desk.folder.end_time(other.id, 30) == 30);
  CHECK(desk.folder.end_time(missing.id, 40) == 40);
  CHECK(desk.folder.end_time(remove.id, 130) == 130);
  for (const auto& begun : {read, other, missing, create, append, remove}) desk.folder.finish(begun.id);
  CHECK_FALSE(desk.exists(segment(1)));
}

TEST_CASE("a process that ends leaves its appends, and is never answered") {
  FolderDesk desk;
  desk.create(segment(1));
  desk.append(segment(1), "durable", true);
  const auto append = desk.begin(DiskAppend{segment(1), Blob("+cached"), true});
  const auto create = desk.begin(DiskCreate{segment(2)});
  CHECK(desk.folder.end_time(append.id, 1'000) == 1'000);
  desk.folder.process_crash();
  CHECK_FALSE(desk.folder.in_progress(append.id));
  CHECK_FALSE(desk.folder.in_progress(create.id));
  CHECK(desk.content(segment(1)) == "durable+cached");
  CHECK(desk.folder.durable_bytes(segment(1)) == 7);
  CHECK(desk.exists(segment(2)));

  desk.last_ticket = 0;  // the next store counts from 1 again; the folder's own numbers continue
  const auto next = desk.begin(DiskSync{segment(1)});
  CHECK(next.id > create.id);
  CHECK(desk.folder.end_time(next.id, 5) == 5);
  CHECK(desk.folder.finish(next.id).status == DiskStatus::kOk);
  CHECK(desk.folder.durable_bytes(segment(1)) == 14);
}

TEST_CASE("an emptied disk holds nothing and answers nothing of before") {
  FolderDesk desk;
  desk.create(segment(1));
  desk.append(segment(1), "bytes", true);
  const auto cut_off = desk.begin(DiskRemove{segment(1)});
  desk.create(segment(2));
  desk.folder.wipe();
  CHECK_FALSE(desk.folder.in_progress(cut_off.id));
  CHECK(desk.folder.files().empty());
  CHECK(desk.folder.total_bytes() == 0);
  desk.folder.power_loss(disk_draws(1));
  CHECK(desk.folder.files().empty());
  CHECK(desk.create(segment(1)) == DiskStatus::kOk);
}

TEST_CASE("reserved space does not count as bytes") {
  FolderDesk desk;
  desk.create(segment(1), 1 << 20);
  desk.append(segment(1), "abc");
  CHECK(desk.folder.total_bytes() == 3);
  CHECK(desk.folder.files()[0].bytes == 3);
  CHECK(desk.content(segment(1)) == "abc");
}

TEST_CASE("a copy of a folder continues in the same way, and neither changes the other") {
  FolderDesk desk;
  desk.create(segment(1), 3'000);
  for (int i = 0; i < 40; ++i) desk.append(segment(1), telling_bytes(250, 250u * static_cast<unsigned>(i)), i == 20);
  const auto under_way = desk.begin(DiskCreate{segment(2)});
  desk.folder.set_free_bytes(5'000);
  desk.folder.read_errors(300'000, disk_draws(1, 2));
  const auto go_on = [&](FolderDesk& one) {
    std::string story;
    const auto tell = [&](const DiskDone& done) {
      story += std::to_string(done.ticket) + disk_status_name(done.status) + std::string(done.bytes.view()) + '\n';
    };
    tell(one.folder.finish(under_way.id));
    for (unsigned i = 0; i < 30; ++i) {
      tell(one.run(DiskAppend{segment(2), Blob(telling_bytes(250, 250 * i)), i % 7 == 0}));
      tell(one.read(segment(2), i * 11, 99));
    }
    one.folder.rot(disk_draws(1, 3));
    one.folder.misdirect(disk_draws(1, 4));
    one.folder.power_loss(disk_draws(1, 5));
    return story + one.content(segment(1)) + one.content(segment(2));
  };
  FolderDesk copy = desk;
  const std::string story = go_on(desk);
  CHECK(copy.content(segment(2)).empty());
  CHECK(copy.folder.damages().empty());
  CHECK(copy.content(segment(1)) == telling_bytes(10'000));
  CHECK(go_on(copy) == story);
  CHECK(copy.folder.damages() == desk.folder.damages());
}
