#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/disk/disk_folder.h"
#include "tests/catch.h"
#include "tests/sim/disk/disk_desk.h"

using namespace dkv;
using namespace dkv::sim;

TEST_CASE("a power loss keeps all durable bytes and any part of the others") {
  // The durable end lies inside a sector. The other appends have 250 bytes each.
  FolderDesk desk;
  desk.create(segment(1));
  desk.append(segment(1), telling_bytes(1'000), true);
  for (unsigned i = 0; i < 20; ++i) desk.append(segment(1), telling_bytes(250, 1'000 + 250 * i));
  const std::string full = telling_bytes(6'000);
  std::map<std::string, int> seen;
  for (std::uint64_t seed = 0; seed < 1'000; ++seed) {
    FolderDesk after = desk;
    after.folder.power_loss(disk_draws(seed));
    const std::string content = after.content(segment(1));
    REQUIRE(content.size() <= full.size());
    REQUIRE(content.starts_with(telling_bytes(1'000)));
    CHECK(after.folder.durable_bytes(segment(1)) == content.size());
    CHECK(after.folder.unsynced_bytes() == 0);
    bool zeros = false;
    bool survivor_behind_zeros = false;
    for (std::size_t from = 1'000; from < content.size();) {
      const std::size_t to = std::min(content.size(), (from / 512 + 1) * 512);
      const std::string part = content.substr(from, to - from);
      const bool survived = part == full.substr(from, to - from);
      CHECK((survived || part == std::string(to - from, '\0')));
      survivor_behind_zeros |= survived && zeros;
      zeros |= !survived;
      from = to;
    }
    if (content.size() == 1'000) {
      ++seen["nothing"];
    } else if (content == full) {
      ++seen["everything"];
    } else if (survivor_behind_zeros) {
      ++seen["holes"];
    } else if (zeros) {
      ++seen["zeros at the end"];
    } else {
      ++seen[content.size() % 250 == 0 ? "whole appends" : "torn"];
    }
  }
  CHECK(seen.size() == 6);
  for (const auto& [what, times] : seen) {
    INFO(what);
    CHECK(times > 50);
  }
}

TEST_CASE("bytes that survived a power loss are durable, and the next one takes none of them") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    FolderDesk desk;
    desk.create(segment(1));
    desk.append(segment(1), telling_bytes(3'000));
    desk.folder.power_loss(disk_draws(seed, 0));
    const std::string left = desk.content(segment(1));
    desk.folder.power_loss(disk_draws(seed, 1));
    CHECK(desk.content(segment(1)) == left);
  }
}

TEST_CASE("an unfinished create may be undone, a finished one stays") {
  int there = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    FolderDesk desk;
    desk.create(segment(1));
    const auto create = desk.begin(DiskCreate{segment(2)});
    desk.folder.power_loss(disk_draws(seed));
    CHECK_FALSE(desk.folder.in_progress(create.id));
    CHECK(desk.exists(segment(1)));
    there += desk.exists(segment(2)) ? 1 : 0;
  }
  CHECK(there > 25);
  CHECK(there < 75);
}

TEST_CASE("an unfinished remove may be undone with all durable bytes, a finished one stays") {
  int back = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    FolderDesk desk;
    for (const std::uint64_t number : {1u, 2u}) {
      desk.create(segment(number));
      desk.append(segment(number), "durable", true);
    }
    desk.remove(segment(1));
    desk.begin(DiskRemove{segment(2)});
    desk.folder.process_crash();  // changes nothing about it
    CHECK_FALSE(desk.exists(segment(2)));
    desk.folder.power_loss(disk_draws(seed));
    CHECK_FALSE(desk.exists(segment(1)));
    if (!desk.exists(segment(2))) continue;
    ++back;
    CHECK(desk.content(segment(2)) == "durable");
    CHECK(desk.folder.durable_bytes(segment(2)) == 7);
  }
  CHECK(back > 25);
  CHECK(back < 75);
}

TEST_CASE("a directory change that a crash cut off is durable after a later one or a sync of the file") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    FolderDesk desk;
    for (const std::uint64_t number : {1u, 2u}) desk.create(segment(number));
    desk.begin(DiskCreate{segment(3)});
    desk.begin(DiskRemove{segment(1)});
    desk.begin(DiskRemove{segment(2)});
    desk.folder.process_crash();
    desk.last_ticket = 0;
    FolderDesk later = desk;
    FolderDesk removed_again = desk;
    CHECK(later.create(segment(4)) == DiskStatus::kOk);
    CHECK(removed_again.remove(segment(1)) == DiskStatus::kOk);
    CHECK(desk.sync(segment(3)) == DiskStatus::kOk);
    for (FolderDesk* one : {&later, &removed_again, &desk}) {
      one->folder.power_loss(disk_draws(seed));
      CHECK(one->exists(segment(3)));
    }
    CHECK(later.folder.files().size() == 2);
    CHECK_FALSE(removed_again.exists(segment(1)));
  }
}

TEST_CASE("of several files of one name at most one is there after a power loss") {
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    FolderDesk desk;
    desk.create(segment(1));
    desk.append(segment(1), "old", true);
    desk.begin(DiskRemove{segment(1)});
    desk.begin(DiskCreate{segment(1)});
    desk.folder.process_crash();
    desk.folder.power_loss(disk_draws(seed));
    CHECK(desk.folder.files().size() <= 1);
    seen.insert(desk.content(segment(1)));
  }
  CHECK(seen == std::set<std::string>{"", "(missing)", "old"});
}

TEST_CASE("space that was set aside may show as zeros, never in place of bytes") {
  int grown = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    FolderDesk desk;
    desk.create(segment(1), 200'000);
    desk.append(segment(1), "durable", true);
    desk.folder.power_loss(disk_draws(seed));
    const std::string content = desk.content(segment(1));
    if (content == "durable") continue;
    ++grown;
    CHECK(content == "durable" + std::string(200'000 - 7, '\0'));
  }
  CHECK(grown > 20);
  CHECK(grown < 100);
}

namespace {

// The promises that a store may rely on, tracked beside the folder.
struct Promise {
  std::string appended;     // all bytes
  std::size_t durable = 0;  // how many of them
  bool created = false;     // answered
  bool removing = false;
};
struct Checked {
  FolderDesk desk;
  std::map<FileName, Promise> promises;
  std::uint64_t next_number = 1;
  std::uint64_t appended = 0;
  struct Pending {
    DiskFolder::OperationId id = 0;
    FileName file;
    enum { kCreate, kAppend, kSync, kRemove } kind = kCreate;
    std::size_t upto = 0;
  };
  std::vector<Pending> pending;  // in the order begun

  // Finishes the oldest change of a randomly chosen file.
  void finish_one() {
    const Pending drawn = pending[*rc::gen::inRange<std::size_t>(0, pending.size())];
    const auto first =
        std::find_if(pending.begin(), pending.end(), [&](const Pending& one) { return one.file == drawn.file; });
    const Pending one = *first;
    pending.erase(first);
    RC_ASSERT(desk.folder.finish(one.id).status == DiskStatus::kOk);
    Promise& promise = promises[one.file];
    if (one.kind == Pending::kCreate) promise.created = true;
    if (one.kind == Pending::kSync) promise.durable = std::max(promise.durable, one.upto);
    if (one.kind == Pending::kRemove) promises.erase(one.file);
  }

  void begin_one() {
    std::vector<FileName> usable;
    for (const auto& [name, promise] : promises)
      if (!promise.removing) usable.push_back(name);
    const int kind = *rc::gen::weightedElement<int>({{1, 0}, {8, 1}, {3, 2}, {1, 3}, {2, 4}});
    if (kind == 0 || usable.empty()) {
      const FileName name{*rc::gen::element(FileKind::kSegment, FileKind::kSnapshot), next_number++};
      promises[name];
      pending.push_back({desk.begin(DiskCreate{name, *rc::gen::element(0u, 700u, 9'000u)}).id, name, Pending::kCreate});
      return;
    }
    const FileName name = *rc::gen::elementOf(usable);
    Promise& promise = promises[name];
    if (kind == 1) {
      const std::size_t size = *rc::gen::weightedOneOf<std::size_t>(
          {{8, rc::gen::inRange<std::size_t>(0, 900)}, {1, rc::gen::inRange<std::size_t>(0, 90'000)}});
      const std::string bytes = telling_bytes(size, appended);
      appended += size;
      promise.appended += bytes;
      const bool sync = *rc::gen::arbitrary<bool>();
      const auto id = desk.begin(DiskAppend{name, Blob(bytes), sync}).id;
      pending.push_back({id, name, sync ? Pending::kSync : Pending::kAppend, promise.appended.size()});
    } else if (kind == 2) {
      pending.push_back({desk.begin(DiskSync{name}).id, name, Pending::kSync, promise.appended.size()});
    } else if (kind == 3) {
      promise.removing = true;
      pending.push_back({desk.begin(DiskRemove{name}).id, name, Pending::kRemove});
    } else {
      const DiskDone read = desk.read(name);
      RC_ASSERT(read.bytes.view() == promise.appended.substr(0, 1 << 20));
    }
  }

  // Checks that all promises hold, and that the contents are the appended bytes or zeros.
  void check(const FolderDesk& lost_power) const {
    std::size_t promised = 0;
    for (const DiskDone::File& file : lost_power.folder.files()) {
      const auto found = promises.find(file.name);
      RC_ASSERT(found != promises.end());  // no removed file comes back
      const Promise& promise = found->second;
      promised += promise.created && !promise.removing ? 1 : 0;
      const std::string content = lost_power.content(file.name);
      RC_ASSERT(content.size() == file.bytes);
      RC_ASSERT(content.size() >= promise.durable);
      RC_ASSERT(content.substr(0, promise.durable) == promise.appended.substr(0, promise.durable));
      bool all_appended = true;
      for (std::size_t i = promise.durable; i < content.size(); ++i)
        all_appended &= content[i] == '\0' || (i < promise.appended.size() && content[i] == promise.appended[i]);
      RC_ASSERT(all_appended);
    }
    RC_ASSERT(promised == static_cast<std::size_t>(std::count_if(promises.begin(), promises.end(), [](const auto& one) {
                return one.second.created && !one.second.removing;
              })));
  }

  // Tries power losses in many ways. The run continues with the last of them.
  void lose_power() {
    for (const auto& [name, promise] : promises)
      RC_ASSERT((promise.removing || desk.folder.durable_bytes(name) >= promise.durable));
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    const FolderDesk before = desk;
    for (std::uint64_t i = 0; i < 20; ++i) {
      desk = before;
      desk.folder.power_loss(disk_draws(seed, i));
      check(desk);
    }
    promises.clear();
    for (const DiskDone::File& file : desk.folder.files())
      promises[file.name] = {desk.content(file.name), file.bytes, true, false};
    pending.clear();
    desk.last_ticket = 0;
  }
};

}  // namespace

TEST_CASE("no sequence of requests and power losses breaks a promise of the contract") {
  REQUIRE(rc::check([] {
    Checked checked;
    const int steps = *rc::gen::resize(100, rc::gen::inRange(0, 120));
    for (int i = 0; i < steps; ++i) {
      const int what = *rc::gen::weightedElement<int>({{20, 0}, {14, 1}, {1, 2}});
      if (what == 1 && !checked.pending.empty()) {
        checked.finish_one();
      } else if (what == 2) {
        checked.lose_power();
      } else {
        checked.begin_one();
      }
    }
    checked.lose_power();
  }));
}

TEST_CASE("a disk that is made of a damaged one is damaged, too") {
  FolderDesk desk;
  desk.create(segment(1));
  desk.append(segment(1), telling_bytes(1'000), true);
  REQUIRE(desk.folder.rot(disk_draws(1)));
  FolderDesk other;
  other.folder.restore(desk.folder.backup());
  CHECK(other.folder.damages() == desk.folder.damages());
  other.folder.restore(desk.folder.backup());
  CHECK(other.folder.damages().size() == 1);
}

TEST_CASE("a backup holds the durable bytes, and another disk can be made of it") {
  FolderDesk desk;
  desk.create(segment(1));
  desk.append(segment(1), telling_bytes(1'000), true);
  desk.append(segment(1), telling_bytes(250, 1'000));
  const DiskFolder backup = desk.folder.backup();
  CHECK(backup.durable_bytes(segment(1)) == 1'000);
  CHECK(backup.total_bytes() == 1'000);
  CHECK(backup.unsynced_bytes() == 0);
  FolderDesk other;
  other.create(segment(2));
  other.append(segment(2), telling_bytes(50), true);
  other.folder.restore(backup);
  REQUIRE(other.folder.files().size() == 1);
  CHECK(other.content(segment(1)) == telling_bytes(1'000));
  CHECK(desk.content(segment(1)) == telling_bytes(1'250));
  // The copy continues like any other disk.
  other.append(segment(1), telling_bytes(250, 1'000), true);
  CHECK(other.folder.durable_bytes(segment(1)) == 1'250);
  CHECK(backup.total_bytes() == 1'000);
}
