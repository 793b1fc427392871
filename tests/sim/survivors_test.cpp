#include "sim/survivors.h"

#include <initializer_list>

#include "tests/catch.h"

using namespace dkv;
using namespace dkv::sim;

namespace {

using Marks = std::vector<Remains>;

Key key(const char* name) {
  return *Key::make(kDefaultBucket, name);
}

// The writes, each by an actor of its own, and what they have seen beside each other.
ObjectPtr state(std::initializer_list<std::uint64_t> writes, std::initializer_list<std::uint64_t> replaced = {}) {
  VersionVector seen;
  std::vector<Sibling> siblings;
  for (const std::uint64_t write : replaced) seen = seen.with({Actor{ActorId{write, write}, 1}, 1});
  for (const std::uint64_t write : writes) {
    const Dot dot{Actor{ActorId{write, write}, 1}, 1};
    seen = seen.with(dot);
    siblings.push_back({.dot = dot, .tag = write, .value = Blob("v")});
  }
  return Object::make(seen, siblings);
}

Record stored(const char* name, ObjectPtr object) {
  return {.space = KeySpace::kObjects, .key = key(name), .object = std::move(object)};
}

// Of records of one key, which shows `shown` now.
Marks remains(const ObjectPtr& durable, std::initializer_list<ObjectPtr> states, const ObjectPtr& shown) {
  Image image;
  image.apply(stored("k", durable));
  std::vector<Record> pending;
  for (const ObjectPtr& object : states) pending.push_back(stored("k", object));
  const std::vector<ObjectPtr> all(pending.size(), shown);
  return remains_of(pending, all, image);
}

}  // namespace

TEST_CASE("the record that is shown has outlived those before it, and nothing is left of those behind it") {
  const ObjectPtr second = state({2}, {1});
  CHECK((remains(state({1}), {state({1}), second, state({3}, {1, 2})}, second) ==
         Marks{Remains::kWhole, Remains::kWhole, Remains::kNothing}));
}

TEST_CASE("nothing is left where the store shows what was durable") {
  CHECK((remains(state({1}), {state({2}, {1})}, state({1})) == Marks{Remains::kNothing}));
}

TEST_CASE("the whole versions of a torn record stand beside what was durable") {
  CHECK((remains(state({1}), {state({2, 3}, {1})}, state({1, 3})) == Marks{Remains::kParts}));
}

// Seed 695 of the swarm, with larger writes than there are now: one write held a record that survived and had replaced
// what was durable, and behind it records with values that were torn.
TEST_CASE("the whole versions of a torn record stand on one before it that survived, though that was not durable") {
  const ObjectPtr whole = state({3, 4}, {1, 2});
  const ObjectPtr torn = state({4, 5, 6}, {1, 2, 3});
  CHECK((remains(state({1, 2}), {state({1, 2, 3}), whole, torn}, state({3, 4, 5}, {1, 2})) ==
         Marks{Remains::kWhole, Remains::kWhole, Remains::kParts}));
}

TEST_CASE("of several torn records each may have left something") {
  CHECK((remains(state({1}), {state({2}, {1}), state({3, 4}, {1, 2}), state({5, 6}, {1, 2, 3, 4})},
                 state({2, 4, 5}, {1})) == Marks{Remains::kWhole, Remains::kParts, Remains::kParts}));
}

TEST_CASE("what no record on its way can explain is what is left of none") {
  CHECK((remains(state({1}), {state({2}, {1})}, state({1, 9})) == Marks{Remains::kNothing}));
  // The first version has gone, and the record that had replaced it is not the one that is shown.
  CHECK((remains(state({1}), {state({1, 2}), state({3}, {1, 2})}, state({2, 3}, {1})) ==
         Marks{Remains::kNothing, Remains::kNothing}));
}

TEST_CASE("each name is judged by itself, and an identity is whole") {
  const std::vector<Record> pending = {stored("a", state({1})),
                                       {.space = KeySpace::kIdentity},
                                       stored("b", state({2})),
                                       stored("a", state({3}, {1})),
                                       {.space = KeySpace::kHints, .owner = 1, .key = key("a"), .object = state({1})}};
  const std::vector<ObjectPtr> shown = {state({1}), ObjectPtr(), ObjectPtr(), state({1}), state({1})};
  CHECK((remains_of(pending, shown, Image()) ==
         Marks{Remains::kWhole, Remains::kWhole, Remains::kNothing, Remains::kNothing, Remains::kWhole}));
}
