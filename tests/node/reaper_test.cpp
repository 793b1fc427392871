#include "engine/node/reaper.h"

#include "tests/node/kit.h"

namespace dkv::testing {
namespace {

constexpr TimeNs kLongEnough = 10 * kSecond;

// Writes "v" and then deletes it, on all replicas. Returns the context of the delete.
Context write_and_delete(Bench& bench, std::string_view key = "k") {
  const NodeId first = bench.list(key)[0];
  const ClientReply written = bench.call(first, put_of(key, "v", 3));
  const ClientReply deleted = bench.call(first, delete_of(key, written.context, 3));
  REQUIRE(deleted.outcome == Outcome::kDone);
  return deleted.context;
}

// The states of the key's primaries, in their order: "- - nothing".
std::string held(Bench& bench, std::string_view key = "k") {
  std::string text;
  const auto nodes = bench.list(key);
  for (std::size_t i = 0; i < bench.placement().replicas(); ++i) {
    text += (text.empty() ? "" : " ") +
            (bench.host(nodes[i]).node ? values_of(bench.node(nodes[i]).store().find(key_of(key))) : "down");
  }
  return text;
}

TEST_CASE("a tombstone is forgotten by all replicas once nothing older can be left") {
  Bench bench(reaping(4));
  write_and_delete(bench);
  CHECK(held(bench) == "- - -");
  bench.advance(kLongEnough);
  CHECK(held(bench) == "nothing nothing nothing");
  CHECK(bench.count(Observed::kTombstoneReaped) == 3);
  for (const NodeId node : bench.list("k")) {
    CHECK_FALSE(bench.on_disk(node, "k"));
    CHECK(bench.node(node).store().key_count() == 0);
  }
  // No replica brings it back to another, because no tree differs.
  bench.advance(kLongEnough);
  CHECK(bench.count(Observed::kTombstoneReaped) == 3);
}

TEST_CASE("a start does not find a forgotten tombstone again") {
  Bench bench(reaping(4));
  write_and_delete(bench);
  bench.advance(kLongEnough);
  CHECK(held(bench) == "nothing nothing nothing");
  const NodeId first = bench.list("k")[0];
  CHECK(bench.node(first).store().key_count() == 0);
  bench.restart(first);
  CHECK(held(bench) == "nothing nothing nothing");
}

TEST_CASE("nothing is forgotten where it is not asked for") {
  BenchOptions options = reaping(4);
  options.config.reap_every_ns = 0;
  Bench bench(options);
  write_and_delete(bench);
  bench.advance(60 * kSecond);
  CHECK(held(bench) == "- - -");
}

TEST_CASE("a tombstone stays while any member is away, because that may hold an older state") {
  Bench bench(reaping(4));
  const auto nodes = bench.list("k");
  bench.crash(nodes[3]);
  write_and_delete(bench);
  bench.advance(60 * kSecond);
  CHECK(held(bench) == "- - -");
  bench.start(nodes[3]);
  bench.settle();
  bench.advance(kLongEnough);
  CHECK(held(bench) == "nothing nothing nothing");
}

TEST_CASE("a tombstone stays while a hint waits that was made before it") {
  BenchOptions options = reaping(4);
  options.config.hints_every_ns = 0;  // it is never delivered
  options.config.hint_ttl_ns = 0;
  Bench bench(options);
  const auto nodes = bench.list("k");
  bench.crash(nodes[2]);
  bench.advance(4 * kSecond);
  bench.call(nodes[0], put_of("k", "v", 3));
  REQUIRE(bench.node(nodes[3]).hints().size() == 1);
  bench.start(nodes[2]);
  bench.settle();
  bench.advance(4 * kSecond);
  const ClientReply read = bench.call(nodes[0], get_of("k", 3));
  bench.call(nodes[0], delete_of("k", read.context, 3));
  bench.advance(60 * kSecond);
  CHECK(held(bench) == "- - -");
}

TEST_CASE("a hint of an earlier life holds the eras back as well") {
  BenchOptions options = reaping(4);
  options.config.hints_every_ns = 0;
  options.config.hint_ttl_ns = 0;
  Bench bench(options);
  const auto nodes = bench.list("k");
  write_and_delete(bench, "another");
  bench.advance(kLongEnough);  // eras have passed
  bench.crash(nodes[2]);
  bench.advance(4 * kSecond);
  bench.call(nodes[0], put_of("k", "v", 3));
  bench.start(nodes[2]);
  bench.settle();
  bench.restart(nodes[3]);
  REQUIRE(bench.node(nodes[3]).hints().size() == 1);
  bench.advance(4 * kSecond);
  const ClientReply read = bench.call(nodes[0], get_of("k", 3));
  bench.call(nodes[0], delete_of("k", read.context, 3));
  bench.advance(60 * kSecond);
  CHECK(held(bench) == "- - -");
  CHECK(bench.node(nodes[3]).eras().settled() == 0);
}

TEST_CASE("a hint holds the eras back until the newer one that replaced it is durable") {
  BenchOptions options = reaping(4);
  options.config.hints_every_ns = 0;
  options.config.hint_ttl_ns = 0;
  Bench bench(options);
  const auto nodes = bench.list("k");
  bench.crash(nodes[2]);
  bench.advance(4 * kSecond);
  bench.call(nodes[0], put_of("k", "v", 3));
  bench.start(nodes[2]);
  bench.settle();
  write_and_delete(bench, "another");  // now there is a reason to count eras
  bench.advance(kLongEnough);
  const Node& keeper = bench.node(nodes[3]);
  const Era held_at = keeper.eras().settled();
  REQUIRE(held_at < keeper.eras().current());
  bench.host(nodes[3]).syncs_by_itself = false;
  Sibling newer{.dot = {{{8, 8}, 8}, 1}, .value = Blob("w")};
  const ObjectPtr old = keeper.hints().find(nodes[2], key_of("k"))->object;
  bench.give(nodes[3], Received{nodes[0], ReplicaPut{.op = 5,
                                                     .reason = CopyReason::kHint,
                                                     .hint_for = nodes[2],
                                                     .key = key_of("k"),
                                                     .object = Object::make(old->seen().with(newer.dot), {&newer, 1}),
                                                     .stamp = {keeper.incarnation(), keeper.eras().current()}}});
  REQUIRE(bench.count(Observed::kHintSuperseded) == 1);
  bench.advance(2 * kSecond);
  CHECK(keeper.eras().settled() == held_at);
  bench.host(nodes[3]).syncs_by_itself = true;
  bench.run_disk(nodes[3]);
  bench.advance(2 * kSecond);
  CHECK(keeper.eras().settled() > held_at);
}

TEST_CASE("a copy that was in transit all the time is dropped when it arrives") {
  Bench bench(reaping(4));
  const auto nodes = bench.list("k");
  bench.hold = [&](const Envelope& envelope) {
    return envelope.to == nodes[2] && std::holds_alternative<ReplicaPut>(envelope.message);
  };
  const ClientReply written = bench.call(nodes[0], put_of("k", "v", 2));
  REQUIRE(bench.held.size() == 1);
  const std::deque<Envelope> late = bench.held;
  bench.hold = nullptr;
  bench.held.clear();
  bench.call(nodes[0], delete_of("k", written.context, 3));
  bench.advance(kLongEnough);
  REQUIRE(held(bench) == "nothing nothing nothing");
  bench.deliver(late.front());
  bench.settle();
  CHECK(held(bench) == "nothing nothing nothing");
  CHECK(bench.count(Observed::kStaleDropped) == 1);
}

TEST_CASE("a tombstone that only some hold stays") {
  BenchOptions options = reaping(4);
  options.config.anti_entropy_every_ns = 0;
  Bench bench(options);
  const auto nodes = bench.list("k");
  const ClientReply written = bench.call(nodes[0], put_of("k", "v", 3));
  bench.lose = [&](const Envelope& envelope) {
    return envelope.to == nodes[1] && std::holds_alternative<ReplicaPut>(envelope.message);
  };
  bench.call(nodes[0], delete_of("k", written.context, 2));
  bench.advance(60 * kSecond);
  CHECK(held(bench) == "- v -");
}

TEST_CASE("an answer from before a primary's new life does not count") {
  Bench bench(reaping(4));
  const auto nodes = bench.list("k");
  std::deque<Envelope> answers;
  bench.lose = [&](const Envelope& envelope) {
    if (envelope.from != nodes[2] || !std::holds_alternative<ReapHeld>(envelope.message)) return false;
    answers.push_back(envelope);
    return true;
  };
  write_and_delete(bench);
  bench.advance(kSecond);
  REQUIRE_FALSE(answers.empty());
  bench.wipe(nodes[2]);
  bench.restart(nodes[2]);
  bench.advance(200 * kMillisecond);
  bench.deliver(answers.front());
  bench.advance(kLongEnough);
  CHECK(bench.count(Observed::kTombstoneReaped) == 0);
  bench.lose = nullptr;
  bench.advance(kLongEnough);
  CHECK(held(bench) == "nothing nothing nothing");
}

TEST_CASE("a primary that begins a new life while eras pass is asked again") {
  Bench bench(reaping(4));
  const auto nodes = bench.list("k");
  write_and_delete(bench);
  const auto after = [&](TimeNs wait_ns) {
    bench.advance(wait_ns);
    return bench.count(Observed::kTombstoneReaped);
  };
  TimeNs takes_ns = 0;
  {
    Bench other(reaping(4));
    write_and_delete(other);
    for (; other.count(Observed::kTombstoneReaped) == 0; takes_ns += 100 * kMillisecond) {
      other.advance(100 * kMillisecond);
    }
  }
  CHECK(after(takes_ns - 300 * kMillisecond) == 0);
  bench.restart(nodes[2]);
  CHECK(after(takes_ns - 300 * kMillisecond) == 0);
  CHECK(after(kLongEnough) == 3);
}

// Found by reading the code: the eras of a new life say nothing about the count of the others.
TEST_CASE("replicas that have all begun new lives do not take the eras of others for passed") {
  Bench bench(reaping(4));
  const auto nodes = bench.list("k");
  write_and_delete(bench, "another");
  bench.advance(kLongEnough);
  // D keeps a hint with the value, and is cut off together with it.
  bench.crash(nodes[2]);
  bench.advance(4 * kSecond);
  const ClientReply written = bench.call(nodes[0], put_of("k", "v", 3));
  REQUIRE(bench.node(nodes[3]).hints().size() == 1);
  bench.start(nodes[2]);
  bench.isolate(nodes[3]);
  bench.settle();
  bench.advance(4 * kSecond);
  bench.call(nodes[0], delete_of("k", written.context, 3));
  for (const NodeId node : {nodes[0], nodes[1], nodes[2]}) bench.crash(node);
  for (const NodeId node : {nodes[0], nodes[1], nodes[2]}) bench.start(node);
  bench.settle();
  bench.advance(20 * kSecond);
  CHECK(held(bench) == "- - -");
  bench.lose = [](const Envelope& envelope) {
    const auto* put = std::get_if<ReplicaPut>(&envelope.message);
    return put && put->reason == CopyReason::kHintDelivery;
  };
  bench.heal();
  bench.advance(20 * kSecond);
  CHECK(held(bench) == "- - -");
  bench.lose = nullptr;
  bench.advance(kLongEnough);
  CHECK(held(bench) == "nothing nothing nothing");
}

TEST_CASE("an answer to an earlier life of the asking node does not count") {
  Bench bench(reaping(4));
  const auto nodes = bench.list("k");
  std::deque<Envelope> answers;
  bench.lose = [&](const Envelope& envelope) {
    if (!std::holds_alternative<ReapHeld>(envelope.message)) return false;
    answers.push_back(envelope);
    return true;
  };
  write_and_delete(bench);
  bench.advance(kSecond);
  REQUIRE(answers.size() >= 2);
  bench.restart(nodes[0]);
  bench.advance(kSecond);
  for (const Envelope& answer : answers) {
    if (std::get<ReapHeld>(answer.message).to_incarnation == 1) bench.deliver(answer);
  }
  bench.advance(kLongEnough);
  CHECK(bench.count(Observed::kTombstoneReaped) == 0);
}

TEST_CASE("no tombstone is reaped where a power loss may take acknowledged writes") {
  for (const SyncPolicy policy : {SyncPolicy::kInterval, SyncPolicy::kNever}) {
    BenchOptions options = reaping(4);
    options.config.storage.sync = policy;
    Bench bench(options);
    write_and_delete(bench);
    bench.advance(kLongEnough);
    CHECK(held(bench) == "- - -");
  }
}

TEST_CASE("a node that reaps more keys than it has counters for begins no epoch, and issues no dot again") {
  BenchOptions options = reaping(4);
  options.config.reaped_max = 2;
  Bench bench(options);
  const std::vector<std::string> keys = {"a", "b", "c", "d", "e", "f", "g", "h"};
  for (int round = 0; round < 3; ++round) {
    for (const std::string& key : keys) write_and_delete(bench, key);  // the bench watches the dots
    bench.advance(3 * kLongEnough);
    for (const std::string& key : keys) CHECK(held(bench, key) == "nothing nothing nothing");
  }
  for (NodeId id = 0; id < bench.size(); ++id) CHECK(bench.node(id).actor().epoch == 1);
  const ClientReply reply = bench.call(bench.list("a")[0], put_of("a", "v", 3));
  CHECK(reply.context.seen.isolated().empty());
}

TEST_CASE("a key that is written again is not forgotten") {
  Bench bench(reaping(4));
  write_and_delete(bench);
  bench.advance(500 * kMillisecond);
  bench.call(bench.list("k")[0], put_of("k", "new", 3));
  bench.advance(60 * kSecond);
  CHECK(held(bench) == "-,new -,new -,new");
}

TEST_CASE("a write after the tombstone has gone takes a dot that was never issued, and its clock has no gap") {
  Bench bench(reaping(4));
  const NodeId first = bench.list("k")[0];
  const Context old = write_and_delete(bench);
  bench.advance(kLongEnough);
  REQUIRE(held(bench) == "nothing nothing nothing");
  const ClientReply blind = bench.call(first, put_of("k", "new", 3));  // the bench watches the dots
  const ObjectPtr object = bench.node(first).store().find(key_of("k"));
  CHECK(object->siblings()[0].dot.counter == 3);
  CHECK(object->seen().isolated().empty());
  CHECK(blind.context.seen.isolated().empty());
  // A client with an old context has not seen the new write.
  bench.call(first, with_context(put_of("k", "stale", 3), old));
  CHECK(held(bench) == "new,stale new,stale new,stale");
}

TEST_CASE("a context from before the reaping is no forgery") {
  Bench bench(reaping(4));
  const NodeId first = bench.list("k")[0];
  const Context old = write_and_delete(bench);
  bench.advance(kLongEnough);
  CHECK(bench.call(first, with_context(put_of("k", "new", 3), old)).outcome == Outcome::kDone);
  CHECK(held(bench) == "new new new");
}

TEST_CASE("another replica's write after the reaping does not free the dots of the first") {
  Bench bench(reaping(4));
  const auto nodes = bench.list("k");
  write_and_delete(bench);
  bench.advance(kLongEnough);
  bench.call(nodes[1], put_of("k", "second", 3));
  bench.call(nodes[0], put_of("k", "first", 3));  // the bench watches the dots
  const ObjectPtr object = bench.node(nodes[2]).store().find(key_of("k"));
  CHECK(values_of(object) == "first,second");
  CHECK(object->seen().isolated().empty());
}

TEST_CASE("tombstones of before a start are found by the sweep") {
  Bench bench(reaping(4));
  bench.lose = [](const Envelope& envelope) { return std::holds_alternative<ReapAsk>(envelope.message); };
  for (const char* key : {"k", "l", "m"}) write_and_delete(bench, key);
  bench.call(bench.list("v")[0], put_of("v", "stays", 2));
  for (NodeId id = 0; id < bench.size(); ++id) bench.crash(id);
  bench.lose = nullptr;
  for (NodeId id = 0; id < bench.size(); ++id) bench.start(id);
  bench.settle();
  bench.advance(kLongEnough);
  for (const char* key : {"k", "l", "m"}) CHECK(held(bench, key) == "nothing nothing nothing");
  for (std::size_t i = 0; i < 3; ++i) CHECK(values_of(bench.on_disk(bench.list("v")[i], "v")) == "stays");
}

TEST_CASE("an expired value is reaped in the same way") {
  Bench bench(reaping(4));
  ClientRequest request = put_of("k", "v", 3);
  request.ttl_ns = kSecond;
  bench.call(bench.list("k")[0], request);
  bench.advance(kLongEnough);
  CHECK(held(bench) == "nothing nothing nothing");
}

TEST_CASE("a node alone forgets by itself") {
  BenchOptions options = reaping(1);
  options.replicas = 1;
  Bench bench(options);
  const ClientReply written = bench.call(0, put_of("k", "v", 1));
  bench.call(0, delete_of("k", written.context, 1));
  bench.advance(kLongEnough);
  CHECK(held(bench) == "nothing");
}

TEST_CASE("only the key's first primary tells others to forget") {
  Bench bench(reaping(4));
  const auto nodes = bench.list("k");
  write_and_delete(bench);
  const std::uint64_t digest = bench.node(nodes[0]).store().find(key_of("k"))->digest();
  const auto reap = [&](NodeId from, Incarnation life, std::uint64_t of) {
    bench.give(nodes[2], Received{from, ReapForget{life, {{key_of("k"), of}}}});
    return values_of(bench.node(nodes[2]).store().find(key_of("k")));
  };
  CHECK(reap(nodes[1], 1, digest) == "-");
  CHECK(reap(nodes[3], 1, digest) == "-");
  CHECK(reap(nodes[0], 2, digest) == "-");      // for another life
  CHECK(reap(nodes[0], 1, digest + 1) == "-");  // another tombstone
  CHECK(reap(nodes[0], 1, digest) == "nothing");
  CHECK(reap(nodes[0], 1, digest) == "nothing");
}

}  // namespace
}  // namespace dkv::testing
