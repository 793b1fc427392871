// A segment of format 1, byte by byte: a data folder of the release before must still open.
#include <string>

#include "engine/storage/record.h"
#include "tests/storage/store_rig.h"

namespace dkv::testing {
namespace {

// "a" holds "apple" with a tag, and "b" holds "banana" with an end.
constexpr std::string_view kFormat1 =
    "89444b5653454731010000000100000000000000f2d82a4dd34bd15a976433ef480000000900000000000900ffffffff"
    "0764656661756c746100010700000000000000090000000000000001010001000100011a000001000000000001050005"
    "9d1f964b6170706c65d34bd15a55f2f930510000000a00000000000900ffffffff0764656661756c7462000107000000"
    "000000000900000000000000010100ac02000100ac021c00002c01000000000000b49376e2fa18060006fee7f63b6261"
    "6e616e61";

std::string bytes_of(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

TEST_CASE("a segment of format 1 opens") {
  StoreRig rig;
  const std::string old = bytes_of(kFormat1);
  rig.disk.files.clear();
  rig.disk.files[{FileKind::kSegment, 1}] = {old, old.size()};
  rig.start();
  CHECK(rig.failure.empty());
  CHECK(rig.report.damaged_places == 0);
  CHECK(rig.report.records == 2);
  CHECK(rig.read("a") == "apple");
  CHECK(rig.read("b") == "banana");
  const ObjectPtr a = rig.store->find(store_key("a"));
  REQUIRE(a);
  CHECK(a->siblings()[0].tag == 1);
  CHECK(rig.store->find(store_key("b"))->siblings()[0].expires_wall_ns == 1'800'000'000 * kSecond);
}

}  // namespace
}  // namespace dkv::testing
