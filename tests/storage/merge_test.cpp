#include "engine/core/hash.h"
#include "engine/storage/log_store.h"
#include "tests/storage/store_rig.h"

using namespace dkv;
using namespace dkv::testing;

namespace {

// Bytes that compression does not shorten.
std::string noise(std::size_t bytes) {
  std::string text(bytes, '\0');
  for (std::size_t i = 0; i < bytes; ++i) text[i] = static_cast<char>(mix64(i));
  return text;
}

}  // namespace

// Seed 1394 of the swarm: the segment was removed at once, and then the power was lost before the record that had
// replaced its last value was durable.
TEST_CASE("a segment without live records stays until their replacements are durable") {
  StoreRig rig;
  rig.write("a", noise(40'000), 1);
  rig.write("b", noise(40'000), 2);  // fills a segment of its own
  rig.put("a", "new", 3);
  rig.store->tick(kSecond, rig.out());
  SECTION("the power goes before that") {
    rig.settle();
    rig.lose_power_and_start();
    CHECK((rig.read("a") == noise(40'000)));
  }
  SECTION("it is") {
    REQUIRE(rig.disk.segment(1) != nullptr);
    rig.flush_and_settle();
    rig.settle();
    CHECK(rig.disk.segment(1) == nullptr);
    rig.lose_power_and_start();
    CHECK(rig.read("a") == "new");
  }
}
