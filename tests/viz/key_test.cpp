#include "viz/model/key.h"

#include <algorithm>

#include "tests/viz/run.h"

using namespace dkv;
using namespace dkv::viz;
using kit::world_at;

namespace {

// Two clients on two sides of a cut write the same key without having seen each other's write.
constexpr const char* kCut = R"(run: 6s
cluster: {nodes: 3, n: 3, r: 1, w: 1, heartbeat: {every: 100ms, unreachable_after: 400ms}, anti_entropy: {every: 1s}}
workload:
  steps:
    - {at: 500ms, as: alice, put: cart, value: milk, via: n1}
    - {at: 700ms, as: bob, get: cart, via: n3}
    - {at: 2s, as: alice, put: cart, value: bread, via: n1}
    - {at: 2s, as: bob, put: cart, value: beer, via: n3}
faults:
  - {at: 1s, for: 3s, partition: [[n1, n2], [n3]]}
)";

Key cart() {
  return *Key::make(kDefaultBucket, "cart");
}

}  // namespace

TEST_CASE("a key that nobody wrote has its primaries, which hold nothing and do not differ") {
  const sim::World world = world_at(kCut, 100 * kMillisecond);
  const auto holders = holders_of(world, cart());
  REQUIRE(holders.size() == 3);
  const auto primaries = world.placement().primaries(world.placement().partition(cart().hash()));
  for (std::size_t i = 0; i < holders.size(); ++i) {
    CHECK(holders[i].node == primaries[i]);
    CHECK(holders[i].number == static_cast<int>(i) + 1);
    CHECK_FALSE(holders[i].object);
    CHECK_FALSE(holders[i].differs);
  }
}

TEST_CASE("replicas on two sides of a cut hold two versions, and the same two once they have met") {
  const sim::World cut = world_at(kCut, 3 * kSecond);
  for (const Holder& holder : holders_of(cut, cart())) {
    REQUIRE(holder.object);
    REQUIRE(holder.object->siblings().size() == 1);
    CHECK(holder.object->siblings()[0].dot.actor.id == cut.node(holder.node == 2 ? 2 : 0)->actor().id);
    CHECK(holder.durable);
    CHECK(holder.differs);
  }
  for (const Holder& holder : holders_of(world_at(kCut, 6 * kSecond), cart())) {
    CHECK(holder.object->siblings().size() == 2);
    CHECK_FALSE(holder.differs);
  }
}

TEST_CASE("a replica that is down shows what its disk has") {
  const auto source = kit::source_of(kCut);
  sim::World world(source.scenario, source.seed, source.schedule);
  while (world.next_at() <= 800 * kMillisecond) world.step();
  sim::Command crash;
  crash.at_event = world.events() + 1;
  crash.groups = {{1}};
  REQUIRE(world.apply(crash));
  const auto holders = holders_of(world, cart());
  CHECK(holders.size() == 3);
  for (const Holder& holder : holders) {
    CHECK((holder.process == sim::ProcessState::kDown) == (holder.node == 1));
    REQUIRE(holder.object);
    CHECK(holder.durable);
    CHECK_FALSE(holder.differs);
    if (holder.node == 1) CHECK(holder.object->siblings()[0].value.view() == "milk");
  }
}

TEST_CASE("a hint is listed under its keeper, with the node that it is for") {
  const sim::World world = world_at(R"(run: 8s
cluster: {nodes: 4, n: 3, r: 2, w: 2, heartbeat: {every: 100ms, unreachable_after: 400ms}}
workload:
  steps:
    - {at: 3s, as: alice, put: cart, value: milk, via: n1}
faults:
  - {at: 1s, for: 6s, crash: [n2]}
)",
                                    4 * kSecond);
  const auto primaries = world.placement().primaries(world.placement().partition(cart().hash()));
  REQUIRE(std::ranges::count(primaries, NodeId{1}) == 1);
  std::size_t hints = 0;
  for (const Holder& holder : holders_of(world, cart())) {
    if (holder.owner == kNoNode) continue;
    ++hints;
    CHECK(holder.owner == 1);
    CHECK(holder.number == 0);
    CHECK(holder.durable);
    REQUIRE(holder.object);
  }
  CHECK(hints == 1);
}

TEST_CASE("keys are found by a part of their name") {
  const sim::World world = world_at(kit::kCalm, kSecond);
  CHECK(keys_with(world, "", 100).size() == 10);
  CHECK(keys_with(world, "", 4).size() == 4);
  const auto found = keys_with(world, "7", 100);
  REQUIRE(found.size() == 1);
  CHECK(found[0].key() == "k7");
  CHECK(keys_with(world, "nothing", 100).empty());
}
