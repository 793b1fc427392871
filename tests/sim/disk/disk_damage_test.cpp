#include <algorithm>
#include <map>
#include <vector>

#include "sim/disk/disk_folder.h"
#include "tests/catch.h"
#include "tests/sim/disk/disk_desk.h"

using namespace dkv;
using namespace dkv::sim;

namespace {

FolderDesk desk_with(std::size_t bytes_of_segment, std::size_t bytes_of_snapshot) {
  FolderDesk desk;
  desk.create(segment(1));
  desk.append(segment(1), telling_bytes(bytes_of_segment), true);
  desk.create(snapshot(1));
  desk.append(snapshot(1), telling_bytes(bytes_of_snapshot, 1 << 20), true);
  return desk;
}

// The offsets at which two strings of equal size differ.
std::vector<std::size_t> differences(const std::string& a, const std::string& b) {
  REQUIRE(a.size() == b.size());
  std::vector<std::size_t> list;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i]) list.push_back(i);
  return list;
}

}  // namespace

TEST_CASE("a failed sync leaves its bytes readable, and no later sync makes them durable") {
  FolderDesk desk;
  desk.create(segment(1));
  desk.append(segment(1), telling_bytes(600), true);
  desk.folder.fail_syncs(true);
  CHECK(desk.append(segment(1), telling_bytes(2'000, 600), true) == DiskStatus::kFailed);
  CHECK(desk.append(segment(1), telling_bytes(100, 2'600)) == DiskStatus::kOk);
  CHECK(desk.sync(segment(1)) == DiskStatus::kFailed);
  desk.folder.fail_syncs(false);
  CHECK(desk.append(segment(1), telling_bytes(300, 2'700), true) == DiskStatus::kOk);

  CHECK(desk.content(segment(1)) == telling_bytes(3'000));
  CHECK(desk.folder.durable_bytes(segment(1)) == 600);
  CHECK(desk.folder.unsynced_bytes() == 2'100);
  CHECK(desk.folder.damages() == std::vector<DiskDamage>{{segment(1), 600, 2'100, DiskDamage::Kind::kLostBySync}});

  int whole = 0;
  int gone = 0;
  int holes = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    FolderDesk after = desk;
    after.folder.power_loss(disk_draws(seed));
    const std::string content = after.content(segment(1));
    REQUIRE(content.size() == 3'000);  // bytes that were synced later come after these
    CHECK(content.substr(0, 600) == telling_bytes(600));
    CHECK(content.substr(2'700) == telling_bytes(300, 2'700));
    const std::string middle = content.substr(600, 2'100);
    const bool is_whole = middle == telling_bytes(2'100, 600);
    const bool is_gone = middle == std::string(2'100, '\0');
    ++(is_whole ? whole : is_gone ? gone : holes);
    CHECK(after.folder.durable_bytes(segment(1)) == 3'000);
  }
  CHECK(whole > 10);
  CHECK(gone > 10);
  CHECK(holes > 10);
}

TEST_CASE("bytes at the end that a sync has failed for may vanish with the file's end") {
  FolderDesk desk;
  desk.create(segment(1));
  desk.append(segment(1), "kept", true);
  desk.folder.fail_syncs(true);
  desk.append(segment(1), "lo", true);
  desk.append(segment(1), "st", true);
  int cut = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    FolderDesk after = desk;
    after.folder.power_loss(disk_draws(seed));
    CHECK(after.content(segment(1)).starts_with("kept"));
    cut += after.content(segment(1)) == "kept" ? 1 : 0;
  }
  CHECK(cut > 10);
  CHECK(cut < 90);
}

TEST_CASE("only syncs that end while they fail are lost, and failures nest") {
  FolderDesk desk;
  desk.create(segment(1));
  const auto first = desk.begin(DiskAppend{segment(1), Blob("first"), true});
  const auto second = desk.begin(DiskAppend{segment(1), Blob("second"), true});
  desk.folder.fail_syncs(true);
  desk.folder.fail_syncs(true);
  desk.folder.fail_syncs(false);
  CHECK(desk.folder.finish(first.id).status == DiskStatus::kFailed);
  desk.folder.fail_syncs(false);
  CHECK(desk.folder.finish(second.id).status == DiskStatus::kOk);
  CHECK(desk.folder.durable_bytes(segment(1)) == 0);
  CHECK(desk.folder.unsynced_bytes() == 5);
}

TEST_CASE("reads fail at the rate that was set, and only while it is set") {
  FolderDesk desk = desk_with(1'000, 0);
  desk.folder.read_errors(250'000, disk_draws(7));
  int failed = 0;
  for (int i = 0; i < 1'000; ++i) {
    const DiskDone done = desk.read(segment(1), 0, 1'000);
    failed += done.status == DiskStatus::kFailed ? 1 : 0;
    CHECK(done.bytes.view() == (done.status == DiskStatus::kOk ? telling_bytes(1'000) : ""));
  }
  CHECK(failed > 200);
  CHECK(failed < 300);
  desk.folder.read_errors(1'000'000, disk_draws(7));
  CHECK(desk.read(segment(1)).status == DiskStatus::kFailed);
  desk.folder.read_errors(0, disk_draws(7));
  for (int i = 0; i < 100; ++i) CHECK(desk.read(segment(1)).status == DiskStatus::kOk);
}

TEST_CASE("a full disk takes bytes that fit into reserved space, and damages nothing") {
  FolderDesk desk;
  desk.create(segment(1), 1'000);
  desk.create(segment(2));
  desk.append(segment(2), "there");
  desk.folder.set_free_bytes(0);
  CHECK(desk.create(segment(3)) == DiskStatus::kFull);
  CHECK_FALSE(desk.exists(segment(3)));
  CHECK(desk.append(segment(1), telling_bytes(900), true) == DiskStatus::kOk);
  CHECK(desk.append(segment(1), telling_bytes(200, 900), true) == DiskStatus::kFull);
  CHECK(desk.content(segment(1)) == telling_bytes(900));
  CHECK(desk.folder.durable_bytes(segment(1)) == 900);
  CHECK(desk.append(segment(2), "+more") == DiskStatus::kFull);
  CHECK(desk.content(segment(2)) == "there");
  CHECK(desk.read(segment(1), 0, 900).bytes.view() == telling_bytes(900));
}

TEST_CASE("a refused append leaves nothing of its bytes") {
  FolderDesk desk;
  desk.create(segment(1));
  desk.append(segment(1), "ab");
  desk.folder.set_free_bytes(3);
  CHECK(desk.append(segment(1), "cdefgh") == DiskStatus::kFull);
  CHECK(desk.content(segment(1)) == "ab");
  CHECK(desk.folder.free_bytes() == 3);
  CHECK(desk.append(segment(1), "cde") == DiskStatus::kOk);
  CHECK(desk.content(segment(1)) == "abcde");
}

TEST_CASE("space returns with the end of a remove, with the end of the limit, and with bytes lost to power") {
  FolderDesk desk;
  desk.folder.set_free_bytes(1'000);
  CHECK(desk.create(segment(1), 600) == DiskStatus::kOk);
  CHECK(desk.folder.free_bytes() == 400);
  CHECK(desk.create(segment(2), 500) == DiskStatus::kFull);
  const auto remove = desk.begin(DiskRemove{segment(1)});
  CHECK(desk.create(segment(2), 500) == DiskStatus::kFull);
  desk.folder.finish(remove.id);
  CHECK(desk.folder.free_bytes() == 1'000);
  CHECK(desk.create(segment(2), 500) == DiskStatus::kOk);
  CHECK(desk.append(segment(2), std::string(700, 'x')) == DiskStatus::kOk);
  CHECK(desk.folder.free_bytes() == 300);
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    FolderDesk after = desk;
    after.folder.power_loss(disk_draws(seed));
    CHECK(*after.folder.free_bytes() + std::max<std::uint64_t>(500, after.folder.total_bytes()) == 1'000);
  }
  desk.folder.wipe();
  CHECK(desk.folder.free_bytes() == 1'000);
  desk.folder.set_free_bytes(std::nullopt);
  desk.last_ticket = 0;
  CHECK(desk.create(segment(1), 1 << 30) == DiskStatus::kOk);
}

TEST_CASE("a stalled disk holds back due requests, in order, unless a crash cuts them off") {
  FolderDesk desk;
  const auto create = desk.begin(DiskCreate{segment(1)});
  const auto append = desk.begin(DiskAppend{segment(1), Blob("x"), true});
  desk.folder.stall(true);
  desk.folder.stall(true);
  desk.folder.hold(create.id);
  desk.folder.hold(append.id);
  desk.folder.stall(false);
  CHECK(desk.folder.stalled());
  DiskFolder crashed = desk.folder;
  desk.folder.stall(false);
  CHECK_FALSE(desk.folder.stalled());
  const auto held = desk.folder.take_held();
  CHECK(held == std::vector{create.id, append.id});
  for (const auto id : held) CHECK(desk.folder.finish(id).status == DiskStatus::kOk);
  CHECK(desk.folder.take_held().empty());

  crashed.process_crash();
  crashed.stall(false);
  CHECK(crashed.take_held().empty());
}

TEST_CASE("rot flips a few bits of a durable place, and says where") {
  const FolderDesk before = desk_with(6'000, 2'000);
  int segments = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    FolderDesk desk = before;
    desk.append(segment(1), telling_bytes(5'000, 6'000));  // not durable: nothing to rot
    const auto damage = desk.folder.rot(disk_draws(seed));
    REQUIRE(damage);
    CHECK(damage->kind == DiskDamage::Kind::kRot);
    CHECK(damage->bytes >= 1);
    CHECK(damage->bytes <= 64);
    const bool in_segment = damage->file == segment(1);
    segments += in_segment ? 1 : 0;
    const FileName spared = in_segment ? snapshot(1) : segment(1);
    CHECK(desk.content(spared).starts_with(before.content(spared)));
    const std::string rotten = desk.content(damage->file).substr(0, in_segment ? 6'000 : 2'000);
    const auto changed = differences(rotten, before.content(damage->file));
    REQUIRE_FALSE(changed.empty());
    CHECK(changed.size() <= 8);
    CHECK(changed.front() == damage->offset);
    CHECK(changed.back() + 1 == damage->offset + damage->bytes);
    CHECK(desk.folder.damages() == std::vector{*damage});
    CHECK(desk.read(damage->file, 0, 6'000).bytes.view().starts_with(rotten));
  }
  CHECK(segments > 260);  // three quarters of 400
  CHECK(segments < 340);
}

TEST_CASE("rot never flips a bit back") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    FolderDesk desk;
    desk.create(segment(1));
    desk.append(segment(1), "x", true);
    CHECK(desk.folder.rot(disk_draws(seed)) == DiskDamage{segment(1), 0, 1, DiskDamage::Kind::kRot});
    CHECK(desk.content(segment(1)) != "x");
  }
}

TEST_CASE("an empty folder, or one with nothing durable, has nothing to damage") {
  FolderDesk desk;
  CHECK_FALSE(desk.folder.rot(disk_draws(1)));
  CHECK_FALSE(desk.folder.misdirect(disk_draws(1)));
  desk.create(segment(1), 5'000);
  desk.append(segment(1), "cached");
  CHECK_FALSE(desk.folder.rot(disk_draws(1)));
  desk.sync(segment(1));
  CHECK_FALSE(desk.folder.misdirect(disk_draws(1)));  // one sector has no other place
  CHECK_FALSE(desk.folder.ever_damaged());
  CHECK(desk.folder.rot(disk_draws(1)));
  CHECK(desk.folder.ever_damaged());
}

TEST_CASE("a misdirected write leaves zeros where it belonged and its bytes elsewhere") {
  const FolderDesk before = desk_with(3'000, 700);
  int across = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    FolderDesk desk = before;
    const auto done = desk.folder.misdirect(disk_draws(seed));
    REQUIRE(done);
    const DiskDamage& from = done->unwritten;
    const DiskDamage& to = done->overwritten;
    CHECK(desk.folder.damages() == std::vector{from, to});
    CHECK(from.offset % kSectorBytes == 0);
    CHECK(to.offset % kSectorBytes == 0);
    CHECK(!(from.file == to.file && from.offset == to.offset));
    across += from.file == to.file ? 0 : 1;
    std::map<FileName, std::string> expected{{segment(1), before.content(segment(1))},
                                             {snapshot(1), before.content(snapshot(1))}};
    const std::string moved = expected[from.file].substr(from.offset, from.bytes);
    expected[from.file].replace(from.offset, from.bytes, from.bytes, '\0');
    expected[to.file].replace(to.offset, to.bytes, moved, 0, to.bytes);
    CHECK(desk.content(segment(1)) == expected[segment(1)]);
    CHECK(desk.content(snapshot(1)) == expected[snapshot(1)]);
  }
  CHECK(across > 20);
}

TEST_CASE("damage is remembered when its file is gone, and each kind has a name") {
  FolderDesk desk = desk_with(1'000, 0);
  desk.folder.rot(disk_draws(1));
  desk.remove(segment(1));
  desk.folder.wipe();
  CHECK(desk.folder.damages().size() == 1);
  std::map<std::string, int> names;
  for (const auto kind : {DiskDamage::Kind::kRot, DiskDamage::Kind::kOverwritten, DiskDamage::Kind::kUnwritten,
                          DiskDamage::Kind::kLostBySync})
    ++names[disk_damage_name(kind)];
  CHECK(names.size() == 4);
  CHECK(names.count("?") == 0);
}
