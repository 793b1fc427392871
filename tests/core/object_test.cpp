#include "engine/core/object.h"

#include <vector>

#include "tests/catch.h"
#include "tests/core/replica_model.h"

using namespace dkv;
using test::ReplicaModel;

namespace {

constexpr auto kSiblings = ConflictPolicy::kSiblings;
constexpr auto kLww = ConflictPolicy::kLastWriteWins;

Dot dot(std::uint64_t actor, std::uint64_t counter) {
  return {{{0, actor}, 0}, counter};
}

Sibling sibling(const Dot& at, std::uint64_t hlc, std::string_view value) {
  Sibling result;
  result.dot = at;
  result.hlc = Hlc{hlc};
  result.value = Blob(value);
  return result;
}

Sibling tombstone(const Dot& at, std::uint64_t hlc) {
  Sibling result = sibling(at, hlc, "");
  result.tombstone = true;
  return result;
}

}  // namespace

TEST_CASE("a first write makes an object of one sibling") {
  const ObjectPtr object = put({}, {}, sibling(dot(1, 1), 10, "hello"), kSiblings);
  REQUIRE(object->siblings().size() == 1);
  CHECK(object->siblings()[0].value.view() == "hello");
  CHECK(object->seen() == VersionVector().with(dot(1, 1)));
  CHECK(object->latest_hlc() == Hlc{10});
  CHECK(object->value_bytes() == 5);
  CHECK_FALSE(object->deleted());
  CHECK(object->digest() != 0);
}

TEST_CASE("a write replaces the versions that its writer has seen, and becomes a sibling of the others") {
  const ObjectPtr first = put({}, {}, sibling(dot(1, 1), 10, "a"), kSiblings);
  const ObjectPtr second = put(first, {}, sibling(dot(1, 2), 11, "b"), kSiblings);
  REQUIRE(second->siblings().size() == 2);
  const ObjectPtr third = put(second, first->context(), sibling(dot(1, 3), 12, "c"), kSiblings);
  REQUIRE(third->siblings().size() == 2);
  CHECK(third->siblings()[0].value.view() == "b");
  CHECK(third->siblings()[1].value.view() == "c");
  const ObjectPtr resolved = put(third, third->context(), sibling(dot(2, 1), 13, "d"), kSiblings);
  REQUIRE(resolved->siblings().size() == 1);
  CHECK(resolved->siblings()[0].value.view() == "d");
}

TEST_CASE("a stale client that rewrites a hundred times leaves two siblings, not a hundred and one") {
  ReplicaModel model(1, kSiblings);
  model.put(0, {}, 0);
  ReplicaModel::Token client = model.read(0);
  const WriteTag other = model.put(0, model.read(0), 0);
  WriteTag last = 0;
  for (int i = 0; i < 100; ++i) {
    // It never reads again: each answer adds its own write to what it has seen, never the other's.
    last = model.put(0, client, 0);
    client = model.answer();
    REQUIRE(model.kept(0) == ReplicaModel::History{other, last});
  }
}

TEST_CASE("writes with one old context stay siblings of the writes of a client that resolves") {
  ReplicaModel model(1, kSiblings);
  model.put(0, {}, 0);
  const ReplicaModel::Token stale = model.read(0);
  for (int i = 0; i < 100; ++i) {
    const WriteTag resolved = model.put(0, model.read(0), 0);
    const WriteTag rewritten = model.put(0, stale, 0);
    REQUIRE(model.kept(0) == ReplicaModel::History{resolved, rewritten});
  }
}

TEST_CASE("the answer to a write never covers a concurrent one that the client has not seen") {
  const ObjectPtr theirs = put({}, {}, sibling(dot(1, 1), 10, "theirs"), kSiblings);
  const ObjectPtr both = put(theirs, {}, sibling(dot(1, 2), 11, "mine"), kSiblings);
  const Context answer{Context{}.seen.with(dot(1, 2)), Hlc{11}};
  CHECK_FALSE(answer.seen.covers(dot(1, 1)));
  CHECK(answer.seen.covers(dot(1, 2)));
  const ObjectPtr again = put(both, answer, sibling(dot(1, 3), 12, "mine again"), kSiblings);
  REQUIRE(again->siblings().size() == 2);
  CHECK(again->siblings()[0].value.view() == "theirs");
  CHECK(again->siblings()[1].value.view() == "mine again");
}

TEST_CASE("a delete leaves a tombstone, and a value written beside it lives") {
  const ObjectPtr value = put({}, {}, sibling(dot(1, 1), 10, "a"), kSiblings);
  const ObjectPtr gone = put(value, value->context(), tombstone(dot(1, 2), 11), kSiblings);
  CHECK(gone->deleted());
  CHECK(gone->value_bytes() == 0);
  const ObjectPtr beside = put(gone, value->context(), sibling(dot(2, 1), 12, "b"), kSiblings);
  CHECK(beside->siblings().size() == 2);
  CHECK_FALSE(beside->deleted());
}

