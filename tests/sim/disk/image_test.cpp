#include "sim/disk/image.h"

#include <algorithm>
#include <string>

#include "tests/catch.h"
#include "tests/sim/records.h"

using namespace dkv;
using namespace dkv::sim;
using kit::key;
using kit::object;

namespace {

Record stored(int number, ObjectPtr what) {
  return {.space = KeySpace::kObjects, .key = key(number), .object = what};
}
Record hinted(NodeId owner, int number, ObjectPtr what, TimeNs created = 0) {
  return {.space = KeySpace::kHints, .owner = owner, .key = key(number), .object = what, .created_wall_ns = created};
}

}  // namespace

TEST_CASE("the last record of a name counts, and an erasure removes it") {
  Image image;
  image.apply(stored(1, object(1)));
  image.apply(stored(1, object(2)));
  REQUIRE(image.find(key(1)) != nullptr);
  CHECK((*image.find(key(1)))->siblings()[0].tag == 2);
  CHECK(image.object_count() == 1);
  image.apply(stored(1, {}));
  CHECK(image.find(key(1)) == nullptr);
  CHECK(image.object_count() == 0);
  image.apply(stored(1, {}));  // erases an absent key
  CHECK(image.object_count() == 0);
}

TEST_CASE("objects, hints of different owners and the identity do not touch each other") {
  Image image;
  image.apply(stored(1, object(1)));
  image.apply(hinted(2, 1, object(2), 20));
  image.apply(hinted(3, 1, object(3), 30));
  image.apply({.space = KeySpace::kIdentity, .identity = {Actor{ActorId{5, 6}, 7}}});
  CHECK((*image.find(key(1)))->siblings()[0].tag == 1);
  REQUIRE(image.find_hint(2, key(1)) != nullptr);
  CHECK(image.find_hint(2, key(1))->object->siblings()[0].tag == 2);
  CHECK(image.find_hint(3, key(1))->created_wall_ns == 30);
  CHECK(image.find_hint(4, key(1)) == nullptr);
  REQUIRE(image.identity());
  CHECK(image.identity()->actor.epoch == 7);
  image.apply(hinted(2, 1, {}));
  CHECK(image.hint_count() == 1);
  CHECK(image.find(key(1)) != nullptr);
  image.clear();
  CHECK(image.records().empty());
  CHECK_FALSE(image.identity());
}

TEST_CASE("the records of an image rebuild it, in an order that no salt changes") {
  Image image(1), salted(99999);
  for (int i = 0; i < 300; ++i) {
    const int number = (i * 97) % 300;
    for (Image* one : {&image, &salted}) {
      one->apply(stored(number, object(static_cast<std::uint64_t>(i + 1))));
      one->apply(hinted(static_cast<NodeId>(number % 3), number, object(static_cast<std::uint64_t>(i + 1)), i));
    }
  }
  image.apply({.space = KeySpace::kIdentity, .identity = {Actor{ActorId{5, 6}, 7}}});
  salted.apply({.space = KeySpace::kIdentity, .identity = {Actor{ActorId{5, 6}, 7}}});

  const auto records = image.records();
  const auto others = salted.records();
  REQUIRE(records.size() == 601);
  REQUIRE(others.size() == 601);
  for (std::size_t i = 0; i < records.size(); ++i) {
    REQUIRE(records[i].space == others[i].space);
    REQUIRE(records[i].owner == others[i].owner);
    REQUIRE(records[i].key == others[i].key);
    REQUIRE(equal(records[i].object, others[i].object));
  }
  CHECK(std::ranges::is_sorted(image.object_keys()));

  Image rebuilt(5);
  for (auto record = records.rbegin(); record != records.rend(); ++record) rebuilt.apply(*record);
  CHECK(rebuilt.object_count() == 300);
  CHECK(rebuilt.hint_count() == 300);
  CHECK(rebuilt.identity() == image.identity());
  for (const Image::HintKey& name : image.hint_keys()) {
    const Image::Hint* hint = rebuilt.find_hint(name.owner, name.key);
    REQUIRE(hint != nullptr);
    REQUIRE(hint->created_wall_ns == image.find_hint(name.owner, name.key)->created_wall_ns);
  }
}

TEST_CASE("the copy of an image stays as it was") {
  Image image;
  image.apply(stored(1, object(1)));
  const Image copy = image;
  image.apply(stored(1, object(2)));
  image.apply(stored(2, object(3)));
  CHECK(copy.object_count() == 1);
  CHECK((*copy.find(key(1)))->siblings()[0].tag == 1);
}
