#include "engine/node/operations.h"

#include "tests/catch.h"

namespace dkv {
namespace {

TEST_CASE("an answer to an operation of an earlier life finds nothing, however few slots this life has") {
  Operations earlier(100);
  earlier.start(1);
  OpId id = kNoOp;
  for (int i = 0; i < 50; ++i) earlier.insert(ForwardOp{}, id);
  Operations operations(100);
  operations.start(2);
  CHECK(operations.find_any(id) == nullptr);  // a bug once read beyond the slots
  CHECK(operations.find<ForwardOp>(id) == nullptr);
  OpId first = kNoOp;
  operations.insert(ForwardOp{}, first);
  CHECK(operations.find_any((first & 0xffff) | (id & ~OpId{0xffff})) == nullptr);
  CHECK(operations.find_any(first) != nullptr);
}

TEST_CASE("no answer finds the operation that has no name") {
  Operations operations(10);
  operations.start(1);
  CHECK(operations.find_any(kNoOp) == nullptr);
}

TEST_CASE("an id is not used twice, though its slot is") {
  Operations operations(10);
  operations.start(7);
  OpId first = kNoOp;
  operations.insert(ForwardOp{}, first);
  operations.erase(first);
  OpId second = kNoOp;
  operations.insert(ForwardOp{}, second);
  CHECK((first & 0xffff) == (second & 0xffff));
  CHECK(first != second);
  CHECK(operations.find_any(first) == nullptr);
  CHECK(operations.in_progress() == 1);
}

TEST_CASE("an operation is found only as its own kind") {
  Operations operations(10);
  operations.start(1);
  OpId id = kNoOp;
  operations.insert(HintOp{.owner = 4}, id);
  CHECK(operations.find<WriteOp>(id) == nullptr);
  REQUIRE(operations.find<HintOp>(id) != nullptr);
  CHECK(operations.find<HintOp>(id)->owner == 4);
}

TEST_CASE("deadlines come due in order, and deadlines of finished operations never do") {
  Operations operations(10);
  operations.start(1);
  OpId ids[3] = {};
  for (OpId& id : ids) operations.insert(ForwardOp{}, id);
  operations.add_deadline(ids[0], 300);
  operations.add_deadline(ids[1], 100);
  operations.add_deadline(ids[2], 200);
  operations.erase(ids[1]);
  CHECK(operations.next_deadline() == 200);
  CHECK(operations.next_due(199) == kNoOp);
  CHECK(operations.next_due(400) == ids[2]);
  CHECK(operations.next_due(400) == ids[0]);
  CHECK(operations.next_due(400) == kNoOp);
  CHECK(operations.next_deadline() == -1);
}

TEST_CASE("the deadlines of finished operations don't pile up") {
  Operations operations(100);
  operations.start(1);
  OpId lasting = kNoOp;
  operations.insert(ForwardOp{}, lasting);
  operations.add_deadline(lasting, 10);  // at the front of the heap; a bug once kept all deadlines behind it
  for (int i = 0; i < 100'000; ++i) {
    OpId id = kNoOp;
    operations.insert(ForwardOp{}, id);
    operations.add_deadline(id, 600 * kSecond);
    operations.erase(id);
  }
  CHECK(operations.deadlines_kept() <= 64);
  CHECK(operations.next_deadline() == 10);
}

TEST_CASE("the table is full at its limit and has room again when an operation ends") {
  Operations operations(2);
  operations.start(1);
  OpId first = kNoOp;
  OpId second = kNoOp;
  operations.insert(ForwardOp{}, first);
  CHECK_FALSE(operations.full());
  operations.insert(ForwardOp{}, second);
  CHECK(operations.full());
  operations.erase(first);
  CHECK_FALSE(operations.full());
}

}  // namespace
}  // namespace dkv