TEST_CASE("merging an older state back does not bring deleted values back") {
  const ObjectPtr value = put({}, {}, sibling(dot(1, 1), 10, "a"), kSiblings);
  const ObjectPtr gone = put(value, value->context(), tombstone(dot(1, 2), 11), kSiblings);
  CHECK(merge(gone, value, kSiblings) == gone);
  CHECK(merge(value, gone, kSiblings) == gone);
}

TEST_CASE("a merge that adds nothing answers with the very same object") {
  const ObjectPtr first = put({}, {}, sibling(dot(1, 1), 10, "a"), kSiblings);
  const ObjectPtr second = put(first, first->context(), sibling(dot(1, 2), 11, "b"), kSiblings);
  CHECK(merge(second, first, kSiblings).get() == second.get());
  CHECK(merge(first, second, kSiblings).get() == second.get());
  CHECK(merge(first, {}, kSiblings).get() == first.get());
  CHECK(merge({}, first, kSiblings).get() == first.get());
  CHECK(merge(first, first, kSiblings).get() == first.get());
  CHECK_FALSE(merge(ObjectPtr(), ObjectPtr(), kSiblings));
  const ObjectPtr twin = put({}, {}, sibling(dot(1, 1), 10, "a"), kSiblings);
  CHECK(merge(first, twin, kSiblings).get() == first.get());
  CHECK(equal(first, twin));
}

TEST_CASE("last-write-wins keeps the later of two concurrent writes, by dot when the timestamps are equal") {
  const ObjectPtr early = put({}, {}, sibling(dot(1, 1), 10, "early"), kLww);
  const ObjectPtr late = put({}, {}, sibling(dot(2, 1), 20, "late"), kLww);
  CHECK(merge(early, late, kLww)->siblings()[0].value.view() == "late");
  CHECK(merge(late, early, kLww)->siblings()[0].value.view() == "late");
  const ObjectPtr tie = put({}, {}, sibling(dot(3, 1), 20, "tie"), kLww);
  CHECK(merge(late, tie, kLww)->siblings()[0].value.view() == "tie");
  CHECK(merge(tie, late, kLww)->siblings()[0].value.view() == "tie");
}

TEST_CASE("under last-write-wins a write that arrives late loses on arrival, and is known to have been seen") {
  const ObjectPtr late = put({}, {}, sibling(dot(1, 1), 20, "late"), kLww);
  const ObjectPtr after = put(late, {}, sibling(dot(1, 2), 10, "early"), kLww);
  REQUIRE(after->siblings().size() == 1);
  CHECK(after->siblings()[0].value.view() == "late");
  CHECK(after->seen().covers(dot(1, 2)));
}

TEST_CASE("the digest tells states apart by dots, clock and tombstones, not by how they came about") {
  const ObjectPtr a = put({}, {}, sibling(dot(1, 1), 10, "a"), kSiblings);
  const ObjectPtr b = put({}, {}, sibling(dot(2, 1), 10, "b"), kSiblings);
  const ObjectPtr ab = merge(a, b, kSiblings);
  const ObjectPtr ba = merge(b, a, kSiblings);
  CHECK(ab->digest() == ba->digest());
  CHECK(equal(ab, ba));
  CHECK(a->digest() != b->digest());
  CHECK(ab->digest() != a->digest());
  CHECK(put({}, {}, tombstone(dot(1, 1), 10), kSiblings)->digest() != a->digest());
  std::vector<Sibling> same{sibling(dot(1, 1), 10, "a")};
  CHECK(Object::make(VersionVector().with(dot(1, 1)).with(dot(2, 1)), same)->digest() != a->digest());
}

TEST_CASE("having seen one write only is another state than having seen all up to it") {
  std::vector<Sibling> one{sibling(dot(1, 3), 10, "a")};
  std::vector<Sibling> same{sibling(dot(1, 3), 10, "a")};
  const ObjectPtr only = Object::make(VersionVector().with(dot(1, 3)), one);
  const ObjectPtr all = Object::make(VersionVector().with(dot(1, 1)).with(dot(1, 2)).with(dot(1, 3)), same);
  CHECK(only->digest() != all->digest());
  CHECK_FALSE(equal(only, all));
  CHECK(merge(only, all, kSiblings).get() == all.get());
}

TEST_CASE("two damaged states that each claim to have replaced the other keep both values") {
  const VersionVector both = VersionVector().with(dot(1, 1)).with(dot(2, 1));
  std::vector<Sibling> one{sibling(dot(1, 1), 10, "a")};
  std::vector<Sibling> other{sibling(dot(2, 1), 11, "b")};
  const ObjectPtr a = Object::make(both, one);
  const ObjectPtr b = Object::make(both, other);
  CHECK(merge(a, b, kSiblings)->siblings().size() == 2);
  CHECK(equal(merge(a, b, kSiblings), merge(b, a, kSiblings)));
  CHECK(merge(a, b, kLww)->siblings()[0].value.view() == "b");
}

