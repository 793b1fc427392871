#include "sim/network/topology.h"

#include <algorithm>
#include <vector>

#include "sim/kernel/rng.h"
#include "tests/catch.h"

namespace dkv::sim {
namespace {

std::vector<Member> members(std::uint32_t count) {
  std::vector<Member> made(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    made[i].id = i;
    made[i].name = "n" + std::to_string(i + 1);
  }
  return made;
}

TEST_CASE("without links every node reaches every other directly") {
  const Topology topology(members(3), {});
  REQUIRE(topology.direct());
  REQUIRE(topology.routes().empty());
}

TEST_CASE("routes are the shortest ways over places, and go round a cut link where they can") {
  // n1, n2 at switch a; n3 at switch b; a-b short and a-c-b long.
  const TopologySpec spec{
      {"a", "b", "c"},
      {{"n1", "a", 10}, {"n2", "a", 20}, {"n3", "b", 30}, {"a", "b", 100}, {"a", "c", 200}, {"c", "b", 300}}};
  Topology topology(members(3), spec);
  const auto route = [&](NodeId from, NodeId to) { return topology.routes()[from * 3 + to]; };
  REQUIRE(route(0, 0) == 0);
  REQUIRE(route(0, 1) == 30);
  REQUIRE(route(0, 2) == 140);
  REQUIRE(route(2, 0) == 140);
  topology.cut("b", "a");
  REQUIRE(route(0, 2) == 540);
  REQUIRE(route(0, 1) == 30);
  topology.cut("c", "b");
  REQUIRE(route(0, 2) == Topology::kUnreachable);
  REQUIRE(route(2, 1) == Topology::kUnreachable);
  REQUIRE(route(1, 0) == 30);
  REQUIRE(route(2, 2) == 0);
}

TEST_CASE("a link that was cut twice works again after two restorations") {
  Topology topology(members(2), {{}, {{"n1", "n2", 7}}});
  REQUIRE(topology.has_link("n2", "n1"));
  REQUIRE_FALSE(topology.has_link("n1", "n1"));
  topology.cut("n1", "n2");
  topology.cut("n2", "n1");
  topology.restore("n1", "n2");
  REQUIRE(topology.routes()[1] == Topology::kUnreachable);
  topology.restore("n1", "n2");
  REQUIRE(topology.routes()[1] == 7);
}

TEST_CASE("routes agree with Floyd and Warshall's on random graphs") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    Stream random(seed, Purpose::kSwarm);
    const std::uint32_t nodes = 1 + static_cast<std::uint32_t>(random.below(10));
    const std::uint32_t places = nodes + static_cast<std::uint32_t>(random.below(6));
    std::vector<std::string> names;
    TopologySpec spec;
    for (std::uint32_t i = 0; i < places; ++i) {
      names.push_back(i < nodes ? "n" + std::to_string(i + 1) : "switch" + std::to_string(i));
      if (i >= nodes) spec.places.push_back(names.back());
    }
    constexpr TimeNs kFar = kSecond * 1'000;
    std::vector<TimeNs> distance(places * places, kFar);
    for (std::uint32_t i = 0; i < places; ++i) distance[i * places + i] = 0;
    const std::uint64_t links = 1 + random.below(2 * places);
    for (std::uint64_t i = 0; i < links; ++i) {
      const std::uint64_t a = random.below(places);
      const std::uint64_t b = random.below(places);
      const auto latency = static_cast<TimeNs>(random.below(1'000'000));
      spec.links.push_back({names[a], names[b], latency});
      if (a == b) continue;
      distance[a * places + b] = std::min(distance[a * places + b], latency);
      distance[b * places + a] = std::min(distance[b * places + a], latency);
    }
    for (std::uint32_t k = 0; k < places; ++k) {
      for (std::uint32_t i = 0; i < places; ++i) {
        for (std::uint32_t j = 0; j < places; ++j) {
          distance[i * places + j] =
              std::min(distance[i * places + j], distance[i * places + k] + distance[k * places + j]);
        }
      }
    }
    const std::vector<TimeNs> routes = Topology(members(nodes), spec).routes();
    for (std::uint32_t i = 0; i < nodes; ++i) {
      for (std::uint32_t j = 0; j < nodes; ++j) {
        const TimeNs wanted = distance[i * places + j] >= kFar ? Topology::kUnreachable : distance[i * places + j];
        REQUIRE(routes[i * nodes + j] == wanted);
      }
    }
  }
}

}  // namespace
}  // namespace dkv::sim
