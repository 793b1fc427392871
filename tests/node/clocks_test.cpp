#include "engine/node/clocks.h"

#include "tests/catch.h"
#include "tests/node/kit.h"

using namespace dkv;
using namespace dkv::testing;

namespace {

constexpr TimeNs kHour = 3600 * kSecond;
constexpr TimeNs kWall = 1'700'000'000 * kSecond;

struct Desk {
  explicit Desk(std::uint32_t nodes) : bench(without_timers(nodes)), clocks(bench.host(0).config) {}
  void hear(std::initializer_list<TimeNs> ahead_ns, TimeNs now_ns = 0) {
    NodeId peer = 1;
    for (const TimeNs ahead : ahead_ns) clocks.heard(peer++, kWall + now_ns + ahead, now_ns);
  }
  // The time that the node takes, beyond the true one.
  TimeNs takes(TimeNs own_ahead_ns, TimeNs now_ns = 0) const {
    return clocks.time(kWall + now_ns + own_ahead_ns, now_ns) - kWall - now_ns;
  }
  Bench bench;
  Clocks clocks;
};

}  // namespace

TEST_CASE("a node without a peer takes its own clock, however far it is off") {
  const Desk desk(1);
  CHECK(desk.takes(0) == 0);
  CHECK(desk.takes(25 * kHour) == 25 * kHour);
  const Desk unheard(3);
  CHECK(unheard.takes(-kHour) == -kHour);
}

TEST_CASE("a node near the median of the clocks takes its own") {
  Desk desk(3);
  desk.hear({kSecond, 3 * kSecond});
  CHECK(desk.takes(0) == 0);
  CHECK(desk.takes(-9 * kSecond) == -9 * kSecond);
  CHECK(desk.takes(13 * kSecond) == 13 * kSecond);
}

TEST_CASE("a node further from the median than the limit takes the median, in either direction") {
  Desk desk(3);
  desk.hear({kSecond, 3 * kSecond});
  CHECK(desk.takes(25 * kHour) == 3 * kSecond);
  CHECK(desk.takes(-kWall) == kSecond);
  CHECK(desk.takes(0) == 0);
}

TEST_CASE("one clock of three that is wrong moves nobody") {
  Desk desk(3);
  desk.hear({0, 25 * kHour});
  CHECK(desk.takes(0) == 0);
  CHECK(desk.takes(2 * kSecond) == 2 * kSecond);
  desk.hear({0, -kWall});
  CHECK(desk.takes(0) == 0);
  CHECK_FALSE(desk.clocks.apart(desk.clocks.off_ns(kWall, 0)));
}

TEST_CASE("of two clocks the one behind counts, at both nodes") {
  Desk right(2), ahead(2);
  right.hear({25 * kHour});
  ahead.hear({0});
  CHECK(right.takes(0) == 0);
  CHECK(ahead.takes(25 * kHour) == 0);
}

TEST_CASE("a jump of the own clock shows before the next heartbeat, and the peers' clocks go on") {
  Desk desk(3);
  desk.hear({0, 0}, kSecond);
  CHECK(desk.takes(25 * kHour, 2 * kSecond) == 0);
  CHECK(desk.clocks.off_ns(kWall + 2 * kSecond + kHour, 2 * kSecond) == kHour);
  CHECK(desk.takes(0, 600 * kSecond) == 0);
}

TEST_CASE("a peer that is silent has no say") {
  Desk desk(3);
  desk.hear({25 * kHour, 25 * kHour});
  CHECK(desk.takes(0) == 25 * kHour);
  desk.clocks.silent(1);
  CHECK(desk.takes(0) == 0);
  desk.clocks.silent(2);
  desk.clocks.silent(7);
  CHECK(desk.takes(-kHour) == -kHour);
}

TEST_CASE("a number that no clock shows is passed over") {
  Desk desk(3);
  desk.clocks.heard(1, std::numeric_limits<TimeNs>::max(), 0);
  desk.clocks.heard(2, std::numeric_limits<TimeNs>::min(), 0);
  desk.clocks.heard(9, 0, 0);
  CHECK(desk.takes(kHour) == kHour);
  CHECK(desk.clocks.time(std::numeric_limits<TimeNs>::max(), 5) <= TimeNs{1} << 62);
}

// --- The node.

TEST_CASE("a node whose clock jumps a day ahead says so, and mints by the median of the clocks that it hears") {
  Bench bench;
  bench.advance(2 * kSecond);
  const auto nodes = bench.list("k");
  const auto wall_ms = static_cast<std::uint64_t>((bench.wall_offset_ns + bench.now_ns) / kMillisecond);
  bench.host_wall_ahead_ns[nodes[0]] = 25 * kHour;
  const ClientReply reply = bench.call(nodes[0], put_of("k", "v"));
  REQUIRE(reply.outcome == Outcome::kDone);
  CHECK(reply.context.hlc.wall_ms() < wall_ms + 60'000);
  bench.advance(kSecond);
  CHECK(bench.count(Observed::kClockApart) == 1);
  CHECK(bench.node(nodes[0]).clock_off_ns() > 24 * kHour);
  CHECK(bench.node(nodes[1]).clock_off_ns() < 10 * kSecond);
  bench.host_wall_ahead_ns[nodes[0]] = 0;
  bench.advance(kSecond);
  CHECK(bench.count(Observed::kClockApart) == 1);
  CHECK(bench.count(Observed::kClockAgrees) == 1);
}

TEST_CASE("a clock far ahead without a peer leaves the key writable when it is right again") {
  Bench bench;
  bench.advance(2 * kSecond);
  const auto nodes = bench.list("k");
  bench.isolate(nodes[0]);
  bench.advance(10 * kSecond);
  bench.host_wall_ahead_ns[nodes[0]] = 25 * kHour;
  const ClientReply far = bench.call(nodes[0], put_of("k", "v", 1));
  REQUIRE(far.outcome == Outcome::kDone);
  const auto day_ms = static_cast<std::uint64_t>(24 * kHour / kMillisecond);
  const auto wall_ms = [&] { return static_cast<std::uint64_t>((bench.wall_offset_ns + bench.now_ns) / kMillisecond); };
  CHECK(far.context.hlc.wall_ms() > wall_ms() + day_ms);
  bench.host_wall_ahead_ns[nodes[0]] = 0;
  bench.heal();
  bench.advance(30 * kSecond);
  const ClientReply again = bench.call(nodes[1], with_context(put_of("k", "w"), far.context));
  REQUIRE(again.outcome == Outcome::kDone);
  CHECK(again.context.hlc > far.context.hlc);
  // The key's own timestamps stay ahead. Those of other keys follow the clock, at both nodes.
  for (const NodeId node : {nodes[0], nodes[1]}) {
    const ClientReply other = bench.call(node, put_of("other", "x", 1));
    REQUIRE(other.outcome == Outcome::kDone);
    CHECK(other.context.hlc.wall_ms() <= wall_ms());
  }
}
