#include "engine/node/peers.h"

#include "tests/node/kit.h"

namespace dkv::testing {
namespace {

bool sees(Bench& bench, NodeId from, NodeId to) {
  return bench.node(from).peers().reachable(to);
}

TEST_CASE("a peer is out of reach until it has been heard, and a new life is answered at once") {
  Bench bench(without_timers(3));
  bench.crash(0);
  bench.lose = [](const Envelope& envelope) { return envelope.to == 0; };
  bench.start(0);
  bench.settle();
  CHECK_FALSE(sees(bench, 0, 1));
  CHECK(bench.node(0).peers().reachable_count() == 0);
  bench.lose = nullptr;
  bench.restart(0);
  CHECK(sees(bench, 0, 1));  // without waiting for a timer
  CHECK(sees(bench, 1, 0));
  CHECK(bench.node(0).peers().reachable_count() == 2);
}

TEST_CASE("a peer that falls silent is reachable until the time-out shows otherwise") {
  Bench bench(without_timers(3));
  bench.isolate(2);
  bench.advance(2 * kSecond);
  CHECK(sees(bench, 0, 2));
  bench.advance(kSecond);
  CHECK_FALSE(sees(bench, 0, 2));
  CHECK_FALSE(sees(bench, 2, 0));
  CHECK(sees(bench, 0, 1));
  CHECK(bench.node(2).peers().reachable_count() == 0);
  CHECK(bench.node(0).peers().reachable_count() == 1);
  CHECK(sees(bench, 2, 2));
}

TEST_CASE("a link that works one way only counts for neither side") {
  Bench bench(without_timers(3));
  bench.cut(0, 1);
  bench.advance(4 * kSecond);
  CHECK_FALSE(sees(bench, 1, 0));  // it hears nothing
  CHECK_FALSE(sees(bench, 0, 1));  // it is told that it is not heard
  CHECK(sees(bench, 0, 2));
  CHECK(sees(bench, 1, 2));
  bench.heal();
  bench.advance(kSecond);
  CHECK(sees(bench, 1, 0));
  CHECK(sees(bench, 0, 1));
}

TEST_CASE("a peer that comes back is reachable after its first heartbeat, and each change is reported once") {
  Bench bench(without_timers(3));
  bench.crash(1);
  bench.advance(10 * kSecond);
  CHECK(bench.count(Observed::kPeerUnreachable) == 2);
  bench.start(1);
  bench.settle();
  CHECK(sees(bench, 0, 1));
  bench.advance(10 * kSecond);
  CHECK(bench.count(Observed::kPeerReachable) == 2);
  CHECK(bench.count(Observed::kPeerUnreachable) == 2);
}

TEST_CASE("a late heartbeat of an earlier life makes the peer unreachable until its present life is heard") {
  Bench bench(without_timers(3));
  bench.restart(1);
  bench.advance(kSecond);
  CHECK(bench.node(0).peers().incarnation(1) == 2);
  bench.give(0, Received{1, Heartbeat{.incarnation = 1, .hears_you = true}});
  CHECK(bench.node(0).peers().incarnation(1) == 2);
  CHECK_FALSE(sees(bench, 0, 1));
  bench.give(0, Received{1, Heartbeat{.incarnation = 2, .hears_you = true}});
  CHECK(sees(bench, 0, 1));
  bench.give(0, Received{1, Heartbeat{.incarnation = 2, .hears_you = false}});
  CHECK_FALSE(sees(bench, 0, 1));
}

TEST_CASE("heartbeats from strangers and from the node itself are passed over") {
  Bench bench(without_timers(3));
  for (const NodeId stranger : {NodeId{0}, NodeId{3}, NodeId{1000}, kNoNode}) {
    bench.give(0, Received{stranger, Heartbeat{9, true}});
  }
  CHECK_FALSE(sees(bench, 0, 3));
  CHECK_FALSE(sees(bench, 0, kNoNode));
  CHECK(bench.node(0).peers().reachable_count() == 2);
}

TEST_CASE("a node that was stopped for long takes its peers for reachable again when it hears them") {
  Bench bench(without_timers(3));
  bench.hold = [](const Envelope& e) { return e.from == 0 || e.to == 0; };
  bench.advance(10 * kSecond);
  CHECK(bench.node(0).peers().reachable_count() == 0);
  bench.held.clear();
  bench.hold = nullptr;
  bench.advance(kSecond + 1);
  CHECK(bench.node(0).peers().reachable_count() == 2);
}

}  // namespace
}  // namespace dkv::testing
