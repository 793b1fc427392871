#include "engine/node/handoff.h"

#include "tests/node/kit.h"

namespace dkv::testing {
namespace {

BenchOptions hints_only(std::uint32_t nodes = 4) {
  BenchOptions options{.nodes = nodes};
  options.config.anti_entropy_every_ns = 0;
  options.config.read_repair = false;
  return options;
}

// C is down, and the others know it, so that D keeps hints for it.
std::vector<NodeId> without_c(Bench& bench) {
  const auto nodes = bench.list("k");
  bench.crash(nodes[2]);
  bench.advance(4 * kSecond);
  bench.take_trace();
  bench.forget_counts();
  return nodes;
}

TEST_CASE("a hint is durable before it is acknowledged") {
  Bench bench(hints_only());
  const auto nodes = without_c(bench);
  bench.host(nodes[3]).syncs_by_itself = false;
  const ClientToken token = bench.ask(nodes[0], put_of("k", "v", 3));
  bench.settle();
  CHECK_FALSE(bench.reply(token));
  CHECK(bench.take_trace().ends_with("D keeps v for C; B>A stored"));
  bench.run_disk(nodes[3]);
  CHECK(bench.take_trace() == "D>A stored");
}

TEST_CASE("a hint is delivered when its owner is back, and erased after the acknowledgement") {
  Bench bench(hints_only());
  const auto nodes = without_c(bench);
  bench.call(nodes[0], put_of("k", "v", 3));
  bench.take_trace();
  bench.start(nodes[2]);
  bench.settle();
  bench.take_trace();
  bench.advance(kSecond);
  CHECK(bench.take_trace() == "D>C delivery v; C stores v; C>D stored; D drops hint for C");
  CHECK(bench.node(nodes[3]).hints().size() == 0);
  CHECK(values_of(bench.on_disk(nodes[2], "k")) == "v");
  CHECK(bench.count(Observed::kHintStored) == 1);
  CHECK(bench.count(Observed::kHintSent) == 1);
  CHECK(bench.count(Observed::kHintDelivered) == 1);
  bench.restart(nodes[3]);
  CHECK(bench.node(nodes[3]).hints().size() == 0);
}

TEST_CASE("a hint is not erased before its owner's copy is durable") {
  Bench bench(hints_only());
  const auto nodes = without_c(bench);
  bench.call(nodes[0], put_of("k", "v", 3));
  bench.start(nodes[2]);
  bench.settle();
  bench.host(nodes[2]).syncs_by_itself = false;
  bench.advance(kSecond);
  CHECK(bench.count(Observed::kHintSent) == 1);
  CHECK(bench.node(nodes[3]).hints().size() == 1);
  bench.run_disk(nodes[2]);
  bench.settle();
  CHECK(bench.node(nodes[3]).hints().size() == 0);
}

TEST_CASE("a newer write is merged into the hint, and one hint remains") {
  Bench bench(hints_only());
  const auto nodes = without_c(bench);
  const ClientReply first = bench.call(nodes[0], put_of("k", "a", 3));
  bench.call(nodes[0], put_of("k", "b", 3));
  CHECK(values_of(bench.node(nodes[3]).hints().find(nodes[2], key_of("k"))->object) == "a,b");
  bench.call(nodes[0], with_context(put_of("k", "c", 3), first.context));
  CHECK(values_of(bench.node(nodes[3]).hints().find(nodes[2], key_of("k"))->object) == "b,c");
  CHECK(bench.node(nodes[3]).hints().size() == 1);
  CHECK(bench.count(Observed::kHintStored) == 1);
  CHECK(bench.count(Observed::kHintSuperseded) == 2);
}

TEST_CASE("a second copy of a hint changes nothing and is acknowledged all the same") {
  Bench bench(hints_only());
  const auto nodes = without_c(bench);
  bench.ask(nodes[0], put_of("k", "v", 3));
  const Envelope copy = bench.flying.back();
  REQUIRE(copy.to == nodes[3]);
  bench.settle();
  bench.take_trace();
  bench.deliver(copy);
  CHECK(bench.take_trace() == "D>A stored");
}

TEST_CASE("a hint that changed while it was delivered stays, and is delivered again") {
  Bench bench(hints_only());
  const auto nodes = without_c(bench);
  bench.call(nodes[0], put_of("k", "a", 3));
  bench.start(nodes[2]);
  bench.settle();
  bench.hold = [&](const Envelope& e) {
    return e.from == nodes[2] && std::holds_alternative<ReplicaPutAck>(e.message);
  };
  bench.advance(600 * kMillisecond);
  REQUIRE(bench.held.size() == 1);
  const ObjectPtr newer = bench.node(nodes[0]).store().find(key_of("k"));
  Sibling more{.dot = {{{8, 8}, 8}, 1}, .value = Blob("b")};
  bench.give(nodes[3],
             Received{nodes[0], ReplicaPut{.op = 5,
                                           .reason = CopyReason::kHint,
                                           .hint_for = nodes[2],
                                           .key = key_of("k"),
                                           .object = Object::make(VersionVector().with(more.dot), {&more, 1})}});
  bench.release_held();
  bench.settle();
  CHECK(bench.count(Observed::kHintDelivered) == 0);
  REQUIRE(bench.node(nodes[3]).hints().size() == 1);
  bench.advance(kSecond);
  CHECK(bench.node(nodes[3]).hints().size() == 0);
  CHECK(values_of(bench.on_disk(nodes[2], "k")) == "a,b");
}

TEST_CASE("a lost acknowledgement costs one more delivery, after its time-out") {
  Bench bench(hints_only());
  const auto nodes = without_c(bench);
  bench.call(nodes[0], put_of("k", "v", 3));
  int lost = 0;
  bench.lose = [&](const Envelope& e) {
    return e.from == nodes[2] && std::holds_alternative<ReplicaPutAck>(e.message) && lost++ == 0;
  };
  bench.start(nodes[2]);
  bench.settle();
  bench.advance(1500 * kMillisecond);
  CHECK(bench.count(Observed::kHintSent) == 1);
  CHECK(bench.node(nodes[3]).hints().size() == 1);
  bench.advance(2 * kSecond);
  CHECK(bench.count(Observed::kHintSent) == 2);
  CHECK(bench.node(nodes[3]).hints().size() == 0);
}

TEST_CASE("only the owner can acknowledge its hint") {
  Bench bench(hints_only());
  const auto nodes = without_c(bench);
  bench.call(nodes[0], put_of("k", "v", 3));
  bench.start(nodes[2]);
  bench.settle();
  bench.hold = [&](const Envelope& e) { return e.from == nodes[3] && std::holds_alternative<ReplicaPut>(e.message); };
  bench.advance(600 * kMillisecond);
  REQUIRE(bench.held.size() == 1);
  const OpId op = std::get<ReplicaPut>(bench.held.front().message).op;
  bench.give(nodes[3], Received{nodes[1], ReplicaPutAck{op, true}});
  CHECK(bench.node(nodes[3]).hints().size() == 1);  // a bug once erased it
}

TEST_CASE("an owner that could not store its hint gets it again") {
  Bench bench(hints_only());
  const auto nodes = without_c(bench);
  bench.call(nodes[0], put_of("k", "v", 3));
  bench.start(nodes[2]);
  bench.settle();
  bench.hold = [&](const Envelope& e) { return e.from == nodes[3] && std::holds_alternative<ReplicaPut>(e.message); };
  bench.advance(600 * kMillisecond);
  const OpId op = std::get<ReplicaPut>(bench.held.front().message).op;
  bench.held.clear();
  bench.hold = nullptr;
  bench.give(nodes[3], Received{nodes[2], ReplicaPutAck{op, false}});
  CHECK(bench.node(nodes[3]).hints().size() == 1);
  bench.advance(kSecond);
  CHECK(bench.node(nodes[3]).hints().size() == 0);
}

TEST_CASE("hints go out in bounded batches") {
  BenchOptions options = hints_only();
  options.config.hints_in_flight_max = 3;
  Bench bench(options);
  const auto nodes = without_c(bench);
  std::size_t kept = 0;
  for (int i = 0; kept < 8; ++i) {
    const std::string key = "key" + std::to_string(i);
    if (bench.list(key) != nodes) continue;
    bench.call(nodes[0], put_of(key, "v", 3));
    ++kept;
  }
  CHECK(bench.node(nodes[3]).hints().size() == 8);
  bench.start(nodes[2]);
  bench.settle();
  bench.hold = [&](const Envelope& e) { return e.to == nodes[3] && std::holds_alternative<ReplicaPutAck>(e.message); };
  bench.advance(1500 * kMillisecond);
  CHECK(bench.count(Observed::kHintSent) == 3);  // three await their acknowledgements, so no more are sent
  bench.release_held();
  bench.settle();
  CHECK(bench.node(nodes[3]).hints().size() == 5);
  bench.advance(500 * kMillisecond);
  CHECK(bench.node(nodes[3]).hints().size() == 2);
  bench.advance(500 * kMillisecond);
  CHECK(bench.node(nodes[3]).hints().size() == 0);
}

TEST_CASE("an unreachable owner does not delay the hints of other owners") {
  Bench bench(hints_only(5));
  const auto nodes = bench.list("k");
  bench.crash(nodes[1]);
  bench.crash(nodes[2]);
  bench.advance(4 * kSecond);
  bench.call(nodes[0], put_of("k", "v", 3));
  CHECK(bench.count(Observed::kHintStored) == 2);
  bench.start(std::max(nodes[1], nodes[2]));
  bench.settle();
  bench.advance(kSecond);
  CHECK(bench.count(Observed::kHintDelivered) == 1);
}

TEST_CASE("hints outlive a restart of their keeper") {
  Bench bench(hints_only());
  const auto nodes = without_c(bench);
  bench.call(nodes[0], put_of("k", "v", 3));
  bench.restart(nodes[3]);
  CHECK(bench.node(nodes[3]).hints().size() == 1);
  bench.start(nodes[2]);
  bench.settle();
  bench.advance(kSecond);
  CHECK(values_of(bench.on_disk(nodes[2], "k")) == "v");
  CHECK(bench.node(nodes[3]).hints().size() == 0);
}

TEST_CASE("a hint that outlives its time is dropped, and its age outlives a restart") {
  BenchOptions options = hints_only();
  options.config.hint_ttl_ns = 60 * kSecond;
  Bench bench(options);
  const auto nodes = without_c(bench);
  bench.call(nodes[0], put_of("k", "v", 3));
  bench.advance(30 * kSecond);
  bench.restart(nodes[3]);
  bench.advance(29 * kSecond);
  CHECK(bench.node(nodes[3]).hints().size() == 1);
  bench.take_trace();
  bench.advance(2 * kSecond);
  CHECK(bench.take_trace() == "D drops hint for C");
  CHECK(bench.count(Observed::kHintExpired) == 1);
  bench.restart(nodes[3]);
  CHECK(bench.node(nodes[3]).hints().size() == 0);
}

TEST_CASE("a hint's time counts from the newest write in it") {
  BenchOptions options = hints_only();
  options.config.hint_ttl_ns = 60 * kSecond;
  Bench bench(options);
  const auto nodes = without_c(bench);
  bench.call(nodes[0], put_of("k", "a", 3));
  bench.advance(40 * kSecond);
  bench.call(nodes[0], put_of("k", "b", 3));
  bench.advance(40 * kSecond);
  CHECK(bench.node(nodes[3]).hints().size() == 1);
  bench.advance(21 * kSecond);
  CHECK(bench.node(nodes[3]).hints().size() == 0);
}

TEST_CASE("a hint that expires while it is delivered is not counted as delivered") {
  BenchOptions options = hints_only();
  options.config.hint_ttl_ns = 10 * kSecond;
  Bench bench(options);
  const auto nodes = without_c(bench);
  bench.call(nodes[0], put_of("k", "v", 3));
  bench.advance(9 * kSecond);
  bench.start(nodes[2]);
  bench.settle();
  bench.hold = [&](const Envelope& e) {
    return e.from == nodes[2] && std::holds_alternative<ReplicaPutAck>(e.message);
  };
  bench.advance(1500 * kMillisecond);
  CHECK(bench.count(Observed::kHintExpired) == 1);
  bench.release_held();
  bench.settle();
  CHECK(bench.count(Observed::kHintDelivered) == 0);
}

TEST_CASE("a full hint table refuses, but still merges into the hints that it has") {
  BenchOptions options = hints_only();
  options.config.hints_max = 1;
  Bench bench(options);
  const auto nodes = without_c(bench);
  std::string other = "x";
  while (bench.list(other) != nodes) other += "x";
  bench.call(nodes[0], put_of("k", "v", 3));
  bench.take_trace();
  bench.ask(nodes[0], put_of(other, "v", 3));
  bench.settle();
  CHECK(bench.take_trace().find("D>A not-stored") != std::string::npos);
  CHECK(bench.count(Observed::kHintRefused) == 1);
  CHECK(words_for(bench.call(nodes[0], put_of("k", "w", 3))) == "done 2+1");
}

TEST_CASE("a hint for a node that is no primary of the key is refused") {
  Bench bench(hints_only(5));
  const auto nodes = bench.list("k");
  bench.call(nodes[0], put_of("k", "v", 3));
  const ObjectPtr object = bench.node(nodes[0]).store().find(key_of("k"));
  bench.take_trace();
  const auto hint = [&](NodeId to, NodeId owner) {
    bench.give(
        to,
        Received{
            nodes[0],
            ReplicaPut{.op = 9, .reason = CopyReason::kHint, .hint_for = owner, .key = key_of("k"), .object = object}});
    return bench.take_trace();
  };
  CHECK(hint(nodes[3], nodes[4]) == "D>A not-stored");
  CHECK(hint(nodes[1], nodes[2]) == "B>A not-stored");
  CHECK(hint(nodes[3], 77) == "D>A not-stored");
}

}  // namespace
}  // namespace dkv::testing
