#include "engine/node/eras.h"

#include "tests/catch.h"
#include "tests/node/kit.h"

namespace dkv::testing {
namespace {

// Eras that have settled into `era`.
Eras at(Era era) {
  Eras eras;
  eras.heard(era);
  eras.settle(era);
  return eras;
}

TEST_CASE("a node settles into an era once it holds nothing from before the last one") {
  Eras eras = at(4);
  CHECK(eras.heard(5));
  CHECK_FALSE(eras.heard(5));
  CHECK_FALSE(eras.heard(3));
  eras.settle(3);
  CHECK(eras.settled() == 4);
  eras.settle(4);
  CHECK(eras.settled() == 5);
}

TEST_CASE("the next era begins once all have settled into this one") {
  Eras eras = at(4);
  eras.begin_next(3);
  CHECK(eras.current() == 4);
  eras.begin_next(4);
  CHECK(eras.current() == 5);
  eras.begin_next(4);
  CHECK(eras.current() == 5);
  eras.begin_next(9);  // it has not settled itself, so this has no effect
  CHECK(eras.current() == 5);
}

TEST_CASE("a state two eras older than a node's own is taken, and one three eras older is not") {
  const Eras eras = at(7);
  CHECK(eras.takes(9));
  CHECK(eras.takes(5));
  CHECK_FALSE(eras.takes(4));
  CHECK_FALSE(eras.takes(~Era{0}));  // no overflow
}

TEST_CASE("an era above every possible count is ignored") {
  Eras eras = at(7);
  CHECK_FALSE(eras.heard(~Era{0}));
  CHECK(eras.current() == 7);
}

TEST_CASE("each life begins above the eras of the lives before it") {
  Eras first, second;
  first.begin(6);
  for (int i = 0; i < 1000; ++i) {
    first.settle(first.current());
    first.begin_next(first.current());
  }
  second.begin(7);
  CHECK(second.current() > first.current());
  CHECK(second.settled() == 0);
  Eras last;
  last.begin(~Incarnation{0});
  CHECK(second.heard(last.current()));
}

TEST_CASE("no era passes while no node waits for one") {
  Bench bench(without_timers(3));
  const Era first = bench.node(0).eras().current();
  bench.advance(60 * kSecond);
  CHECK(bench.node(0).eras().current() == first);
}

TEST_CASE("a state that is meant for an earlier life of its receiver is not taken") {
  Bench bench(without_timers(3));
  const auto nodes = bench.list("k");
  bench.hold = [&](const Envelope& envelope) {
    return envelope.to == nodes[2] && std::holds_alternative<ReplicaPut>(envelope.message);
  };
  bench.call(nodes[0], put_of("k", "late", 2));
  bench.restart(nodes[2]);
  bench.release_held();
  bench.settle();
  CHECK_FALSE(bench.node(nodes[2]).store().find(key_of("k")));
  CHECK(bench.count(Observed::kStaleDropped) == 1);
  bench.call(nodes[0], put_of("k", "new", 3));
  CHECK(values_of(bench.node(nodes[2]).store().find(key_of("k"))) == "late,new");
}

}  // namespace
}  // namespace dkv::testing
