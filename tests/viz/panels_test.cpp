// Questions about one moment: ring.h, hints.h, merkle.h, oracles.h.
#include "tests/viz/run.h"
#include "viz/model/hints.h"
#include "viz/model/merkle.h"
#include "viz/model/oracles.h"
#include "viz/model/ring.h"

using namespace dkv;
using namespace dkv::viz;

namespace {

constexpr const char* kAway = R"(run: 8s
cluster: {nodes: 5, n: 3, r: 2, w: 2, heartbeat: {every: 100ms, unreachable_after: 400ms}, anti_entropy: {every: 1s}}
workload:
  clients: 8
  load: {rate: 200/s}
  mix: {get: 20, put: 0, update: 80}
  keys: {count: 30}
faults:
  - {at: 1s, for: 3s, crash: n2}
)";

void play_to(sim::World& world, TimeNs at_ns) {
  while (!world.ended() && world.next_at() <= at_ns) world.step();
}

sim::World at(const char* text, TimeNs at_ns) {
  const auto source = kit::source_of(text);
  sim::World world(source.scenario, source.seed, source.schedule);
  play_to(world, at_ns);
  return world;
}

}  // namespace

TEST_CASE("the ring has each partition's first primary, and each node its share and state") {
  const sim::World world = at(kAway, 2 * kSecond);
  const auto owners = ring_owners(world);
  CHECK(owners.size() == world.placement().partitions());
  std::uint64_t partitions = 0;
  for (const RingNode& node : ring_nodes(world)) {
    partitions += node.partitions;
    CHECK((node.state.process == sim::ProcessState::kDown) == (node.name == "n2"));
    CHECK(node_turn(world, node.id) > 0);
    CHECK(node_turn(world, node.id) < 1);
  }
  CHECK(partitions == 3 * world.placement().partitions());
  CHECK_FALSE(sees(world, 0, 1));
  CHECK(sees(world, 0, 2));
  CHECK_FALSE(sees(world, 1, 0));  // it is down
}

TEST_CASE("a message's progress goes from 0 to 1 while it travels") {
  sim::Flight flight;
  flight.sent_ns = 100;
  flight.arrives_ns = 200;
  CHECK(progress_of(flight, 100) == Approx(0));
  CHECK(progress_of(flight, 150) == Approx(0.5));
  CHECK(progress_of(flight, 900) == Approx(1));
  flight.where = sim::Flight::Where::kWaiting;
  CHECK(progress_of(flight, 100) == Approx(1));
  flight.where = sim::Flight::Where::kClogged;
  flight.arrives_ns = -1;
  CHECK(progress_of(flight, 100) == Approx(0.5));
}

TEST_CASE("hints are told by who keeps them for whom, and are gone once they are delivered") {
  sim::World world = at(kAway, 3'500 * kMillisecond);
  const auto hints = hints_of(world, 1'000);
  REQUIRE(hints.size() > 5);
  std::uint64_t counted = 0;
  for (const HintCount& count : hint_counts(world)) {
    CHECK(count.owner == 1);
    counted += count.hints;
  }
  CHECK(counted == hints.size());
  for (const HintView& hint : hints) {
    CHECK(hint.owner == 1);
    CHECK(hint.holder != 1);
    CHECK_FALSE(hint.owner_seen);
    CHECK(hint.age_ns >= 0);
    CHECK(hint.age_ns < 3 * kSecond);
    CHECK(hint.siblings >= 1);
  }
  CHECK(hints_of(world, 1).size() <= 4);
  // A holder that goes down still has them on its disk.
  const NodeId holder = hints[0].holder;
  sim::Command crash;
  crash.at_event = world.events() + 1;
  crash.groups = {{holder}};
  REQUIRE(world.apply(crash));
  std::size_t on_disk = 0;
  for (const HintView& hint : hints_of(world, 1'000)) {
    if (hint.holder != holder) continue;
    ++on_disk;
    CHECK(hint.holder_down);
    CHECK(hint.durable);
  }
  CHECK(on_disk > 0);
  while (world.step()) {
  }
  CHECK(hints_of(world, 1'000).empty());
}

TEST_CASE("replicas that differ are told, with the leaves and the keys in which they do, and none do in the end") {
  sim::World world = at(kAway, 4'010 * kMillisecond);
  while (!serving(world, 1)) world.step();
  std::size_t differing = 0;
  for (const ReplicaPair& pair : replica_pairs(world)) {
    CHECK(pair.a < pair.b);
    CHECK(pair.shared >= pair.differing.size());
    if (pair.a != 1 && pair.b != 1) continue;
    for (const PartitionId partition : pair.differing) {
      ++differing;
      const PartitionTrees trees = partition_trees(world, partition);
      CHECK(trees.nodes.size() == 3);
      CHECK(trees.differing != 0);
      const auto keys = differing_keys(world, partition, pair.a, pair.b, 100);
      REQUIRE_FALSE(keys.empty());
      for (const Key& key : keys) {
        CHECK(world.placement().partition(key.hash()) == partition);
        CHECK_FALSE(equal(world.node(pair.a)->store().find(key), world.node(pair.b)->store().find(key)));
      }
    }
  }
  CHECK(differing > 3);
  while (world.step()) {
  }
  for (const ReplicaPair& pair : replica_pairs(world)) CHECK(pair.differing.empty());
  CHECK(partition_trees(world, 0).differing == 0);
}

TEST_CASE("a violation is found at its event, and counted before and after the moment that is shown") {
  const auto source = kit::source_of(R"(run: 5s
cluster: {nodes: 3, n: 3, r: 1, w: 1, conflicts: lww, heartbeat: {every: 100ms, unreachable_after: 400ms}}
workload:
  clients: 6
  load: {rate: 200/s}
  mix: {get: 50, put: 50}
  keys: {count: 5}
faults:
  - {at: 1s, for: 500ms, wipe: [n1, n2, n3]}
expect:
  - violations: [I1]
)");
  Session session(source, kit::counted());
  session.run_until({.what = Until::What::kViolation});
  session.finish();
  const EventNumber first = session.at();
  kit::go(session, 1'000'000);
  const auto& found = session.branch().violations;
  const auto total = [&] {
    std::uint64_t now = 0, later = 0;
    for (const InvariantView& view : invariants(session.branch(), session.world())) {
      now += view.found;
      later += view.later;
    }
    return std::pair(now, later);
  };
  if (found.empty()) {
    CHECK(session.world().ended());
    return;
  }
  CHECK(found.front().event == first);
  CHECK(total() == std::pair<std::uint64_t, std::uint64_t>(found.size(), 0));
  kit::go(session, first - 1);
  CHECK(total() == std::pair<std::uint64_t, std::uint64_t>(0, found.size()));
  CHECK(violation_after(session.branch(), first - 1) == 0);
  CHECK(violation_before(session.branch(), first) == found.size());
  CHECK(violation_before(session.branch(), first + 1) < found.size());
  CHECK(violation_after(session.branch(), session.branch().explored) == found.size());
}
