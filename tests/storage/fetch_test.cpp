// Reads that fail although the disk may work again a moment later.
#include "tests/storage/store_rig.h"

namespace dkv {
namespace {

using testing::store_key;
using testing::StoreRig;
using testing::text_of;

TEST_CASE("a value is read again after failed reads, and nothing is forgotten") {
  StoreRig rig;
  rig.write("a", "apple", 1);
  rig.disk.fail_reads = true;
  const StoreFetch fetch = rig.store->fetch(store_key("a"), rig.out());
  REQUIRE(fetch.id != 0);
  for (std::uint32_t i = 1; i < kReadTries; ++i) REQUIRE(rig.step());
  CHECK(rig.fetched.empty());
  rig.disk.fail_reads = false;
  rig.settle();
  CHECK(text_of(rig.fetched.at(fetch.id)) == "apple");
  CHECK(rig.damaged.empty());
  CHECK(rig.store->stats().damaged_values == 0);
}

TEST_CASE("a start with some failed reads reports no loss") {
  StoreRig rig;
  rig.write("a", "apple", 1);
  rig.disk.lose_power();
  rig.durable = 0;
  rig.store.emplace(StoreRig::small());
  rig.store->start(rig.out());
  REQUIRE(rig.step());                          // the list
  for (int window = 0; window < 2; ++window) {  // the scan, and the move to a new segment
    rig.disk.fail_reads = true;
    for (std::uint32_t i = 1; i < kReadTries; ++i) REQUIRE(rig.step());
    rig.disk.fail_reads = false;
    REQUIRE(rig.step());
  }
  rig.settle();
  CHECK(rig.report.intact());
  CHECK(rig.read("a") == "apple");
}

TEST_CASE("a place that can't be read however often counts as damaged") {
  StoreRig rig;
  rig.write("a", "apple", 1);
  rig.disk.fail_reads = true;
  CHECK(rig.read("a") == "lost");
  REQUIRE(rig.damaged.size() == 1);
  CHECK(rig.damaged[0].key == store_key("a"));
  rig.disk.fail_reads = false;
  rig.write("a", "apple", 2);
  CHECK(rig.read("a") == "apple");
}

}  // namespace
}  // namespace dkv
