#include "engine/node/forward.h"

#include "tests/node/kit.h"

namespace dkv::testing {
namespace {

Forward forward_of(std::uint64_t serial, Incarnation from = 1, Incarnation to = 1) {
  return {.op = serial << 16 | 3, .from_incarnation = from, .to_incarnation = to, .request = {}};
}

SeenForwards window_of_node_0() {
  Bench bench(without_timers(3));
  return SeenForwards(bench.host(0).config);
}

TEST_CASE("a node that holds no copy of the key hands the request to a primary and passes the answer on") {
  Bench bench(without_timers(5));
  const auto nodes = bench.list("k");
  const ClientReply reply = bench.call(nodes[4], put_of("k", "v"));
  CHECK(bench.take_trace() ==
        "E>A forward; A stores v; A>B write v; A>C write v; B stores v; C stores v; B>A stored; C>A stored; "
        "A>E reply done 2; E done 2");
  CHECK(reply.coordinator == nodes[0]);
  CHECK(reply.context.seen.entries().size() == 1);
}

TEST_CASE("a get is not forwarded: any node can ask the replicas") {
  Bench bench(without_timers(5));
  const auto nodes = bench.list("k");
  bench.call(nodes[0], put_of("k", "v", 3));
  bench.take_trace();
  CHECK(values_of(bench.call(nodes[4], get_of("k")).object) == "v");
  CHECK(bench.sent<Forward>() == 0);
}

TEST_CASE("a forward goes to the first primary that can be reached") {
  Bench bench(without_timers(5));
  const auto nodes = bench.list("k");
  bench.crash(nodes[0]);
  bench.advance(4 * kSecond);
  bench.take_trace();
  bench.call(nodes[4], strict(put_of("k", "v")));
  CHECK(bench.take_trace().starts_with("E>B forward; B stores v"));
}

TEST_CASE("a forward without an answer ends as unknown at the time-out") {
  Bench bench(without_timers(5));
  const auto nodes = bench.list("k");
  for (int i = 0; i < 3; ++i) bench.cut(nodes[i], nodes[4]);
  ClientRequest request = put_of("k", "v");
  request.timeout_ms = 300;
  const ClientToken token = bench.ask(nodes[4], request);
  bench.settle();
  bench.advance(299 * kMillisecond);
  CHECK_FALSE(bench.reply(token));
  bench.advance(1 * kMillisecond);
  REQUIRE(bench.reply(token));
  CHECK(words_for(*bench.reply(token)) == "unknown timed-out");
  CHECK(bench.reply(token)->acks.need == 2);
  CHECK(bench.node(nodes[4]).operations_in_progress() == 0);
}

TEST_CASE("a forward that a primary refuses goes to the next one, and the write has one version") {
  Bench bench(without_timers(5));
  const auto nodes = bench.list("k");
  OpId op = kNoOp;
  bench.lose = [&](const Envelope& e) {
    const auto* forward = std::get_if<Forward>(&e.message);
    if (forward) op = forward->op;
    return forward != nullptr && e.to == nodes[0];
  };
  const ClientToken token = bench.ask(nodes[4], put_of("k", "v"));
  bench.settle();
  bench.take_trace();
  const ForwardReply no{op, {.outcome = Outcome::kRefused, .reason = Reason::kStorageFull, .acks = {.need = 2}}};
  bench.give(nodes[4], Received{nodes[0], no});
  bench.settle();
  CHECK(bench.take_trace().starts_with("E>B forward; B stores v"));
  REQUIRE(bench.reply(token));
  CHECK(words_for(*bench.reply(token)) == "done 2");
  CHECK(bench.reply(token)->coordinator == nodes[1]);
  for (int i = 0; i < 3; ++i) {
    CHECK(bench.node(nodes[i]).store().find(key_of("k"))->siblings().size() == 1);
  }
  // A second copy of the refusal comes from a node that is not asked any more.
  bench.give(nodes[4], Received{nodes[0], no});
  CHECK(bench.take_trace().empty());
}

TEST_CASE("a forward that all primaries refuse is refused") {
  Bench bench(without_timers(5));
  const auto nodes = bench.list("k");
  OpId op = kNoOp;
  bench.lose = [&](const Envelope& e) {
    const auto* forward = std::get_if<Forward>(&e.message);
    if (forward) op = forward->op;
    return forward != nullptr;
  };
  const ClientToken token = bench.ask(nodes[4], put_of("k", "v"));
  bench.settle();
  for (int i = 0; i < 3; ++i) {
    CHECK_FALSE(bench.reply(token));
    const ForwardReply no{op, {.outcome = Outcome::kRefused, .reason = Reason::kOverloaded, .acks = {.need = 2}}};
    bench.give(nodes[4], Received{nodes[i], no});
    bench.settle();
  }
  REQUIRE(bench.reply(token));
  CHECK(words_for(*bench.reply(token)) == "refused overloaded");
  CHECK(bench.node(nodes[4]).operations_in_progress() == 0);
}

TEST_CASE("a request that every primary would refuse goes to one") {
  Bench bench(without_timers(5));
  const auto nodes = bench.list("k");
  bench.hold = [&](const Envelope& e) { return e.to == nodes[0]; };
  const ClientToken token = bench.ask(nodes[4], put_of("k", "v"));
  bench.settle();
  const OpId op = std::get<Forward>(bench.held.front().message).op;
  const ForwardReply no{op, {.outcome = Outcome::kRefused, .reason = Reason::kBadRequest, .acks = {.need = 2}}};
  bench.give(nodes[4], Received{nodes[0], no});
  REQUIRE(bench.reply(token));
  CHECK(words_for(*bench.reply(token)) == "refused bad-request");
  CHECK(bench.count(Observed::kRequestForwarded) == 1);
}

TEST_CASE("a forward whose connection ends may have been carried out, so no second primary mints it again") {
  Bench bench(without_timers(5));
  const auto nodes = bench.list("k");
  bench.hold = [](const Envelope& e) { return std::holds_alternative<ForwardReply>(e.message); };
  const ClientToken token = bench.ask(nodes[4], put_of("k", "v"));
  bench.settle();
  const ClientReply seen = bench.call(nodes[1], get_of("k"));
  bench.call(nodes[1], with_context(put_of("k", "w", 3), seen.context));
  bench.take_trace();
  bench.give(nodes[4], PeerLost{nodes[0]});
  bench.settle();
  CHECK(bench.take_trace().empty());
  bench.advance(2 * kSecond);
  REQUIRE(bench.reply(token));
  CHECK(words_for(*bench.reply(token)) == "unknown timed-out");
  CHECK(values_of(bench.call(nodes[2], get_of("k", 3)).object) == "w");
}

TEST_CASE("after a reset connection the next forward goes to another primary, until the peer's next heartbeat") {
  Bench bench(without_timers(5));
  const auto nodes = bench.list("k");
  bench.give(nodes[4], PeerLost{nodes[0]});
  CHECK_FALSE(bench.node(nodes[4]).peers().reachable(nodes[0]));
  bench.take_trace();
  bench.call(nodes[4], put_of("k", "v"));
  CHECK(bench.take_trace().starts_with("E>B forward"));
  bench.advance(kSecond);
  CHECK(bench.node(nodes[4]).peers().reachable(nodes[0]));
  bench.take_trace();
  bench.call(nodes[4], put_of("k", "w"));
  CHECK(bench.take_trace().starts_with("E>A forward"));
  bench.give(nodes[4], PeerLost{nodes[4]});  // itself, and a stranger: nothing happens
  bench.give(nodes[4], PeerLost{1000});
  CHECK(bench.node(nodes[4]).peers().reachable_count() == 4);
}

TEST_CASE("a primary that is late with a forward is asked last, until its next heartbeat") {
  Bench bench(without_timers(5));
  const auto nodes = bench.list("k");
  bench.lose = [&](const Envelope& e) { return e.to == nodes[0]; };
  const ClientToken token = bench.ask(nodes[4], put_of("k", "v"));
  bench.settle();
  const TimeNs fallback_ns = bench.host(nodes[4]).config.fallback_after_ns;
  bench.advance(fallback_ns - kMillisecond);
  CHECK_FALSE(bench.node(nodes[4]).peers().is_overdue(nodes[0]));
  bench.advance(kMillisecond);
  CHECK(bench.node(nodes[4]).peers().is_overdue(nodes[0]));
  bench.take_trace();
  bench.call(nodes[4], put_of("k", "w"));
  CHECK(bench.take_trace().starts_with("E>B forward"));
  CHECK_FALSE(bench.reply(token));  // it may have been carried out
  bench.lose = nullptr;
  bench.advance(2 * kSecond);
  REQUIRE(bench.reply(token));
  CHECK(words_for(*bench.reply(token)) == "unknown timed-out");
  CHECK_FALSE(bench.node(nodes[4]).peers().is_overdue(nodes[0]));
}

TEST_CASE("an answer to a forward that has timed out is passed over") {
  Bench bench(without_timers(5));
  const auto nodes = bench.list("k");
  bench.hold = [](const Envelope& e) { return std::holds_alternative<ForwardReply>(e.message); };
  bench.ask(nodes[4], put_of("k", "v"));
  bench.settle();
  bench.advance(2 * kSecond);
  bench.take_trace();
  bench.release_held();
  bench.settle();
  CHECK(bench.take_trace().empty());
}

TEST_CASE("only the node that was asked may answer a forward") {
  Bench bench(without_timers(5));
  const auto nodes = bench.list("k");
  bench.hold = [](const Envelope& e) { return std::holds_alternative<ForwardReply>(e.message); };
  bench.ask(nodes[4], put_of("k", "v"));
  bench.settle();
  REQUIRE(bench.held.size() == 1);
  bench.take_trace();
  bench.give(nodes[4], Received{nodes[1], bench.held[0].message});  // B was not asked
  CHECK(bench.take_trace().empty());
  bench.give(nodes[4], Received{nodes[0], bench.held[0].message});
  CHECK(bench.take_trace() == "E done 2");
}

TEST_CASE("a request is refused when no primary can be reached, and nothing is sent") {
  Bench bench(without_timers(5));
  const auto nodes = bench.list("k");
  for (int i = 0; i < 3; ++i) bench.crash(nodes[i]);
  bench.advance(4 * kSecond);
  bench.take_trace();
  bench.call(nodes[4], put_of("k", "v", 1));
  CHECK(bench.take_trace() == "E refused no-reachable-primary");
  CHECK(bench.node(nodes[4]).operations_in_progress() == 0);
}

TEST_CASE("a refusal at the primary is passed on and leaves no trace") {
  Bench bench(without_timers(5));
  const auto nodes = bench.list("k");
  ClientRequest request = put_of("k", "v");
  request.context.hlc = Hlc{kContextHlcMax.packed + 1};
  bench.give(
      nodes[0],
      Received{nodes[4], Forward{.op = 9 << 16, .from_incarnation = 1, .to_incarnation = 1, .request = request}});
  CHECK(bench.take_trace() == "A>E reply refused bad-request");
}

TEST_CASE("a node that is not a primary of the key refuses a forwarded request") {
  Bench bench(without_timers(5));
  const auto nodes = bench.list("k");
  bench.give(nodes[3],
             Received{nodes[4],
                      Forward{.op = 9 << 16, .from_incarnation = 1, .to_incarnation = 1, .request = put_of("k", "v")}});
  CHECK(bench.take_trace() == "D>E reply refused no-reachable-primary");
}

TEST_CASE("a forward that the network delivers twice is minted once") {
  Bench bench(without_timers(5));
  const auto nodes = bench.list("k");
  bench.ask(nodes[4], put_of("k", "v"));
  REQUIRE(bench.flying.size() == 1);
  const Envelope copy = bench.flying.front();
  bench.settle();
  bench.take_trace();
  bench.deliver(copy);
  CHECK(bench.take_trace().empty());
  CHECK(values_of(bench.node(nodes[0]).store().find(key_of("k"))) == "v");
}

TEST_CASE("a second copy of a forward is not carried out by the next life of its receiver") {
  Bench bench(without_timers(5));
  const auto nodes = bench.list("k");
  bench.ask(nodes[4], put_of("k", "v"));
  const Envelope copy = bench.flying.front();
  CHECK(std::get<Forward>(copy.message).to_incarnation == 1);
  bench.settle();
  bench.restart(nodes[0]);
  bench.take_trace();
  bench.deliver(copy);
  CHECK(bench.take_trace().empty());
}

TEST_CASE("a node that is starting does not refuse a forward that an earlier life may have carried out") {
  Bench bench(without_timers(5));
  const auto nodes = bench.list("k");
  bench.ask(nodes[4], put_of("k", "v"));
  const Envelope copy = bench.flying.front();
  bench.settle();
  bench.crash(nodes[0]);
  bench.host(nodes[0]).syncs_by_itself = false;
  bench.start(nodes[0]);
  bench.take_trace();
  bench.deliver(copy);  // after the answer, so it must have no effect
  CHECK(bench.take_trace().empty());
}

TEST_CASE("a forward names the life of the receiver's last heartbeat, and none is sent before the first one") {
  Bench bench(without_timers(5));
  const auto nodes = bench.list("k");
  bench.restart(nodes[0]);
  bench.advance(kSecond);
  bench.ask(nodes[4], put_of("k", "v"));
  CHECK(std::get<Forward>(bench.flying.front().message).to_incarnation == 2);
  bench.settle();
  bench.isolate(nodes[4]);
  bench.restart(nodes[4]);
  bench.heal();
  bench.take_trace();
  bench.ask(nodes[4], put_of("k", "w"));
  CHECK(bench.take_trace() == "E refused no-reachable-primary");
}

TEST_CASE("the window takes each serial once, in any order") {
  SeenForwards seen = window_of_node_0();
  for (const std::uint64_t serial : {1000u, 1003u, 1001u, 1002u, 999u, 1500u}) {
    CHECK(seen.take(forward_of(serial), 1, 1));
    CHECK_FALSE(seen.take(forward_of(serial), 1, 1));
  }
  CHECK_FALSE(seen.take(forward_of(1001), 1, 1));
}

TEST_CASE("a request older than the window is dropped, and requests that left it do not hide new ones") {
  SeenForwards seen = window_of_node_0();
  for (std::uint64_t serial = 1; serial <= 3000; ++serial) REQUIRE(seen.take(forward_of(serial), 1, 1));
  for (std::uint64_t serial = 1; serial <= 3000; ++serial) REQUIRE_FALSE(seen.take(forward_of(serial), 1, 1));
  CHECK(seen.take(forward_of(5000), 1, 1));
  CHECK(seen.take(forward_of(5000 - 1023), 1, 1));
  CHECK_FALSE(seen.take(forward_of(5000 - 1024), 1, 1));
  CHECK(seen.take(forward_of(5000 + 1023), 1, 1));
  CHECK_FALSE(seen.take(forward_of(5000), 1, 1));
}

TEST_CASE("the windows of two peers don't touch, and a stranger has none") {
  SeenForwards seen = window_of_node_0();
  CHECK(seen.take(forward_of(7), 1, 1));
  CHECK(seen.take(forward_of(7), 2, 1));
  CHECK_FALSE(seen.take(forward_of(7), 3, 1));
  CHECK_FALSE(seen.take(forward_of(7), kNoNode, 1));
}

TEST_CASE("a forwarder that ran for long before its restart is still heard") {
  SeenForwards seen = window_of_node_0();
  // Its serials have passed those with which the next life begins.
  CHECK(seen.take(forward_of(std::uint64_t{9} << 28, 1), 1, 1));
  CHECK(seen.take(forward_of((std::uint64_t{2} << 28) + 1, 2), 1, 1));
  CHECK_FALSE(seen.take(forward_of((std::uint64_t{9} << 28) + 1, 1), 1, 1));
}

TEST_CASE("a forward meant for another life, or for none, is dropped") {
  SeenForwards seen = window_of_node_0();
  CHECK_FALSE(seen.take(forward_of(1, 1, 4), 1, 5));
  CHECK_FALSE(seen.take(forward_of(2, 1, 6), 1, 5));
  CHECK(seen.take(forward_of(3, 1, 5), 1, 5));
  CHECK_FALSE(seen.take(forward_of(4, 1, 0), 1, 5));
}

}  // namespace
}  // namespace dkv::testing
