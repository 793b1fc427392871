// Questions about one moment: ring.h, hints.h, merkle.h, oracles.h.
#include "tests/viz/run.h"
#include "viz/model/hints.h"
#include "viz/model/merkle.h"
#include "viz/model/oracles.h"
#include "viz/model/ring.h"

using namespace dkv;
using namespace dkv::viz;
using kit::world_at;

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

}  // namespace

TEST_CASE("a node that is down is seen by nobody, and sees nobody") {
  const sim::World world = world_at(kAway, 2 * kSecond);
  CHECK_FALSE(sees(world, 0, 1));
  CHECK(sees(world, 0, 2));
  CHECK_FALSE(sees(world, 1, 0));
  CHECK(serving(world, 0));
  CHECK_FALSE(serving(world, 1));
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

TEST_CASE("hints are listed by keeper and owner, and are gone once they are delivered") {
  sim::World world = world_at(kAway, 3'500 * kMillisecond);
  const auto hints = hints_of(world, 1'000);
  REQUIRE(hints.size() > 5);
  for (const HintView& hint : hints) {
    CHECK(hint.owner == 1);
    CHECK(hint.holder != 1);
    CHECK_FALSE(hint.owner_seen);
    CHECK(hint.age_ns >= 0);
    CHECK(hint.age_ns < 3 * kSecond);
    CHECK(hint.siblings >= 1);
  }
  CHECK(hints_of(world, 1).size() <= 4);
  // A holder that is down still has the hints on its disk.
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

TEST_CASE("differing replicas are listed with their differing leaves and keys, and none differ at the end") {
  sim::World world = world_at(kAway, 4'010 * kMillisecond);
  while (!serving(world, 1)) world.step();
  std::size_t differing = 0;
  for (PartitionId partition = 0; partition < world.placement().partitions(); ++partition) {
    const PartitionTrees trees = partition_trees(world, partition);
    CHECK(trees.nodes.size() == 3);
    CHECK((agreement(world, partition) == Agreement::kDiffers) == (trees.differing != 0));
    if (trees.differing == 0) continue;
    ++differing;
    const auto keys = differing_keys(world, partition, trees, 100);
    REQUIRE_FALSE(keys.empty());
    CHECK(differing_keys(world, partition, trees, 0).empty());
    for (const DifferingKey& one : keys) {
      CHECK(world.placement().partition(one.key.hash()) == partition);
      REQUIRE(one.digests.size() == 3);
      for (std::size_t i = 0; i < 3; ++i) {
        const ObjectPtr object = world.node(trees.nodes[i].node)->store().find(one.key);
        CHECK(one.digests[i] == (object ? object->digest() : 0));
      }
      CHECK((one.digests[0] != one.digests[1] || one.digests[0] != one.digests[2]));
    }
  }
  CHECK(differing > 3);
  while (world.step()) {
  }
  for (PartitionId partition = 0; partition < world.placement().partitions(); ++partition) {
    CHECK(agreement(world, partition) != Agreement::kDiffers);
    CHECK(partition_trees(world, partition).differing == 0);
  }
}

TEST_CASE("a partition with one replica up can't be compared") {
  sim::World world = world_at(kAway, 2 * kSecond);
  const PartitionId partition = 0;
  const auto primaries = world.placement().primaries(partition);
  for (const NodeId node : primaries.subspan(1)) {
    if (!serving(world, node)) continue;
    sim::Command crash;
    crash.at_event = world.events() + 1;
    crash.groups = {{node}};
    REQUIRE(world.apply(crash));
  }
  CHECK(agreement(world, partition) == Agreement::kAlone);
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
  session.run_until({.what = Until::What::kFinding});
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
}
