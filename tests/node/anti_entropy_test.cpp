#include "engine/node/anti_entropy.h"

#include <set>

#include "tests/node/kit.h"

namespace dkv::testing {
namespace {

// Anti-entropy alone: no hints, no read repair, and while `apart` writes reach only their coordinators.
BenchOptions anti_entropy_only(std::uint32_t nodes = 3, std::uint32_t partitions = 8) {
  BenchOptions options{.nodes = nodes, .partitions = partitions};
  options.config.hints_every_ns = 0;
  options.config.read_repair = false;
  options.config.anti_entropy_every_ns = kSecond;
  options.config.fallback_after_ns = 0;
  return options;
}

void stay_apart(Bench& bench) {
  bench.lose = [](const Envelope& e) { return !std::holds_alternative<Heartbeat>(e.message); };
}

void come_together(Bench& bench) {
  bench.lose = nullptr;
  bench.take_trace();
  bench.forget_counts();
}

bool all_equal(Bench& bench) {
  for (PartitionId partition = 0; partition < bench.placement().partitions(); ++partition) {
    const auto primaries = bench.placement().primaries(partition);
    for (const NodeId node : primaries) {
      if (!(bench.node(node).store().tree(partition) == bench.node(primaries[0]).store().tree(partition))) return false;
    }
  }
  return true;
}

// Counts the rounds until all nodes are equal. Each node begins one round a second.
int rounds_to_agree(Bench& bench, int most = 100) {
  for (int round = 0; round < most; ++round) {
    if (all_equal(bench)) return round;
    bench.advance(kSecond);
  }
  FAIL("the replicas don't agree after " << most << " rounds");
  return most;
}

TEST_CASE("replicas that agree exchange roots and nothing else") {
  Bench bench(anti_entropy_only());
  for (int i = 0; i < 50; ++i) bench.call(0, put_of("k" + std::to_string(i), "v", 3));
  bench.take_trace();
  bench.forget_counts();
  bench.advance(10 * kSecond);
  CHECK(bench.sent<AntiEntropyRoots>() >= 27);
  CHECK(bench.sent<AntiEntropyLeaves>() == 0);
  CHECK(bench.sent<AntiEntropyKeys>() == 0);
  CHECK(bench.sent<AntiEntropyObjects>() == 0);
  CHECK(bench.count(Observed::kAntiEntropyDiffered) == 0);
}

TEST_CASE("a key that a replica does not have reaches it in one exchange, whichever node begins") {
  for (const NodeId holder : {NodeId{0}, NodeId{1}}) {
    Bench bench(anti_entropy_only(2));
    stay_apart(bench);
    bench.ask(holder, put_of("k", "v", 1));
    bench.settle();
    come_together(bench);
    CHECK(rounds_to_agree(bench) <= 2);
    CHECK(values_of(bench.on_disk(1 - holder, "k")) == "v");
  }
}

TEST_CASE("siblings, tombstones and missing keys: three replicas become equal after any difference, and then quiet") {
  Bench bench(anti_entropy_only());
  const ClientReply before = bench.call(0, put_of("deleted", "v", 3));
  const ClientReply changed = bench.call(0, put_of("changed", "v", 3));
  stay_apart(bench);
  bench.ask(0, delete_of("deleted", before.context, 1));
  bench.ask(1, with_context(put_of("changed", "w", 1), changed.context));
  for (NodeId node = 0; node < 3; ++node) {
    bench.ask(node, put_of("siblings", "of" + std::to_string(node), 1));
    for (int i = 0; i < 20; ++i) bench.ask(node, put_of("own" + std::to_string(node) + std::to_string(i), "v", 1));
  }
  bench.settle();
  CHECK_FALSE(all_equal(bench));
  come_together(bench);
  CHECK(rounds_to_agree(bench) <= 4);
  for (NodeId node = 0; node < 3; ++node) {
    CHECK(values_of(bench.on_disk(node, "deleted")) == "-");
    CHECK(values_of(bench.on_disk(node, "changed")) == "w");
    CHECK(values_of(bench.on_disk(node, "siblings")) == "of0,of1,of2");
    CHECK(bench.node(node).store().key_count() == 63);
  }
  bench.advance(kSecond);
  bench.forget_counts();
  bench.advance(10 * kSecond);
  CHECK(bench.sent<AntiEntropyLeaves>() == 0);
}

TEST_CASE("five nodes: only replicas of a partition exchange it") {
  Bench bench(anti_entropy_only(5, 32));
  stay_apart(bench);
  for (int i = 0; i < 200; ++i) {
    const std::string key = "k" + std::to_string(i);
    bench.ask(bench.list(key)[static_cast<std::size_t>(i) % 3], put_of(key, "v", 1));
  }
  bench.settle();
  come_together(bench);
  CHECK(rounds_to_agree(bench) <= 12);
  std::size_t copies = 0;
  for (NodeId node = 0; node < 5; ++node) copies += bench.node(node).store().key_count();
  CHECK(copies == 600);
}

TEST_CASE("more differing partitions than one exchange handles are worked off in several") {
  BenchOptions options = anti_entropy_only(2, 64);
  options.replicas = 2;
  options.config.anti_entropy_partitions_max = 4;
  Bench bench(options);
  stay_apart(bench);
  for (int i = 0; i < 500; ++i) bench.ask(0, put_of("k" + std::to_string(i), "v", 1));
  bench.settle();
  come_together(bench);
  const int rounds = rounds_to_agree(bench);
  CHECK(rounds >= 8);
  CHECK(rounds <= 17);
}

// Writes that never stop make the same partitions differ in each round.
TEST_CASE("each differing partition has its turn, however many differ all the time") {
  BenchOptions options = anti_entropy_only(2, 64);
  options.replicas = 2;
  options.config.anti_entropy_partitions_max = 4;
  Bench bench(options);
  std::vector<AntiEntropyRoots::Root> roots;
  for (PartitionId partition = 0; partition < 64; ++partition) roots.push_back({partition, 1});
  bench.observed.clear();
  std::set<std::uint64_t> compared;
  for (int round = 0; round < 16; ++round) bench.give(0, Received{1, AntiEntropyRoots{roots}});
  for (const auto& [node, observation] : bench.observed) {
    if (observation.what == Observed::kAntiEntropyDiffered) compared.insert(observation.number);
  }
  CHECK(compared.size() == 64);
}

// Each write is compared while its copies are still on their way.
TEST_CASE("a key that was written a moment ago is not exchanged, and a second later it is") {
  Bench bench(anti_entropy_only(2));
  stay_apart(bench);
  bench.ask(0, put_of("k", "v", 1));
  bench.settle();
  come_together(bench);
  const Key key = key_of("k");
  const PartitionId partition = bench.placement().partition(key.hash());
  const AntiEntropyKeys nothing{.partition = partition, .leaf_mask = ~std::uint64_t{0}};
  bench.give(0, Received{1, nothing});
  CHECK(bench.count(Observed::kAntiEntropyRepaired) == 0);
  bench.give(0,
             Received{1, AntiEntropyObjects{.wanted = {key},
                                            .stamp = {bench.node(0).incarnation(), bench.node(0).eras().current()}}});
  CHECK(bench.count(Observed::kAntiEntropyRepaired) == 0);
  CHECK(rounds_to_agree(bench) <= 3);
  CHECK(bench.count(Observed::kAntiEntropyRepaired) == 1);
}

TEST_CASE("more objects than one message carries take several rounds") {
  BenchOptions options = anti_entropy_only(2, 1);
  options.replicas = 2;
  Bench bench(options);
  stay_apart(bench);
  for (int i = 0; i < 1800; ++i) bench.ask(static_cast<NodeId>(i % 2), put_of("k" + std::to_string(i), "v", 1));
  bench.settle();
  come_together(bench);
  CHECK(rounds_to_agree(bench) <= 4);
  CHECK(bench.node(0).store().key_count() == 1800);
}

TEST_CASE("more keys than one message lists are compared by excerpts") {
  BenchOptions options = anti_entropy_only(2, 1);
  options.replicas = 2;
  Bench bench(options);
  // All keys are in one leaf, so no choice of leaves could make the list short enough.
  const Key first = key_of("k");
  const std::uint32_t leaf = MerkleTree::leaf_of(first.hash(), 1);
  std::vector<std::string> names;
  for (int i = 0; names.size() < 9000; ++i) {
    const std::string name = "k" + std::to_string(i);
    if (MerkleTree::leaf_of(key_of(name).hash(), 1) == leaf) names.push_back(name);
  }
  for (const std::string& name : names) bench.ask(0, put_of(name, "v", 2));
  bench.settle();
  stay_apart(bench);
  for (std::size_t i = 0; i < names.size(); i += 300)
    bench.ask(static_cast<NodeId>(i / 300 % 2), put_of(names[i], "w", 1));
  for (int i = 0; i < 10; ++i) bench.ask(1, put_of("new" + std::to_string(i), "v", 1));
  bench.settle();
  come_together(bench);
  bool fits = true;
  bench.hold = [&](const Envelope& e) {
    const auto* keys = std::get_if<AntiEntropyKeys>(&e.message);
    fits = fits && (!keys || keys->entries.size() <= kAntiEntropyKeysMax);
    return false;
  };
  rounds_to_agree(bench);
  CHECK(fits);
}

TEST_CASE("large objects are sent a few at a time, and one above the limit is sent alone") {
  BenchOptions options = anti_entropy_only(2, 1);
  options.replicas = 2;
  Bench bench(options);
  stay_apart(bench);
  for (const std::size_t megabytes : {3u, 3u, 12u, 3u, 9u}) {
    const std::string name = "k" + std::to_string(bench.node(0).store().key_count());
    bench.ask(0, put_of(name, std::string(megabytes << 20, 'x'), 1));
  }
  bench.settle();
  come_together(bench);
  std::size_t largest = 0;
  bench.hold = [&](const Envelope& e) {
    if (const auto* objects = std::get_if<AntiEntropyObjects>(&e.message)) {
      std::size_t bytes = 0;
      for (const auto& entry : objects->objects) bytes += entry.object->value_bytes();
      largest = std::max(largest, bytes);
    }
    return false;
  };
  rounds_to_agree(bench);
  CHECK(largest == 12u << 20);
}

TEST_CASE("a lost message of any step costs one round and nothing else") {
  for (std::size_t step = Message(AntiEntropyRoots{}).index(); step <= Message(AntiEntropyObjects{}).index(); ++step) {
    BenchOptions options = anti_entropy_only(2);
    options.replicas = 2;
    Bench bench(options);
    stay_apart(bench);
    bench.ask(0, put_of("k", "a", 1));
    bench.ask(1, put_of("k", "b", 1));
    bench.settle();
    come_together(bench);
    int lost = 0;
    bench.lose = [&](const Envelope& e) { return e.message.index() == step && lost++ == 0; };
    CHECK(rounds_to_agree(bench) <= 3);
    CHECK(lost >= 1);
    CHECK(values_of(bench.on_disk(0, "k")) == "a,b");
  }
}

TEST_CASE("rounds go to each peer in turn and skip unreachable ones") {
  Bench bench(anti_entropy_only(4, 16));
  bench.crash(2);
  bench.advance(4 * kSecond);
  bench.observed.clear();
  bench.advance(4 * kSecond);
  std::string peers;
  for (const auto& [node, observation] : bench.observed) {
    if (node == 0 && observation.what == Observed::kAntiEntropyStarted) peers += std::to_string(observation.peer);
  }
  CHECK((peers == "1313" || peers == "3131"));
}

TEST_CASE("messages of a stranger or of a node that does not share the partition are ignored") {
  Bench bench(anti_entropy_only(5, 32));
  const auto nodes = bench.list("k");
  bench.call(nodes[0], put_of("k", "v", 3));
  const PartitionId partition = bench.placement().partition(key_of("k").hash());
  const ObjectPtr object = bench.node(nodes[0]).store().find(key_of("k"));
  bench.take_trace();
  for (const NodeId from : {nodes[4], NodeId{77}}) {
    bench.give(nodes[0], Received{from, AntiEntropyRoots{{{partition, 1}}}});
    CHECK(bench.take_trace().find("leaves 1") == std::string::npos);
    bench.give(nodes[0], Received{from, AntiEntropyLeaves{{{partition, std::vector<std::uint64_t>(64, 1)}}}});
    bench.give(nodes[0], Received{from, AntiEntropyKeys{.partition = partition, .leaf_mask = ~std::uint64_t{0}}});
  }
  bench.give(nodes[0], Received{nodes[1], AntiEntropyLeaves{{{partition, {1, 2, 3}}, {60'000, {}}}}});
  bench.give(nodes[4], Received{nodes[0], AntiEntropyObjects{.objects = {{key_of("k"), object}}}});
  CHECK_FALSE(bench.node(nodes[4]).store().find(key_of("k")));
  CHECK(bench.take_trace().empty());
}

}  // namespace
}  // namespace dkv::testing
