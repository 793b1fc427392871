#include "viz/views/ring_shape.h"

#include <cmath>

#include "tests/catch.h"

using namespace dkv;
using namespace dkv::viz;

namespace {
float distance(ImVec2 a, ImVec2 b) {
  return std::hypot(a.x - b.x, a.y - b.y);
}
}  // namespace

TEST_CASE("nodes stand apart and inside the panel, however many there are") {
  for (const std::uint32_t nodes : {1u, 2u, 3u, 10u, 40u, 100u, 128u}) {
    INFO(nodes);
    const RingShape shape({10, 20}, {510, 420}, nodes, 24, 1);
    for (NodeId node = 0; node < nodes; ++node) {
      const ImVec2 at = shape.node(node);
      CHECK(at.x - shape.node_radius() >= 10);
      CHECK(at.x + shape.node_radius() <= 510);
      CHECK(at.y - shape.node_radius() >= 20);
      CHECK(at.y + shape.node_radius() <= 420);
      if (nodes > 1) CHECK(distance(at, shape.node((node + 1) % nodes)) >= 2 * shape.node_radius());
    }
    CHECK(shape.band_outer() < shape.radius() - shape.node_radius());
    CHECK(shape.band_inner() > 0);
  }
}

TEST_CASE("the first node and the first partition are at the top, and both go round clockwise") {
  const RingShape shape({0, 0}, {400, 400}, 4, 20, 1);
  CHECK(shape.node(0).y < 100);
  CHECK(shape.node(1).x > 300);
  CHECK(shape.partition_angle(0, 64) == Approx(shape.node_angle(0)));
  CHECK(shape.partition_angle(16, 64) == Approx(shape.node_angle(1)));
}

TEST_CASE("a message is drawn from rim to rim, and its answer on another path") {
  const RingShape shape({0, 0}, {400, 400}, 5, 20, 1);
  CHECK(distance(shape.way(0, 2, 0), shape.node(0)) == Approx(shape.node_radius()).margin(0.5));
  CHECK(distance(shape.way(0, 2, 1), shape.node(2)) == Approx(shape.node_radius()).margin(0.5));
  CHECK(distance(shape.way(0, 2, 0.5f), shape.way(2, 0, 0.5f)) > 10);
  // A message to itself makes a loop outside.
  const ImVec2 loop = shape.way(1, 1, 0.5f);
  CHECK(distance(loop, shape.centre()) > shape.radius() + shape.node_radius());
}
