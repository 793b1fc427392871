#include "viz/model/topology.h"

#include <algorithm>
#include <cmath>

#include "tests/viz/run.h"

using namespace dkv;
using namespace dkv::viz;
using namespace dkv::viz::kit;

namespace {

const char* const kTwoCentres = R"(about: two data centres, and the link between them is cut for a second
run: 4s
cluster:
  n: 3
  nodes:
    - {name: e1, datacenter: east}
    - {name: e2, datacenter: east}
    - {name: w1, datacenter: west}
    - {name: w2, datacenter: west}
network:
  topology:
    places: [east-core, west-core]
    links:
      - {between: [east-core, west-core], latency: 20ms}
      - {between: [e1, east-core], latency: 250us}
      - {between: [e2, east-core], latency: 250us}
      - {between: [w1, west-core], latency: 250us}
      - {between: [w2, west-core], latency: 250us}
workload: {clients: 2, load: {rate: 20/s}}
faults:
  - {at: 1s, for: 1s, link_down: [east-core, west-core]}
)";

double distance(const TopologyLayout::Place& a, const TopologyLayout::Place& b) {
  return std::hypot(a.x - b.x, a.y - b.y);
}

}  // namespace

TEST_CASE("every place of a topology has a point of its own within the picture, and neighbours are near") {
  const sim::Source source = source_of(kTwoCentres);
  const TopologyLayout layout = lay_out(*source.scenario);
  REQUIRE(layout.places.size() == 6);
  REQUIRE(layout.links.size() == 5);
  CHECK(layout.datacenters == std::vector<std::string>{"east", "west"});
  for (const auto& place : layout.places) {
    CAPTURE(place.name);
    CHECK((place.x >= 0 && place.x <= 1 && place.y >= 0 && place.y <= 1));
    for (const auto& other : layout.places) CHECK((&other == &place || distance(place, other) > 0.02));
  }
  const auto of = [&](const char* name) {
    return *std::ranges::find(layout.places, name, &TopologyLayout::Place::name);
  };
  // A node is nearer to the switch of its own data centre than to the other one.
  CHECK(distance(of("e1"), of("east-core")) < distance(of("e1"), of("west-core")));
  CHECK(distance(of("w2"), of("west-core")) < distance(of("w2"), of("east-core")));
  CHECK(of("east-core").node == kNoNode);
  CHECK(of("w1").node == 2);
}

TEST_CASE("the same scenario has the same picture each time") {
  const sim::Source source = source_of(kTwoCentres);
  const TopologyLayout first = lay_out(*source.scenario), again = lay_out(*source.scenario);
  for (std::size_t i = 0; i < first.places.size(); ++i) {
    CHECK(first.places[i].x == again.places[i].x);
    CHECK(first.places[i].y == again.places[i].y);
  }
}

TEST_CASE("a scenario without links is laid out, too") {
  const sim::Source source = source_of(kCalm);
  const TopologyLayout layout = lay_out(*source.scenario);
  CHECK(layout.places.size() == 3);
  CHECK(layout.links.empty());
  CHECK(distance(layout.places[0], layout.places[1]) > 0.1);
}

TEST_CASE("a cut link shows which pairs can't talk, while it lasts") {
  Session session(source_of(kTwoCentres), counted());
  CHECK(cut_pairs(session.world(), 100).empty());
  while (session.world().now() < 1500 * kMillisecond) {
    REQUIRE(session.world().events() < 100'000);
    go(session, session.world().events() + 5);
  }
  CHECK_FALSE(session.world().network().topology().stands(0));
  CHECK(session.world().network().topology().stands(1));
  const auto pairs = cut_pairs(session.world(), 100);
  CHECK(pairs.size() == 4);  // two nodes on each side
  CHECK(std::ranges::none_of(pairs, &CutPair::one_way));
  CHECK(cut_pairs(session.world(), 3).size() == 3);
}

TEST_CASE("a one-way cut names the direction that is closed") {
  Session session(source_of(std::string(kCalm) + "faults:\n  - {at: 100ms, for: 2s, one_way: {from: n3, to: n1}}\n"),
                  counted());
  while (session.world().now() < 500 * kMillisecond) go(session, session.world().events() + 5);
  const auto pairs = cut_pairs(session.world(), 100);
  REQUIRE(pairs.size() == 1);
  CHECK(pairs.front().one_way);
  CHECK(pairs.front().a == 2);
  CHECK(pairs.front().b == 0);
}
