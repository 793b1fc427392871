#include "engine/node/heartbeats.h"

#include "tests/node/kit.h"

namespace dkv::testing {
namespace {

// Restarts the node in the life before its present one, as a restored backup of its folder would.
void go_back_one_life(Bench& bench, NodeId id) {
  bench.crash(id);
  bench.host(id).incarnation -= 2;  // restart() adds one
  bench.start(id);
  bench.settle();
}

TEST_CASE("a node in an older life than its peers remember is told by each of them, and reports it once") {
  Bench bench(without_timers(3));
  bench.restart(0);
  const Incarnation latest = bench.host(0).incarnation;
  bench.forget_counts();
  bench.observed.clear();
  go_back_one_life(bench, 0);
  CHECK(bench.host(0).incarnation == latest - 1);
  CHECK(bench.sent<LaterLife>() >= 2);
  CHECK(bench.count(Observed::kLaterLifeTold) == 1);
  CHECK(bench.node(0).later_life() == latest);
  bench.advance(5 * kSecond);
  CHECK(bench.count(Observed::kLaterLifeTold) == 1);
  CHECK(bench.node(1).later_life() == 0);
  // The others do not accept it as a peer until it has a later life.
  CHECK_FALSE(bench.node(1).peers().incarnation(0) == bench.host(0).incarnation);
}

TEST_CASE("a heartbeat of an earlier life that is late is answered, and the later life ignores the answer") {
  Bench bench(without_timers(3));
  const Incarnation earlier = bench.host(0).incarnation;
  bench.restart(0);
  bench.forget_counts();
  bench.observed.clear();
  bench.give(1, Received{0, Heartbeat{.incarnation = earlier}});
  bench.settle();
  CHECK(bench.sent<LaterLife>() == 1);
  CHECK(bench.count(Observed::kLaterLifeTold) == 0);
  CHECK(bench.node(0).later_life() == 0);
}

TEST_CASE("a notice of a life that is not later, or by a stranger, is no news") {
  Bench bench(without_timers(3));
  const Incarnation life = bench.host(0).incarnation;
  bench.give(0, Received{1, LaterLife{.to_incarnation = life, .later = life}});
  bench.give(0, Received{7, LaterLife{.to_incarnation = life, .later = life + 5}});
  CHECK(bench.count(Observed::kLaterLifeTold) == 0);
  bench.give(0, Received{1, LaterLife{.to_incarnation = life, .later = life + 5}});
  bench.give(0, Received{2, LaterLife{.to_incarnation = life, .later = life + 4}});
  CHECK(bench.count(Observed::kLaterLifeTold) == 1);
  CHECK(bench.node(0).later_life() == life + 5);
}

}  // namespace
}  // namespace dkv::testing
