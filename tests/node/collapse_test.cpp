// Reaping of entries of clocks.
#include "engine/node/reaper.h"
#include "tests/node/kit.h"

namespace dkv::testing {
namespace {

constexpr TimeNs kTimeToCollapse = 10 * kSecond;

std::size_t clock_size(Bench& bench, NodeId node, std::string_view key = "k") {
  const ObjectPtr object = bench.node(node).store().find(key_of(key));
  return object ? object->seen().size() : 0;
}

// What the node answers to a get, from its own copy alone or with others that agree.
std::string shown(Bench& bench, NodeId node) {
  return values_of(bench.call(node, get_of("k", 1)).object);
}

// An update through the node: it replaces all versions.
ClientReply update(Bench& bench, NodeId node, std::string_view value, std::string_view key = "k") {
  const ClientReply read = bench.call(node, get_of(key, 2));
  return bench.call(node, with_context(put_of(key, value, 2), read.context));
}

// Each life of each node writes the key.
void live(Bench& bench, int lives, std::string_view key = "k") {
  for (int life = 0; life < lives; ++life) {
    for (const NodeId node : bench.list(key)) {
      update(bench, node, "life " + std::to_string(life), key);
      bench.restart(node);
      bench.advance(300 * kMillisecond);
    }
  }
}

TEST_CASE("entries of dead epochs leave the clock of a key, and a cluster at rest stays as it is") {
  Bench bench(reaping(3));
  bench.lose = [](const Envelope& e) { return std::holds_alternative<ReapAsk>(e.message); };
  live(bench, 6);
  const auto nodes = bench.list("k");
  CHECK(clock_size(bench, nodes[0]) == 18);
  bench.lose = nullptr;
  bench.advance(kTimeToCollapse);
  for (const NodeId node : nodes) {
    CHECK(clock_size(bench, node) <= 4);
    CHECK(shown(bench, node) == "life 5");
  }
  const std::size_t collapsed = bench.count(Observed::kClockCollapsed);
  const Era era = bench.node(nodes[0]).eras().current();
  bench.advance(kTimeToCollapse);
  CHECK(bench.count(Observed::kClockCollapsed) == collapsed);
  CHECK(bench.node(nodes[0]).eras().current() == era);
}

TEST_CASE("the clock of a key that is written all the time stays short") {
  Bench bench(reaping(3));
  const auto nodes = bench.list("k");
  std::size_t longest = 0;
  for (int life = 0; life < 12; ++life) {
    for (const NodeId node : nodes) bench.restart(node);
    for (int i = 0; i < 60; ++i) {
      update(bench, nodes[static_cast<std::size_t>(i) % 3], std::to_string(100 * life + i));
      bench.advance(50 * kMillisecond);
    }
    longest = std::max(longest, clock_size(bench, nodes[0]));
  }
  CHECK(longest < 12);
  bench.advance(kTimeToCollapse);
  CHECK(clock_size(bench, nodes[0]) <= 4);
}

TEST_CASE("an entry stays while a sibling needs it, and while any member is away") {
  Bench bench(reaping(4));
  const auto nodes = bench.list("k");
  bench.call(nodes[0], put_of("k", "blind", 3));
  const Actor first = bench.node(nodes[0]).actor();
  for (int life = 0; life < 5; ++life) {
    bench.restart(nodes[1]);
    bench.advance(200 * kMillisecond);
    // It replaces its own version only, so the blind one stays.
    bench.call(nodes[1], put_of("k", std::to_string(life), 3));
  }
  bench.crash(nodes[3]);
  bench.restart(nodes[0]);
  bench.advance(kTimeToCollapse);
  const std::size_t with_one_away = clock_size(bench, nodes[0]);
  CHECK(with_one_away >= 6);
  bench.start(nodes[3]);
  bench.settle();
  bench.advance(kTimeToCollapse);
  const ObjectPtr object = bench.node(nodes[0]).store().find(key_of("k"));
  CHECK(object->seen().counter(first) == 1);
  CHECK(shown(bench, nodes[0]).find("blind") != std::string::npos);
}

TEST_CASE("a late copy of a version that was replaced does not come back by a collapse") {
  Bench bench(reaping(3));
  const auto nodes = bench.list("k");
  // The copy for the last replica is in the network for a very long time.
  bench.hold = [&](const Envelope& e) { return e.to == nodes[2] && std::holds_alternative<ReplicaPut>(e.message); };
  update(bench, nodes[0], "old");
  bench.hold = nullptr;
  live(bench, 3);
  bench.advance(kTimeToCollapse);
  REQUIRE(clock_size(bench, nodes[0]) <= 4);
  bench.release_held();
  bench.settle();
  for (const NodeId node : nodes) CHECK(shown(bench, node) == "life 2");
}

TEST_CASE("old contexts bring entries back, and these are collapsed again") {
  Bench bench(reaping(3));
  const auto nodes = bench.list("k");
  bench.lose = [](const Envelope& e) { return std::holds_alternative<ReapAsk>(e.message); };
  live(bench, 4);
  const Context old = bench.call(nodes[0], get_of("k", 3)).context;
  REQUIRE(old.seen.size() == 12);
  bench.lose = nullptr;
  bench.advance(kTimeToCollapse);
  REQUIRE(clock_size(bench, nodes[0]) <= 4);
  // A client that reads now gets a context as short as the clock.
  CHECK(bench.call(nodes[2], get_of("k", 3)).context.seen.size() <= 4);
  CHECK(words_for(bench.call(nodes[1], with_context(put_of("k", "by an old context", 3), old))) == "done 3");
  CHECK(clock_size(bench, nodes[0]) >= 12);
  bench.advance(kTimeToCollapse);
  CHECK(clock_size(bench, nodes[0]) <= 4);
  CHECK(values_of(bench.call(nodes[2], get_of("k", 3)).object) == "by an old context");
}

// A replica may still hold the state that was agreed on, while the leader has replaced its sibling.
TEST_CASE("the entry of a sibling that the agreed state carries does not go with the others") {
  Bench bench(reaping(3));
  const auto nodes = bench.list("k");
  bench.lose = [](const Envelope& e) { return std::holds_alternative<ReapAsk>(e.message); };
  live(bench, 4);           // the last writer has died since
  bench.restart(nodes[0]);  // so it asks for the present state
  bench.advance(kSecond);
  bench.lose = nullptr;
  bench.advance(300 * kMillisecond);
  REQUIRE(bench.sent<ReapHeld>() > 0);
  REQUIRE(bench.count(Observed::kClockCollapsed) == 0);
  // The last replica learns nothing of the next write.
  bench.lose = [&](const Envelope& e) {
    return e.to == nodes[2] &&
           (std::holds_alternative<ReplicaPut>(e.message) || std::holds_alternative<AntiEntropyObjects>(e.message));
  };
  update(bench, nodes[0], "new");
  for (int i = 0; i < 100 && bench.count(Observed::kClockCollapsed) < 3; ++i) bench.advance(100 * kMillisecond);
  REQUIRE(bench.count(Observed::kClockCollapsed) == 3);
  bench.lose = nullptr;
  bench.advance(5 * kSecond);
  for (const NodeId node : nodes) CHECK(shown(bench, node) == "new");
}

// The first design of the counters reused dots here: the old context shows a counter, but not the last one.
TEST_CASE("an old context that comes back to a reaped key does not make a node issue a dot again") {
  Bench bench(reaping(3));
  const auto nodes = bench.list("k");
  const ClientReply first = bench.call(nodes[0], put_of("k", "first", 3));
  for (int i = 0; i < 4; ++i) update(bench, nodes[0], "later " + std::to_string(i));
  const ClientReply read = bench.call(nodes[0], get_of("k", 3));
  bench.call(nodes[0], delete_of("k", read.context, 3));
  bench.advance(kTimeToCollapse);
  REQUIRE_FALSE(bench.node(nodes[0]).store().find(key_of("k")));
  bench.call(nodes[1], with_context(put_of("k", "by the old context", 3), first.context));
  update(bench, nodes[0], "next");  // the bench compares every dot with every value
  const ObjectPtr object = bench.node(nodes[0]).store().find(key_of("k"));
  CHECK(object->seen().counter(bench.node(nodes[0]).actor()) == 7);
  CHECK(object->seen().isolated().empty());
}

TEST_CASE("a proof begins again when a primary has lost versions meanwhile") {
  Bench bench(reaping(3));
  const auto nodes = bench.list("k");
  bench.lose = [](const Envelope& e) { return std::holds_alternative<ReapAsk>(e.message); };
  live(bench, 4);
  bench.lose = [](const Envelope& e) { return std::holds_alternative<ReapForget>(e.message); };
  // The primary says so again and again. So no answer of it fits what is known of it.
  bench.hold = [&](const Envelope& e) {
    const auto* beat = std::get_if<Heartbeat>(&e.message);
    return beat && e.from == nodes[1] && e.to == nodes[0] && beat->damages == 0;
  };
  for (int i = 0; i < 100; ++i) {
    for (Envelope& envelope : bench.held) {
      std::get<Heartbeat>(envelope.message).damages = 1;
      bench.deliver(envelope);
    }
    bench.held.clear();
    bench.advance(100 * kMillisecond);
  }
  CHECK(clock_size(bench, nodes[0]) == 12);
  CHECK(bench.count(Observed::kClockCollapsed) == 0);
}

TEST_CASE("a forged command drops no entry of the receiver's own epoch, and no entry that a sibling needs") {
  Bench bench(reaping(3));
  const auto nodes = bench.list("k");
  update(bench, nodes[0], "a");
  update(bench, nodes[1], "b");
  const Actor own = bench.node(nodes[1]).actor();
  const ObjectPtr before = bench.node(nodes[1]).store().find(key_of("k"));
  const ReapForget forged{.to_incarnation = bench.host(nodes[1]).incarnation,
                          .entries = {{key_of("k"), before->digest(), before->seen()}}};
  bench.give(nodes[1], Received{nodes[0], forged});
  bench.settle();
  const ObjectPtr after = bench.node(nodes[1]).store().find(key_of("k"));
  CHECK(after->seen().counter(own) == before->seen().counter(own));
  CHECK(values_of(after) == "b");
}

}  // namespace
}  // namespace dkv::testing
