#include "viz/model/key.h"

#include "tests/viz/run.h"

using namespace dkv;
using namespace dkv::viz;

namespace {

// Two clients on the two sides of a cut write the same key without having seen each other.
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

sim::World at(const char* text, TimeNs at_ns) {
  const auto source = kit::source_of(text);
  sim::World world(source.scenario, source.seed, source.schedule);
  while (!world.ended() && world.next_at() <= at_ns) world.step();
  return world;
}

}  // namespace

TEST_CASE("a key that nobody wrote has its primaries, which hold nothing and agree") {
  const KeyView view = look_at_key(at(kCut, 100 * kMillisecond), cart());
  REQUIRE(view.replicas.size() == 3);
  CHECK(view.place.preference.size() == 3);
  CHECK(view.place.turn >= 0);
  CHECK(view.place.turn < 1);
  CHECK(view.agree);
  for (std::size_t i = 0; i < view.replicas.size(); ++i) {
    CHECK(view.replicas[i].node == view.place.preference[i]);
    CHECK(view.replicas[i].primary);
    CHECK_FALSE(view.replicas[i].visible);
  }
}

TEST_CASE("replicas on two sides of a cut hold two versions, and the same two once they have met") {
  const sim::World cut = at(kCut, 3 * kSecond);
  const KeyView apart = look_at_key(cut, cart());
  CHECK_FALSE(apart.agree);
  for (const ReplicaView& replica : apart.replicas) {
    REQUIRE(replica.visible);
    REQUIRE(replica.visible->versions.size() == 1);
    const VersionView& version = replica.visible->versions[0];
    REQUIRE(version.value);
    CHECK(*version.value == (replica.node == 2 ? "beer" : "bread"));
    CHECK(version.bytes == version.value->size());
    CHECK(version.dot.node == (replica.node == 2 ? 2u : 0u));
    CHECK(version.dot.text.starts_with(replica.node == 2 ? "n3.1:" : "n1.1:"));
    CHECK(replica.durable);
    CHECK(replica.durable->digest == replica.visible->digest);
  }
  const KeyView together = look_at_key(at(kCut, 6 * kSecond), cart());
  CHECK(together.agree);
  for (const ReplicaView& replica : together.replicas) CHECK(replica.visible->versions.size() == 2);
}

TEST_CASE("a replica that is down shows what its disk has") {
  const auto source = kit::source_of(kCut);
  sim::World world(source.scenario, source.seed, source.schedule);
  while (world.next_at() <= 800 * kMillisecond) world.step();
  sim::Command crash;
  crash.at_event = world.events() + 1;
  crash.groups = {{1}};
  REQUIRE(world.apply(crash));
  const KeyView view = look_at_key(world, cart());
  for (const ReplicaView& replica : view.replicas) {
    CHECK((replica.process == sim::ProcessState::kDown) == (replica.node == 1));
    CHECK(replica.visible.has_value() == (replica.node != 1));
    REQUIRE(replica.durable);
    CHECK(*replica.durable->versions[0].value == "milk");
  }
  CHECK(view.agree);  // those that are up
}

TEST_CASE("keys are found by a part of their name, in an order that people expect") {
  const sim::World world = at(kit::kCalm, kSecond);
  CHECK(keys_with(world, "", 100).size() == 10);
  CHECK(keys_with(world, "", 4).size() == 4);
  const auto found = keys_with(world, "7", 100);
  REQUIRE(found.size() == 1);
  CHECK(found[0].key() == "k7");
  CHECK(keys_with(world, "nothing", 100).empty());
}
