#include "engine/node/completeness.h"

#include "tests/node/kit.h"

namespace dkv::testing {
namespace {

BenchOptions filled_by_anti_entropy(std::uint32_t nodes = 3) {
  BenchOptions options = without_timers(nodes);
  options.config.anti_entropy_every_ns = kSecond;
  options.config.read_repair = false;
  options.config.fallback_after_ns = 0;
  options.config.storage.segment_bytes = 64u << 10;
  return options;
}

void replace_disk(Bench& bench, NodeId node) {
  bench.crash(node);
  bench.wipe(node);
  bench.start(node);
}

TEST_CASE("every node of a new cluster can say that a key does not exist") {
  Bench bench(filled_by_anti_entropy());
  for (NodeId node = 0; node < 3; ++node) CHECK(bench.node(node).knows_all());
  const ClientReply reply = bench.call(0, get_of("never", 3));
  CHECK(words_for(reply) == "done 3");
  CHECK_FALSE(reply.object);
  CHECK(bench.count(Observed::kReplicaIncomplete) == 0);
}

TEST_CASE("a replaced disk does not say that an acknowledged key does not exist") {
  Bench bench(filled_by_anti_entropy());
  const auto nodes = bench.list("k");
  bench.lose = [&](const Envelope& e) { return std::holds_alternative<ReplicaPut>(e.message) && e.to == nodes[2]; };
  CHECK(words_for(bench.call(nodes[0], put_of("k", "paid", 2))) == "done 2");
  bench.lose = nullptr;
  replace_disk(bench, nodes[0]);
  bench.settle();
  CHECK_FALSE(bench.node(nodes[0]).knows_all());
  CHECK(bench.count(Observed::kReplicaIncomplete) == 1);
  // The node that holds the write says nothing. The two others hold nothing, and one of them can't tell why.
  bench.lose = [&](const Envelope& e) { return e.from == nodes[1]; };
  const ClientToken token = bench.ask(nodes[0], strict(get_of("k", 2)));
  bench.settle();
  CHECK_FALSE(bench.reply(token));
  bench.lose = nullptr;
  CHECK(values_of(bench.call(nodes[0], strict(get_of("k", 2))).object) == "paid");
}

TEST_CASE("a read that too few replicas can answer is refused, and says why") {
  Bench bench(filled_by_anti_entropy());
  const auto nodes = bench.list("k");
  bench.call(nodes[0], put_of("other", "v", 3));
  replace_disk(bench, nodes[0]);
  bench.settle();
  CHECK(words_for(bench.call(nodes[1], strict(get_of("k", 3)))) == "refused replicas-incomplete 1");
  CHECK(words_for(bench.call(nodes[0], strict(get_of("k", 3)))) == "refused replicas-incomplete");
  CHECK(words_for(bench.call(nodes[1], strict(get_of("k", 2)))) == "done 2");
}

TEST_CASE("a replaced disk that the other replicas have filled can say again that a key does not exist") {
  Bench bench(filled_by_anti_entropy());
  for (int i = 0; i < 30; ++i) bench.call(0, put_of("k" + std::to_string(i), "v", 3));
  replace_disk(bench, 0);
  bench.settle();
  CHECK(words_for(bench.call(1, strict(get_of("never", 3)))) == "refused replicas-incomplete 2");
  bench.advance(12 * kSecond);
  CHECK(bench.node(0).knows_all());
  CHECK(bench.count(Observed::kReplicaComplete) == 1);
  CHECK(bench.node(0).store().key_count() == 30);
  CHECK(words_for(bench.call(1, strict(get_of("never", 3)))) == "done 3");
  bench.advance(10 * kSecond);
  CHECK(bench.count(Observed::kReplicaIncomplete) == 1);
}

TEST_CASE("a replica that no other has filled yet stays incomplete over a restart") {
  Bench bench(filled_by_anti_entropy());
  const auto nodes = bench.list("k");
  bench.call(nodes[0], put_of("k", "v", 3));
  replace_disk(bench, nodes[0]);
  bench.settle();
  bench.call(nodes[0], put_of("k", "w", 3));  // the disk holds something, and not everything
  bench.run_disk(nodes[0], 100);
  bench.restart(nodes[0]);
  bench.settle();
  CHECK_FALSE(bench.node(nodes[0]).knows_all());
  bench.advance(12 * kSecond);
  CHECK(bench.node(nodes[0]).knows_all());
  bench.restart(nodes[0]);
  bench.settle();
  CHECK(bench.node(nodes[0]).knows_all());
}

TEST_CASE("while one replica can't be reached, a replaced disk stays incomplete") {
  Bench bench(filled_by_anti_entropy());
  bench.call(0, put_of("k", "v", 3));
  replace_disk(bench, 0);
  bench.settle();
  bench.crash(2);
  bench.advance(20 * kSecond);
  CHECK_FALSE(bench.node(0).knows_all());
  bench.start(2);
  bench.advance(12 * kSecond);
  CHECK(bench.node(0).knows_all());
}

TEST_CASE("a node of a new cluster waits for every member to say that it is new, too") {
  Bench bench(filled_by_anti_entropy());
  for (NodeId node = 0; node < 3; ++node) {
    bench.crash(node);
    bench.wipe(node);
  }
  bench.start(0);
  bench.start(1);
  bench.advance(10 * kSecond);
  CHECK_FALSE(bench.node(1).knows_all());
  CHECK(bench.count(Observed::kReplicaIncomplete) == 0);
  bench.start(2);
  bench.advance(kSecond);
  for (NodeId node = 0; node < 3; ++node) CHECK(bench.node(node).knows_all());
}

TEST_CASE("a node that does not know yet whether its cluster is new keeps that in mind over a restart") {
  Bench bench(filled_by_anti_entropy());
  for (NodeId node = 0; node < 3; ++node) {
    bench.crash(node);
    bench.wipe(node);
  }
  bench.start(0);
  bench.start(1);
  bench.settle();
  bench.call(0, put_of("k", "v", 2));
  bench.restart(0);
  CHECK(bench.node(0).store().key_count() == 1);
  CHECK_FALSE(bench.node(0).knows_all());
  bench.start(2);
  bench.advance(12 * kSecond);
  CHECK(bench.node(0).knows_all());
}

TEST_CASE("a cluster without anti-entropy, or with one replica, has nobody to fill a disk, so it says what it holds") {
  BenchOptions options = without_timers(3);
  Bench bench(options);
  bench.call(0, put_of("k", "v", 3));
  replace_disk(bench, 0);
  bench.settle();
  CHECK(bench.node(0).knows_all());
  BenchOptions lone = filled_by_anti_entropy();
  lone.replicas = 1;
  Bench single(lone);
  replace_disk(single, 0);
  single.settle();
  CHECK(single.node(0).knows_all());
}

}  // namespace
}  // namespace dkv::testing