TEST_CASE("objects outlive the pointers that they were copied from") {
  ObjectPtr copy;
  {
    const ObjectPtr object = put({}, {}, sibling(dot(1, 1), 10, "kept"), kSiblings);
    copy = object;
    const ObjectPtr& alias = copy;
    copy = alias;
  }
  CHECK(copy->siblings()[0].value.view() == "kept");
  const ObjectPtr moved = std::move(copy);
  CHECK_FALSE(copy);
  CHECK(moved->value_bytes() == 4);
}

TEST_CASE("an expired value becomes a tombstone of the same dot, and others do not change") {
  Sibling mortal = sibling(dot(1, 1), 10, "mortal");
  mortal.expires_wall_ns = 100;
  const ObjectPtr first = put({}, {}, mortal, kSiblings);
  const ObjectPtr both = put(first, {}, sibling(dot(2, 1), 11, "stays"), kSiblings);
  CHECK(expire(both, 99) == both);
  CHECK_FALSE(expire({}, 99));
  CHECK(next_expiry(*both) == 100);
  const ObjectPtr after = expire(both, 100);
  REQUIRE(after->siblings().size() == 2);
  CHECK(after->siblings()[0].tombstone);
  CHECK(after->siblings()[0].value.empty());
  CHECK(after->siblings()[1].value.view() == "stays");
  CHECK(after->seen() == both->seen());
  CHECK(next_expiry(*after) == 0);
  CHECK(expire(after, 1000) == after);
  CHECK(expire(first, 100)->deleted());
}

TEST_CASE("replicas agree whether or not they have taken an expired value away, and differ about a delete") {
  Sibling mortal = sibling(dot(1, 1), 10, "mortal");
  mortal.expires_wall_ns = 100;
  const ObjectPtr value = put({}, {}, mortal, kSiblings);
  const ObjectPtr gone = expire(value, 100);
  CHECK(value->digest() == gone->digest());
  CHECK(equal(value, gone));
  CHECK(merge(value, gone, kSiblings) == value);
  CHECK(merge(gone, value, kSiblings) == gone);
  const ObjectPtr deleted = put({}, {}, tombstone(dot(1, 1), 10), kSiblings);
  CHECK(value->digest() != deleted->digest());
  CHECK_FALSE(equal(value, deleted));
}

TEST_CASE("a state succeeds another when it has seen all of it and carries nothing that it had replaced") {
  const ObjectPtr old = put({}, {}, sibling(dot(1, 1), 10, "a"), kSiblings);
  const ObjectPtr state = put(old, old->context(), sibling(dot(2, 1), 20, "b"), kSiblings);
  const VersionVector carried = carried_dots(*state);
  CHECK(succeeds(*state, state->seen(), carried));
  CHECK(succeeds(*put(state, {}, sibling(dot(3, 1), 30, "c"), kSiblings), state->seen(), carried));
  CHECK(succeeds(*put(state, state->context(), sibling(dot(3, 1), 30, "c"), kSiblings), state->seen(), carried));
  CHECK_FALSE(succeeds(*old, state->seen(), carried));
  // Damage has left the later version without the clock of its writer, and then the older one came.
  Sibling both[] = {sibling(dot(1, 1), 10, "a"), sibling(dot(2, 1), 20, "b")};
  const ObjectPtr damaged = Object::make(VersionVector().with(dot(1, 1)).with(dot(2, 1)), both);
  CHECK_FALSE(succeeds(*damaged, state->seen(), carried));
}

TEST_CASE("a clock drops what is gone, and keeps what a sibling or the living actor needs") {
  VersionVector seen = VersionVector().with(dot(1, 1)).with(dot(2, 1)).with(dot(2, 2)).with(dot(3, 1));
  seen = seen.with(dot(3, 5)).with(dot(3, 8)).with(dot(4, 1));
  Sibling siblings[] = {sibling(dot(2, 1), 10, "a"), sibling(dot(3, 5), 11, "b")};
  const ObjectPtr object = Object::make(seen, siblings);
  const ObjectPtr shorter = without(object, seen, dot(4, 1).actor);
  CHECK(shorter->seen() == VersionVector().with(dot(2, 1)).with(dot(2, 2)).with(dot(3, 5)).with(dot(4, 1)));
  CHECK(shorter->siblings().size() == 2);
  CHECK(without(shorter, seen, dot(4, 1).actor) == shorter);
  CHECK(without(object, {}, dot(4, 1).actor) == object);
  // An entry that has gone further than the dots that are gone stays.
  CHECK(without(object, VersionVector().with(dot(2, 1)), dot(4, 1).actor) == object);
}
