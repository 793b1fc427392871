#include "viz/model/versions.h"

#include "tests/viz/run.h"

using namespace dkv;
using namespace dkv::viz;
using kit::world_at;

namespace {

constexpr const char* kStory = R"(run: 6s
cluster: {nodes: 3, n: 3, r: 2, w: 2}
workload:
  steps:
    - {at: 500ms, as: alice, put: cart, value: milk, via: n1}
    - {at: 1s, as: bob, put: cart, value: beer, via: n2}
    - {at: 1500ms, as: bob, put: cart, value: wine, via: n2}
    - {at: 2s, as: carol, get: cart, via: n3}
    - {at: 2500ms, as: carol, put: cart, value: all, via: n3}
    - {at: 3s, as: carol, delete: cart, via: n3}
)";

const Key kCart = *Key::make(kDefaultBucket, "cart");

}  // namespace

TEST_CASE("the history of a key shows which write had seen which, layer by layer") {
  const VersionGraph graph = version_graph(world_at(kStory, 2'800 * kMillisecond), kCart, 100);
  REQUIRE(graph.nodes.size() == 4);  // milk, beer, wine, all
  const auto edges = [&] {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
    for (const VersionEdge& edge : graph.edges) pairs.emplace_back(edge.from, edge.to);
    return pairs;
  }();
  // beer -> wine, milk -> all, wine -> all. That the writer of "all" had seen beer, too, follows from these.
  CHECK(edges == std::vector<std::pair<std::uint32_t, std::uint32_t>>{{1, 2}, {0, 3}, {2, 3}});
  CHECK(graph.nodes[0].layer == 0);
  CHECK(graph.nodes[1].layer == 0);
  CHECK(graph.nodes[0].lane != graph.nodes[1].lane);
  CHECK(graph.nodes[2].layer == 1);
  CHECK(graph.nodes[3].layer == 2);
  CHECK(graph.layers == 3);
  CHECK(graph.lanes == 2);
  CHECK(graph.nodes[3].value == "all");
  CHECK(graph.nodes[3].holders.size() == 3);
  CHECK(graph.nodes[0].holders.empty());
  CHECK(graph.nodes[3].fate == VersionNode::Fate::kWritten);
}

TEST_CASE("a delete is a version as well, and older ones are left out when there are too many") {
  const sim::World world = world_at(kStory, 4 * kSecond);
  const VersionGraph whole = version_graph(world, kCart, 100);
  REQUIRE(whole.nodes.size() == 5);
  CHECK(whole.nodes[4].tombstone);
  CHECK(whole.left_out == 0);
  const VersionGraph part = version_graph(world, kCart, 2);
  REQUIRE(part.nodes.size() == 2);
  CHECK(part.left_out == 3);
  CHECK(part.edges.size() == 1);
  CHECK(part.nodes[1].tag == whole.nodes[4].tag);
}

TEST_CASE("without an oracle the graph has the versions that the replicas hold") {
  const VersionGraph graph = version_graph(world_at(kStory, 1'800 * kMillisecond, {.oracle = false}), kCart, 100);
  CHECK(graph.nodes.size() == 2);
  CHECK(graph.edges.empty());
}

TEST_CASE("a graph of a busy key has only edges that follow from no others") {
  const auto source = kit::source_of(kit::kStormy);
  sim::World world(source.scenario, source.seed, source.schedule);
  while (world.step()) {
  }
  for (const char* name : {"k5", "k6", "k7"}) {
    const VersionGraph graph = version_graph(world, *Key::make(kDefaultBucket, name), 200);
    CHECK(graph.nodes.size() > 2);
    std::vector<std::vector<bool>> reach(graph.nodes.size(), std::vector<bool>(graph.nodes.size(), false));
    for (const VersionEdge& edge : graph.edges) {
      CHECK(edge.from < edge.to);
      CHECK(graph.nodes[edge.from].layer < graph.nodes[edge.to].layer);
    }
    for (std::size_t to = 0; to < graph.nodes.size(); ++to) {
      for (const VersionEdge& edge : graph.edges) {
        if (edge.to != to) continue;
        CHECK_FALSE(reach[edge.from][to]);
        for (std::size_t i = 0; i <= edge.from; ++i) {
          if (i == edge.from || reach[i][edge.from]) reach[i][to] = true;
        }
        // Tried again below, so that the order of edges has no effect.
        reach[edge.from][to] = false;
      }
      for (const VersionEdge& edge : graph.edges) {
        if (edge.to == to) reach[edge.from][to] = true;
      }
    }
  }
}
