#include "engine/node/write.h"

#include "tests/node/kit.h"

namespace dkv::testing {
namespace {

TEST_CASE("a put is stored by its coordinator, sent to the others at once, and answered at W acknowledgements") {
  Bench bench(without_timers(3));
  const auto nodes = bench.list("k");
  const ClientReply reply = bench.call(nodes[0], put_of("k", "v"));
  CHECK(bench.take_trace() ==
        "A stores v; A>B write v; A>C write v; B stores v; C stores v; B>A stored; C>A stored; A done 2");
  CHECK(reply.coordinator == nodes[0]);
  CHECK(bench.node(nodes[0]).operations_in_progress() == 0);
}

TEST_CASE("W decides how many must answer") {
  for (std::uint8_t need = 1; need <= 3; ++need) {
    Bench bench(without_timers(3));
    const auto nodes = bench.list("k");
    bench.hold = [](const Envelope&) { return true; };
    const ClientToken token = bench.ask(nodes[0], put_of("k", "v", need));
    bench.run_disk(nodes[0]);
    const auto copies = bench.held;
    for (std::uint8_t acks = 1; acks <= 3; ++acks) {
      CHECK(static_cast<bool>(bench.reply(token)) == (acks >= need));
      if (acks == 3) break;
      bench.deliver(copies[acks - 1]);
      bench.run_disk(copies[acks - 1].to);
      bench.deliver(bench.held.back());
    }
    CHECK(bench.reply(token)->acks.total == need);
    CHECK(bench.reply(token)->acks.need == need);
  }
}

TEST_CASE("a put answers with the client's context and its own dot, and with nothing that the client has not seen") {
  Bench bench(without_timers(3));
  const auto nodes = bench.list("k");
  const ClientReply first = bench.call(nodes[0], put_of("k", "a"));
  const ClientReply second = bench.call(nodes[1], put_of("k", "b"));
  CHECK(second.context.seen.entries().size() == 1);
  CHECK_FALSE(second.object);
  const ClientReply third = bench.call(nodes[2], with_context(put_of("k", "c"), first.context));
  CHECK(third.context.seen.entries().size() == 2);
  CHECK(third.context.hlc > first.context.hlc);
  CHECK(values_of(bench.call(nodes[0], get_of("k")).object) == "b,c");
}

TEST_CASE("a put that asks for the siblings answers with all of them and their context") {
  Bench bench(without_timers(3));
  const auto nodes = bench.list("k");
  bench.call(nodes[0], put_of("k", "a"));
  ClientRequest request = put_of("k", "b");
  request.return_siblings = true;
  const ClientReply reply = bench.call(nodes[0], request);
  CHECK(values_of(reply.object) == "a,b");
  CHECK(reply.context == reply.object->context());
}

TEST_CASE("a delete with a context leaves a tombstone, and a get finds nothing but a context") {
  Bench bench(without_timers(3));
  const auto nodes = bench.list("k");
  const ClientReply put = bench.call(nodes[0], put_of("k", "v"));
  bench.call(nodes[1], delete_of("k", put.context, 3));
  const ClientReply got = bench.call(nodes[2], get_of("k", 3));
  CHECK(values_of(got.object) == "-");
  CHECK(got.object->deleted());
  CHECK(got.context.seen.covers(put.context.seen));
}

TEST_CASE("numbers that contradict each other are refused and leave no trace") {
  Bench bench(without_timers(3));
  const auto nodes = bench.list("k");
  std::vector<ClientRequest> bad(6, put_of("k", "v"));
  bad[0].need = 0;
  bad[1].need = 4;
  bad[2].need_primary = 4;
  bad[3].timeout_ms = 0;
  bad[4].timeout_ms = 600'001;
  bad[5].key = Key();
  for (const ClientRequest& request : bad) {
    bench.call(nodes[0], request);
    CHECK(bench.take_trace() == "A refused bad-request");
  }
  CHECK_FALSE(bench.node(nodes[0]).store().find(key_of("k")));
}

TEST_CASE("a strict write that cannot reach W primaries is refused, and nothing is minted or sent") {
  Bench bench(without_timers(5));
  const auto nodes = bench.list("k");
  bench.crash(nodes[1]);
  make_unreachable(bench, nodes[2]);
  bench.call(nodes[0], strict(put_of("k", "v")));
  CHECK(bench.take_trace() == "A refused too-few-replicas");
  CHECK_FALSE(bench.node(nodes[0]).store().find(key_of("k")));
  CHECK(bench.node(nodes[0]).operations_in_progress() == 0);
  bench.call(nodes[0], strict(put_of("k", "v", 1)));
  CHECK(bench.take_trace().ends_with("A done 1"));
}

TEST_CASE("a sloppy write gives unreachable primaries stand-ins, which keep hints") {
  Bench bench(without_timers(5));
  const auto nodes = bench.list("k");
  make_unreachable(bench, nodes[2]);
  bench.call(nodes[0], put_of("k", "v", 3));
  CHECK(bench.take_trace() ==
        "A stores v; A>B write v; A>C write v; A>D hint v for C; B stores v; D keeps v for C; B>A stored; D>A stored; "
        "A done 2+1");
  CHECK(bench.count(Observed::kFallbackUsed) == 1);
}

TEST_CASE("a sloppy write that needs primaries is refused when too few can be reached") {
  Bench bench(without_timers(5));
  const auto nodes = bench.list("k");
  bench.crash(nodes[1]);
  make_unreachable(bench, nodes[2]);
  ClientRequest request = put_of("k", "v", 3);
  request.need_primary = 2;
  bench.call(nodes[0], request);
  CHECK(bench.take_trace() == "A refused too-few-replicas");
  request.need_primary = 1;
  CHECK(words_for(bench.call(nodes[0], request)) == "done 1+2");
}

TEST_CASE("fallbacks count for as many primaries as are missing, and no more") {
  BenchOptions options = without_timers(5);
  options.replicas = 2;
  Bench bench(options);
  const auto nodes = bench.list("k");
  CHECK(words_for(bench.call(nodes[0], put_of("k", "v", 3))) == "refused bad-request");
  make_unreachable(bench, nodes[1]);
  CHECK(words_for(bench.call(nodes[0], put_of("k", "v", 2))) == "done 1+1");
}

TEST_CASE("pw waits for primaries, even when enough others have answered") {
  Bench bench(without_timers(5));
  const auto nodes = bench.list("k");
  bench.crash(nodes[1]);  // not yet noticed
  bench.hold = [&](const Envelope& e) { return e.from == nodes[2]; };
  ClientRequest request = put_of("k", "v", 2);
  request.need_primary = 2;
  const ClientToken token = bench.ask(nodes[0], request);
  bench.settle();
  bench.advance(200 * kMillisecond);  // stand-ins for B and C have answered
  CHECK_FALSE(bench.reply(token));
  bench.release_held();
  bench.settle();
  REQUIRE(bench.reply(token));
  CHECK(words_for(*bench.reply(token)) == "done 2+1");
}

TEST_CASE("a silent primary gets its stand-in after fallback_after, and only once") {
  Bench bench(without_timers(5));
  const auto nodes = bench.list("k");
  bench.crash(nodes[2]);
  const ClientToken token = bench.ask(nodes[0], put_of("k", "v", 3));
  bench.settle();
  bench.advance(149 * kMillisecond);
  CHECK(bench.take_trace() == "A stores v; A>B write v; A>C write v; B stores v; B>A stored");
  bench.advance(kMillisecond);
  CHECK(bench.take_trace() == "A>D hint v for C; D keeps v for C; D>A stored; A done 2+1");
  CHECK(bench.reply(token));
  bench.advance(2 * kSecond);
  CHECK(bench.take_trace().empty());
  CHECK(bench.node(nodes[0]).operations_in_progress() == 0);
}

TEST_CASE("a stand-in is found for a silent primary after the client has its answer, too") {
  Bench bench(without_timers(5));
  const auto nodes = bench.list("k");
  bench.crash(nodes[2]);
  CHECK(words_for(bench.call(nodes[0], put_of("k", "v", 2))) == "done 2");
  bench.take_trace();
  bench.advance(150 * kMillisecond);
  CHECK(bench.take_trace() == "A>D hint v for C; D keeps v for C; D>A stored");
}

TEST_CASE("a primary that had its stand-in from the start gets no second one") {
  Bench bench(without_timers(5));
  const auto nodes = bench.list("k");
  make_unreachable(bench, nodes[2]);
  bench.hold = [&](const Envelope& e) { return e.from == nodes[3]; };
  bench.call(nodes[0], put_of("k", "v", 2));
  bench.take_trace();
  bench.advance(150 * kMillisecond);
  CHECK(bench.take_trace().empty());
  CHECK(bench.count(Observed::kFallbackUsed) == 1);
}

TEST_CASE("a strict write finds no stand-ins") {
  Bench bench(without_timers(5));
  const auto nodes = bench.list("k");
  bench.crash(nodes[2]);
  const ClientToken token = bench.ask(nodes[0], strict(put_of("k", "v", 3)));
  bench.settle();
  bench.advance(999 * kMillisecond);
  CHECK_FALSE(bench.reply(token));
  bench.advance(kMillisecond);
  CHECK(words_for(*bench.reply(token)) == "unknown timed-out 2");
  CHECK(bench.sent<ReplicaPut>() == 2);
  CHECK(bench.node(nodes[0]).operations_in_progress() == 0);
}

TEST_CASE("duplicates of an acknowledgement count once") {
  Bench bench(without_timers(3));
  const auto nodes = bench.list("k");
  bench.hold = [&](const Envelope& e) { return e.to == nodes[0]; };
  const ClientToken token = bench.ask(nodes[0], put_of("k", "v", 3));
  bench.settle();
  REQUIRE(bench.held.size() == 2);
  const Envelope ack = bench.held.front();
  for (int i = 0; i < 5; ++i) bench.deliver(ack);
  CHECK_FALSE(bench.reply(token));
  bench.deliver(bench.held.back());
  CHECK(words_for(*bench.reply(token)) == "done 3");
}

TEST_CASE("an acknowledgement from a node that was not asked does not count") {
  Bench bench(without_timers(5));
  const auto nodes = bench.list("k");
  bench.hold = [&](const Envelope& e) { return e.to == nodes[0]; };
  const ClientToken token = bench.ask(nodes[0], put_of("k", "v"));
  bench.settle();
  bench.give(nodes[0], Received{nodes[4], bench.held.front().message});
  CHECK_FALSE(bench.reply(token));
}

TEST_CASE("a late acknowledgement after the time-out changes nothing") {
  Bench bench(without_timers(3));
  const auto nodes = bench.list("k");
  bench.hold = [&](const Envelope& e) { return e.to == nodes[0] && !std::holds_alternative<Heartbeat>(e.message); };
  const ClientToken token = bench.ask(nodes[0], strict(put_of("k", "v", 3)));
  bench.settle();
  bench.advance(kSecond);
  CHECK(words_for(*bench.reply(token)) == "unknown timed-out 1");
  bench.take_trace();
  bench.release_held();
  bench.settle();
  CHECK(bench.take_trace().empty());
}

TEST_CASE("a write with a refusing stand-in waits for its silent primary, and is unknown at the time-out") {
  BenchOptions options = without_timers(4);
  options.config.hints_max = 0;
  Bench bench(options);
  const auto nodes = bench.list("k");
  make_unreachable(bench, nodes[2]);
  const ClientToken token = bench.ask(nodes[0], put_of("k", "v", 3));
  bench.settle();
  bench.take_trace();
  bench.advance(150 * kMillisecond);
  REQUIRE_FALSE(bench.reply(token));  // C itself may still answer
  bench.advance(850 * kMillisecond);
  CHECK(words_for(*bench.reply(token)) == "unknown timed-out 2");
}

TEST_CASE("a primary and its own stand-in are one place: w=3 waits for the third one") {
  Bench bench(without_timers(4));
  const auto nodes = bench.list("k");
  bench.hold = [&](const Envelope& e) { return e.to == nodes[1] || e.to == nodes[2]; };
  const ClientToken token = bench.ask(nodes[0], put_of("k", "v", 3));
  bench.settle();
  bench.advance(150 * kMillisecond);  // D stands in for B
  bench.hold = nullptr;
  const auto release = [&](NodeId to) {
    for (const Envelope& envelope : std::exchange(bench.held, {})) {
      if (envelope.to == to) bench.deliver(envelope);
      if (envelope.to != to) bench.held.push_back(envelope);
    }
    bench.settle();
  };
  release(nodes[1]);
  CHECK_FALSE(bench.reply(token));  // A, B and D have the write, for two places
  release(nodes[2]);
  REQUIRE(bench.reply(token));
  CHECK(words_for(*bench.reply(token)) == "done 3");
}

TEST_CASE("replicas that all refuse end a write as unknown at once when no stand-in is left") {
  Bench bench(without_timers(3));
  const auto nodes = bench.list("k");
  bench.hold = [&](const Envelope& e) { return e.from == nodes[0] && !std::holds_alternative<Heartbeat>(e.message); };
  const ClientToken token = bench.ask(nodes[0], put_of("k", "v"));
  bench.settle();
  const OpId op = std::get<ReplicaPut>(bench.held.front().message).op;
  bench.give(nodes[0], Received{nodes[1], ReplicaPutAck{op, false}});
  bench.give(nodes[0], Received{nodes[2], ReplicaPutAck{op, false}});
  CHECK_FALSE(bench.reply(token));  // stand-ins may still be asked
  bench.advance(150 * kMillisecond);
  REQUIRE(bench.reply(token));  // a bug once waited for the time-out here
  CHECK(words_for(*bench.reply(token)) == "unknown too-few-replicas 1");
}

TEST_CASE("a node takes as many operations as the limit allows, and no more") {
  BenchOptions options = without_timers(3);
  options.config.operations_max = 2;
  Bench bench(options);
  const auto nodes = bench.list("k");
  bench.hold = [&](const Envelope& e) { return e.to == nodes[0]; };
  bench.ask(nodes[0], put_of("k", "a"));
  bench.ask(nodes[0], get_of("k"));
  bench.take_trace();
  bench.ask(nodes[0], put_of("k", "b"));
  bench.ask(nodes[0], get_of("k"));
  CHECK(bench.take_trace() == "A refused overloaded; A refused overloaded");
  CHECK(values_of(bench.node(nodes[0]).store().find(key_of("k"))) == "a");
  bench.release_held();
  bench.settle();
  CHECK(words_for(bench.call(nodes[0], get_of("k"))) == "done 2");
}

TEST_CASE("last write wins: the later of two concurrent writes stays, on every replica") {
  BenchOptions options = without_timers(3);
  options.config.policy = ConflictPolicy::kLastWriteWins;
  Bench bench(options);
  const auto nodes = bench.list("k");
  bench.call(nodes[0], put_of("k", "first", 3));
  bench.advance(10 * kMillisecond);
  bench.call(nodes[1], put_of("k", "second", 3));
  for (const NodeId node : nodes) CHECK(values_of(bench.node(node).store().find(key_of("k"))) == "second");
}

}  // namespace
}  // namespace dkv::testing
