// The meaning of correct files.
#include "tests/sim/scenario/text.h"

namespace dkv::sim {

TEST_CASE("a scenario that says nothing has the defaults: five nodes, n 3, r 2, w 2, no clients") {
  const Scenario scenario = load_good("{}");
  CHECK(scenario.name == "story");
  REQUIRE(scenario.cluster.members.size() == 5);
  CHECK(scenario.cluster.members[4].name == "n5");
  CHECK(scenario.cluster.members[4].id == 4);
  CHECK(scenario.cluster.replicas == 3);
  CHECK(scenario.cluster.read_need == 2);
  CHECK(scenario.cluster.write_need == 2);
  CHECK(scenario.workload.clients == 0);
  CHECK(scenario.faults.empty());
  CHECK_FALSE(scenario.palette);
}

TEST_CASE("the head of a scenario is read") {
  const Scenario scenario = load_good("about: |\n  A story\n  in two lines.\nseed: 9\nrun: 30s\nheal_within: 2m\n");
  CHECK(scenario.about == "A story\nin two lines.\n");
  CHECK(scenario.seed == 9);
  CHECK(scenario.run_ns == 30 * kSecond);
  CHECK(scenario.heal_within_ns == 120 * kSecond);
}

TEST_CASE("every field of a cluster arrives") {
  const Scenario scenario = load_good(R"(
cluster:
  nodes: 7
  n: 5
  r: 3
  w: 4
  pr: 1
  pw: 2
  quorum: strict
  partitions: 128
  conflicts: lww
  siblings_max: 10
  timeout: 750ms
  heartbeat: {every: 100ms, unreachable_after: 900ms}
  fallback_after: never
  read_repair: false
  hints: {ttl: forever, deliver_every: never, max: 77, in_flight: 8}
  anti_entropy: {every: 3s, partitions_at_once: 9}
  operations_max: 99
  clock_apart_max: 3s
)");
  const ClusterSpec& cluster = scenario.cluster;
  CHECK(cluster.members.size() == 7);
  CHECK(cluster.replicas == 5);
  CHECK(cluster.read_need == 3);
  CHECK(cluster.write_need == 4);
  CHECK(cluster.read_primary == 1);
  CHECK(cluster.write_primary == 2);
  CHECK(cluster.mode == QuorumMode::kStrict);
  CHECK(cluster.partitions == 128);
  CHECK(cluster.node.policy == ConflictPolicy::kLastWriteWins);
  CHECK(cluster.node.siblings_max == 10);
  CHECK(cluster.request_timeout_ns == 750 * kMillisecond);
  CHECK(cluster.node.heartbeat_every_ns == 100 * kMillisecond);
  CHECK(cluster.node.unreachable_after_ns == 900 * kMillisecond);
  CHECK(cluster.node.fallback_after_ns == 0);
  CHECK_FALSE(cluster.node.read_repair);
  CHECK(cluster.node.hint_ttl_ns == 0);
  CHECK(cluster.node.hints_every_ns == 0);
  CHECK(cluster.node.hints_max == 77);
  CHECK(cluster.node.hints_in_flight_max == 8);
  CHECK(cluster.node.anti_entropy_every_ns == 3 * kSecond);
  CHECK(cluster.node.anti_entropy_partitions_max == 9);
  CHECK(cluster.node.operations_max == 99);
  CHECK(cluster.node.clock_apart_max_ns == 3 * kSecond);
  CHECK(load_good("cluster: {anti_entropy: off}").cluster.node.anti_entropy_every_ns == 0);
}

TEST_CASE("a bucket says its properties, and leaves the others to the cluster") {
  const NodeConfig node =
      load_good("cluster: {conflicts: lww, buckets: {a: {conflicts: siblings}, b: {ttl: 30s}, c: {}}}").cluster.node;
  REQUIRE(node.buckets.size() == 3);
  CHECK(node.buckets.at("a") == BucketProperties{.conflicts = ConflictPolicy::kSiblings});
  CHECK(node.buckets.at("b") == BucketProperties{.ttl_ns = 30 * kSecond});
  CHECK(node.buckets.at("c") == BucketProperties());
  CHECK(node.policy_of(*Key::make("a", "k")) == ConflictPolicy::kSiblings);
  CHECK(node.policy_of(*Key::make("b", "k")) == ConflictPolicy::kLastWriteWins);
  CHECK(node.policy_of(*Key::make("unnamed", "k")) == ConflictPolicy::kLastWriteWins);
}

TEST_CASE("n, r and w follow the size of a small cluster when they are not given") {
  CHECK(load_good("cluster: {nodes: 1}").cluster.replicas == 1);
  CHECK(load_good("cluster: {nodes: 1}").cluster.write_need == 1);
  CHECK(load_good("cluster: {nodes: 7, n: 5}").cluster.read_need == 3);
}

TEST_CASE("nodes are given as a number, as names, or with labels") {
  const auto named = load_good("cluster: {nodes: [ann, bob, n.3]}").cluster.members;
  REQUIRE(named.size() == 3);
  CHECK(named[1].name == "bob");
  const auto labelled = load_good(
      "cluster: {nodes: [{name: a, host: h, rack: k, datacenter: east, weight: 50}, b, {name: c, datacenter: west}]}");
  REQUIRE(labelled.cluster.members.size() == 3);
  CHECK(labelled.cluster.members[0].host == "h");
  CHECK(labelled.cluster.members[0].rack == "k");
  CHECK(labelled.cluster.members[0].datacenter == "east");
  CHECK(labelled.cluster.members[0].weight == 50);
  CHECK(labelled.cluster.members[1].weight == 100);
}

TEST_CASE("every shape of a distribution arrives") {
  const auto latency = [](const std::string& shape) {
    return load_good("network: {latency: " + shape + "}").network.latency;
  };
  CHECK(latency("3ms").least() == 3 * kMillisecond);
  CHECK(latency("3ms").greatest() == 3 * kMillisecond);
  CHECK(latency("{uniform: [1ms, 5ms]}").least() == kMillisecond);
  CHECK(latency("{uniform: [1ms, 5ms]}").greatest() == 5 * kMillisecond);
  const std::uint64_t half = std::uint64_t{1} << 63;
  const Distribution lognormal = latency("{lognormal: {median: 4ms, p99: 40ms}}");
  CHECK(lognormal.at(half) > 3'900'000);
  CHECK(lognormal.at(half) < 4'100'000);
  const Distribution exponential = latency("{exponential: {mean: 10ms}}");
  CHECK(exponential.at(half) > 6'500'000);
  CHECK(exponential.at(half) < 7'500'000);
  const Distribution pareto = latency("{pareto: {least: 1ms, alpha: 1.5, cap: 2s}}");
  CHECK(pareto.least() >= kMillisecond);
  CHECK(pareto.greatest() <= 2 * kSecond);
  const Distribution mixture = latency("{mixture: [{weight: 99, latency: 1ms}, {weight: 1, latency: 50ms}]}");
  CHECK(mixture.at(half) == kMillisecond);
  CHECK(mixture.greatest() == 50 * kMillisecond);
  const Distribution table = latency("{table: [[0%, 1ms], [50%, 2ms], [100%, 9ms]]}");
  CHECK(table.least() == kMillisecond);
  CHECK(table.greatest() == 9 * kMillisecond);
}

TEST_CASE("network, rules, topology and disk arrive") {
  const Scenario scenario = load_good(R"(
cluster: {nodes: 3}
network:
  latency: 1ms
  loss: 0.5%
  duplicate: 1%
  reorder: 2%
  reorder_by: 7ms
  rules:
    - {from: n1, to: [n2, n3], both_ways: false, legs: [write, reply], latency: 5ms, loss: 1%}
    - {from: [n2, n3], to: n1, both_ways: false, loss: 0}
  topology:
    places: [switch]
    links:
      - {between: [switch, n1], latency: 1ms}
      - {between: [switch, n2], latency: 2ms}
      - {between: [n3, switch], latency: 0}
disk: {sync: 4ms}
)");
  const NetworkSpec& network = scenario.network;
  CHECK(network.loss_ppm == 5'000);
  CHECK(network.duplicate_ppm == 10'000);
  CHECK(network.reorder_ppm == 20'000);
  CHECK(network.reorder_delay.least() == 7 * kMillisecond);
  REQUIRE(network.rules.size() == 2);
  CHECK(network.rules[0].from == std::vector<NodeId>{0});
  CHECK(network.rules[0].to == std::vector<NodeId>{1, 2});
  CHECK_FALSE(network.rules[0].both_ways);
  CHECK(network.rules[0].legs == std::vector<Leg>{Leg::kWrite, Leg::kReply});
  CHECK(network.rules[0].latency->least() == 5 * kMillisecond);
  CHECK(network.rules[0].loss_ppm == 10'000u);
  CHECK_FALSE(network.rules[1].latency);
  CHECK(network.rules[1].loss_ppm == 0u);
  CHECK(network.topology.places == std::vector<std::string>{"switch"});
  REQUIRE(network.topology.links.size() == 3);
  CHECK(network.topology.links[1].latency_ns == 2 * kMillisecond);
  CHECK(network.topology.links[2].a == "n3");
  CHECK(scenario.disk.sync.least() == 4 * kMillisecond);
}

TEST_CASE("a random workload arrives, and an unnamed kind of operation in the mix has no weight") {
  const WorkloadSpec load = load_good(R"(
workload:
  clients: 8
  load: {rate: 300/s}
  mix: {get: 5, update: 3, delete: 1}
  keys: {count: 50, pick: zipfian, skew: 1.2}
  value: 2KiB
  connect: home
  start: 500ms
)")
                                .workload;
  CHECK(load.clients == 8);
  CHECK(load.shape == LoadShape::kOpen);
  CHECK(load.rate_per_s == 300);
  CHECK(load.mix.get == 5);
  CHECK(load.mix.put == 0);
  CHECK(load.mix.blind_put == 0);
  CHECK(load.mix.update == 3);
  CHECK(load.mix.remove == 1);
  CHECK(load.keys == 50);
  CHECK(load.choice == KeyChoice::kZipfian);
  CHECK(load.zipf_thousandths == 1200);
  CHECK(load.value_bytes == 2048);
  CHECK(load.connect == Connect::kHome);
  CHECK(load.start_ns == 500 * kMillisecond);
  const WorkloadSpec closed = load_good("workload: {clients: 1, load: {think: 20ms}, keys: 7}").workload;
  CHECK(closed.shape == LoadShape::kClosed);
  CHECK(closed.think.least() == 20 * kMillisecond);
  CHECK(closed.keys == 7);
}

TEST_CASE("scripted steps are read with their expectations and the lines of these") {
  const auto steps = load_good(R"(workload:
  steps:
    - {at: 1s, as: alice, put: cart, value: milk, via: n1, blind: true, w: 1, quorum: strict}
    - {at: 2s, as: bob, add: cart, value: "eggs,ham", expect: {outcome: unknown}}
    - {at: 2s, as: alice, get: cart, r: 3, expect: {outcome: done, value: "1", siblings: 1, found: true}}
    - {at: 3s, as: bob, delete: cart}
)")
                         .workload.steps;
  REQUIRE(steps.size() == 4);
  CHECK(steps[0].kind == StepKind::kPut);
  CHECK(steps[0].session == "alice");
  CHECK(steps[0].key == "cart");
  CHECK(steps[0].value == "milk");
  CHECK(steps[0].via == NodeId{0});
  CHECK(steps[0].blind);
  CHECK(steps[0].need == 1);
  CHECK(steps[0].mode == QuorumMode::kStrict);
  CHECK(steps[1].kind == StepKind::kAdd);
  CHECK(steps[1].value == "eggs,ham");
  CHECK(steps[1].expect.outcome == Outcome::kUnknown);
  CHECK(steps[1].expect.line == 4);
  CHECK_FALSE(steps[1].via);
  CHECK(steps[2].need == 3);
  CHECK(steps[2].expect.value == "1");
  CHECK(steps[2].expect.siblings == 1u);
  CHECK(steps[2].expect.found == true);
  CHECK(steps[3].kind == StepKind::kDelete);
}

TEST_CASE("expectations arrive with metric, comparison, number and line") {
  const Scenario scenario = load_good(R"(expect:
  - stale_reads == 0
  - availability>=99.5%
  - "refused_writes  !=  3"
  - get_p99_ms < 12.25
  - violations: [I1, I4]
)");
  REQUIRE(scenario.expect.size() == 4);
  CHECK(scenario.expect[0].metric == "stale_reads");
  CHECK(scenario.expect[0].compare == Compare::kEqual);
  CHECK(scenario.expect[0].number == 0);
  CHECK(scenario.expect[0].line == 2);
  CHECK(scenario.expect[0].text == "stale_reads == 0");
  CHECK(scenario.expect[1].compare == Compare::kGreaterEqual);
  CHECK(scenario.expect[1].number == 99.5);
  CHECK(scenario.expect[2].compare == Compare::kNotEqual);
  CHECK(scenario.expect[3].number == 12.25);
  CHECK(scenario.expected_violations == std::vector<std::string>{"I1", "I4"});
}

}  // namespace dkv::sim
