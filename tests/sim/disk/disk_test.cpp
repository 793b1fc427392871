#include "sim/disk/disk.h"

#include <string>

#include "tests/catch.h"
#include "tests/sim/records.h"

using namespace dkv;
using namespace dkv::sim;
using kit::key;
using kit::object;

namespace {

Append append(AppendId id, int number) {
  return {id, {.space = KeySpace::kObjects, .key = key(number), .object = object(id)}};
}

// As the world does when a sync ends.
void end_sync(Disk& disk) {
  while (!disk.idle() && disk.next_id() <= disk.sync_upto()) disk.settle_next();
  disk.end_sync();
}

}  // namespace

TEST_CASE("what is appended shows only after a sync that began after it") {
  Disk disk;
  CHECK_FALSE(disk.wants_sync());
  CHECK(disk.idle());
  disk.append(append(1, 1));
  CHECK(disk.wants_sync());
  CHECK(disk.durable().find(key(1)) == nullptr);
  const std::uint64_t sync = disk.begin_sync();
  CHECK(disk.is_current(sync));
  CHECK(disk.durable().find(key(1)) == nullptr);
  end_sync(disk);
  CHECK(disk.durable().find(key(1)) != nullptr);
  CHECK(disk.idle());
  CHECK_FALSE(disk.wants_sync());
  CHECK_FALSE(disk.is_current(sync));
}

TEST_CASE("what arrives while a sync is under way shares the next one") {
  Disk disk;
  disk.append(append(1, 1));
  disk.append(append(2, 2));
  disk.begin_sync();
  disk.append(append(3, 3));
  disk.append(append(4, 4));
  CHECK_FALSE(disk.wants_sync());  // one at a time
  CHECK(disk.sync_upto() == 2);
  end_sync(disk);
  CHECK(disk.durable().object_count() == 2);
  CHECK(disk.pending() == 2);
  CHECK(disk.wants_sync());
  disk.begin_sync();
  CHECK(disk.sync_upto() == 4);
  end_sync(disk);
  CHECK(disk.durable().object_count() == 4);
  CHECK(disk.idle());
}

TEST_CASE("the end of a sync that a stop cut off means nothing, not even to the next life's sync") {
  Disk disk;
  disk.append(append(1, 1));
  const std::uint64_t cut_off = disk.begin_sync();
  disk.drop_pending();
  CHECK_FALSE(disk.is_current(cut_off));
  CHECK(disk.idle());
  disk.append(append(1, 9));  // the next life counts from 1 again
  const std::uint64_t next = disk.begin_sync();
  CHECK_FALSE(disk.is_current(cut_off));
  CHECK(disk.is_current(next));
  end_sync(disk);
  CHECK(disk.durable().find(key(1)) == nullptr);
  CHECK(disk.durable().find(key(9)) != nullptr);
}

TEST_CASE("appends become durable in their order, so that any cut leaves a prefix") {
  for (std::size_t cut = 0; cut <= 5; ++cut) {
    Disk disk;
    for (AppendId id = 1; id <= 5; ++id) disk.append(append(id, static_cast<int>(id)));
    disk.begin_sync();
    for (std::size_t i = 0; i < cut; ++i) disk.settle_next();
    disk.drop_pending();
    for (AppendId id = 1; id <= 5; ++id)
      CHECK((disk.durable().find(key(static_cast<int>(id))) != nullptr) == (id <= cut));
  }
}

TEST_CASE("a wipe leaves nothing, neither durable nor on its way") {
  Disk disk;
  disk.append(append(1, 1));
  disk.begin_sync();
  end_sync(disk);
  disk.append(append(2, 2));
  disk.begin_sync();
  disk.wipe();
  CHECK(disk.durable().records().empty());
  CHECK(disk.idle());
  CHECK_FALSE(disk.wants_sync());
}

TEST_CASE("the copy of a disk in the middle of a sync goes on by itself") {
  Disk disk;
  disk.append(append(1, 1));
  const std::uint64_t sync = disk.begin_sync();
  Disk copy = disk;
  end_sync(disk);
  CHECK(copy.is_current(sync));
  CHECK(copy.durable().object_count() == 0);
  end_sync(copy);
  CHECK(copy.durable().object_count() == 1);
}
