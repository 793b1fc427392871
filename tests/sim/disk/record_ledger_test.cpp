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

}  // namespace

TEST_CASE("an append shows in the durable image once it is settled, and not before") {
  Disk disk;
  CHECK(disk.idle());
  disk.append(append(1, 1));
  CHECK(disk.pending() == 1);
  CHECK(disk.durable().find(key(1)) == nullptr);
  disk.settle_next();
  CHECK(disk.durable().find(key(1)) != nullptr);
  CHECK(disk.idle());
}

TEST_CASE("appends become durable in their order, so that any cut leaves a prefix") {
  for (std::size_t cut = 0; cut <= 5; ++cut) {
    Disk disk;
    for (AppendId id = 1; id <= 5; ++id) disk.append(append(id, static_cast<int>(id)));
    for (std::size_t i = 0; i < cut; ++i) disk.settle_next();
    for (AppendId id = 1; id <= 5; ++id)
      CHECK((disk.durable().find(key(static_cast<int>(id))) != nullptr) == (id <= cut));
    if (cut < 5) CHECK(disk.next_id() == cut + 1);
  }
}

TEST_CASE("a wipe leaves nothing, neither durable nor on its way") {
  Disk disk;
  disk.append(append(1, 1));
  disk.settle_next();
  disk.append(append(2, 2));
  disk.wipe();
  CHECK(disk.durable().records().empty());
  CHECK(disk.idle());
}

TEST_CASE("the copy of a disk goes on by itself") {
  Disk disk;
  disk.append(append(1, 1));
  Disk copy = disk;
  disk.settle_next();
  CHECK(copy.durable().object_count() == 0);
  CHECK(copy.pending() == 1);
  copy.settle_next();
  CHECK(copy.durable().object_count() == 1);
}
