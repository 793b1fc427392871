#include "sim/disk/record_ledger.h"

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
  RecordLedger records;
  CHECK(records.idle());
  records.append(append(1, 1));
  CHECK(records.pending() == 1);
  CHECK(records.durable().find(key(1)) == nullptr);
  records.settle_next();
  CHECK(records.durable().find(key(1)) != nullptr);
  CHECK(records.idle());
}

TEST_CASE("appends become durable in their order, so that any cut leaves a prefix") {
  for (std::size_t cut = 0; cut <= 5; ++cut) {
    RecordLedger records;
    for (AppendId id = 1; id <= 5; ++id) records.append(append(id, static_cast<int>(id)));
    for (std::size_t i = 0; i < cut; ++i) records.settle_next();
    for (AppendId id = 1; id <= 5; ++id)
      CHECK((records.durable().find(key(static_cast<int>(id))) != nullptr) == (id <= cut));
    if (cut < 5) CHECK(records.next_id() == cut + 1);
  }
}

TEST_CASE("a wipe leaves neither durable nor pending records") {
  RecordLedger records;
  records.append(append(1, 1));
  records.settle_next();
  records.append(append(2, 2));
  records.wipe();
  CHECK(records.durable().records().empty());
  CHECK(records.idle());
}

TEST_CASE("a copy of the ledger continues independently") {
  RecordLedger records;
  records.append(append(1, 1));
  RecordLedger copy = records;
  records.settle_next();
  CHECK(copy.durable().object_count() == 0);
  CHECK(copy.pending() == 1);
  copy.settle_next();
  CHECK(copy.durable().object_count() == 1);
}
