#include "sim/disk/survivors.h"

#include <initializer_list>

#include "tests/catch.h"
#include "tests/sim/records.h"

using namespace dkv;
using namespace dkv::sim;
using kit::key;

namespace {

using Marks = std::vector<Remains>;

// An object with these writes, each by a different actor. `replaced`: further writes that it has seen.
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

// The fate of records of one key that now shows `shown`.
Marks remains(const ObjectPtr& durable, std::initializer_list<ObjectPtr> states, const ObjectPtr& shown) {
  Image image;
  image.apply(stored("k", durable));
  std::vector<Record> pending;
  for (const ObjectPtr& object : states) pending.push_back(stored("k", object));
  const std::vector<ObjectPtr> all(pending.size(), shown);
  return remains_of(pending, all, image);
}

}  // namespace

TEST_CASE("the record that is shown has outlived earlier ones, and nothing is left of later ones") {
  const ObjectPtr second = state({2}, {1});
  CHECK((remains(state({1}), {state({1}), second, state({3}, {1, 2})}, second) ==
         Marks{Remains::kWhole, Remains::kWhole, Remains::kNothing}));
}

TEST_CASE("nothing is left of the pending records when the store shows the durable state") {
  CHECK((remains(state({1}), {state({2}, {1})}, state({1})) == Marks{Remains::kNothing}));
}

TEST_CASE("the whole versions of a torn record join the durable ones") {
  CHECK((remains(state({1}), {state({2, 3}, {1})}, state({1, 3})) == Marks{Remains::kParts}));
}

// Seed 695 of the swarm, when writes were larger: one record survived and had replaced the durable state. The records
// after it had torn values.
TEST_CASE("the whole versions of a torn record join an earlier record that survived, although that was not durable") {
  const ObjectPtr whole = state({3, 4}, {1, 2});
  const ObjectPtr torn = state({4, 5, 6}, {1, 2, 3});
  CHECK((remains(state({1, 2}), {state({1, 2, 3}), whole, torn}, state({3, 4, 5}, {1, 2})) ==
         Marks{Remains::kWhole, Remains::kWhole, Remains::kParts}));
}

TEST_CASE("of several torn records each may have left something") {
  CHECK((remains(state({1}), {state({2}, {1}), state({3, 4}, {1, 2}), state({5, 6}, {1, 2, 3, 4})},
                 state({2, 4, 5}, {1})) == Marks{Remains::kWhole, Remains::kParts, Remains::kParts}));
}

TEST_CASE("a state that no pending record can explain counts for none of them") {
  CHECK((remains(state({1}), {state({2}, {1})}, state({1, 9})) == Marks{Remains::kNothing}));
  // The first version is gone, but the record that replaced it is not the one that is shown.
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

// Seed 4802: a record was pending when the value of an older sibling was found damaged, and the record still listed
// that sibling. After it became durable, the oracles believed that the sibling was stored, and that its loss had no
// excuse.
TEST_CASE("a pending record loses the versions that the damage took") {
  RecordLedger records;
  records.apply(stored("k", state({1, 2})));
  records.append({1, stored("k", state({1, 2, 3}))});
  records.append({2, stored("other", state({1}))});
  take_over(records, stored("k", ObjectPtr()), state({2, 3}));
  REQUIRE(records.pending() == 2);
  CHECK(records.next().object->digest() == state({2, 3})->digest());
  records.settle_next();
  CHECK(records.next().object->digest() == state({1})->digest());
  CHECK((*records.durable().find(key("k")))->digest() == state({2, 3})->digest());
}

TEST_CASE("a pending record of which the damage leaves nothing is gone") {
  RecordLedger records;
  records.apply(stored("k", state({1})));
  records.append({1, stored("k", state({1}))});
  take_over(records, stored("k", ObjectPtr()), ObjectPtr());
  CHECK(records.idle());
  CHECK_FALSE(records.durable().find(key("k")));
}

TEST_CASE("a pending record that the damage leaves alone keeps its clock") {
  RecordLedger records;
  records.append({1, stored("k", state({2}, {1}))});
  take_over(records, stored("k", ObjectPtr()), state({2}));
  CHECK(records.next().object->digest() == state({2}, {1})->digest());
}

namespace {

// One key under a policy that acknowledges before it syncs. states: those of its records, of which the last
// `on_their_way` were not acknowledged either.
FallenBack after_power_loss(const ObjectPtr& synced, std::initializer_list<ObjectPtr> states, std::size_t on_their_way,
                            const ObjectPtr& shown) {
  Image before;
  if (synced) before.apply(stored("k", synced));
  Image durable = before;
  std::vector<Record> records;
  for (const ObjectPtr& object : states) {
    records.push_back(stored("k", object));
    if (records.size() + on_their_way <= states.size()) durable.apply(records.back());
  }
  const std::vector<ObjectPtr> all(records.size(), shown);
  return fall_back(records, records.size() - on_their_way, all, before, durable);
}

}  // namespace

TEST_CASE("a power loss may throw a name back to any state since the last sync") {
  const ObjectPtr first = state({1}), second = state({2}, {1}), third = state({3}, {1, 2});
  for (const ObjectPtr& shown : {first, second}) {
    const FallenBack back = after_power_loss(first, {second, third}, 0, shown);
    REQUIRE(back.names.size() == 1);
    CHECK(back.names[0].now.object->digest() == shown->digest());
    CHECK_FALSE(back.names[0].in_parts);
    CHECK(back.records_lost == (shown == first ? 2u : 1u));
  }
  CHECK(after_power_loss(first, {second, third}, 0, third).names.empty());
}

TEST_CASE("a power loss excuses nothing that was synced, and no state that never was") {
  const ObjectPtr second = state({2}, {1}), third = state({3}, {1, 2});
  CHECK(after_power_loss(second, {third}, 0, state({1})).names.empty());
  CHECK(after_power_loss(second, {third}, 0, ObjectPtr()).names.empty());
  CHECK(after_power_loss(second, {third}, 0, state({9}, {1, 2})).names.empty());
  CHECK(after_power_loss({}, {third}, 0, ObjectPtr()).names.size() == 1);
}

TEST_CASE("a name that shows a pending record has not fallen back") {
  const ObjectPtr first = state({1}), second = state({2}, {1}), third = state({3}, {1, 2});
  CHECK(after_power_loss(first, {second, third}, 1, third).names.empty());
  CHECK(after_power_loss(first, {second, third}, 1, first).names.size() == 1);
}

TEST_CASE("a name of which a power loss has left parts has fallen back without its clock") {
  const FallenBack back = after_power_loss(state({1}), {state({2, 3}, {1})}, 0, state({1, 3}));
  REQUIRE(back.names.size() == 1);
  CHECK(back.names[0].in_parts);
}
