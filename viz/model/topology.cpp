#include "viz/model/topology.h"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/fruchterman_reingold.hpp>
#include <boost/graph/topology.hpp>
#include <cmath>
#include <numbers>

#include "engine/core/assert.h"

namespace dkv::viz {
namespace {

using LayoutGraph = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS>;
using Square = boost::rectangle_topology<>;
using Point = Square::point_type;

constexpr unsigned kSteps = 120;
constexpr double kSide = 100;

std::uint32_t index_of(const std::vector<TopologyLayout::Place>& places, const std::string& name) {
  const auto found = std::ranges::find(places, name, &TopologyLayout::Place::name);
  DKV_ASSERT(found != places.end());  // the scenario was checked: both ends of a link are places
  return static_cast<std::uint32_t>(found - places.begin());
}

// Puts data centres on a large circle, and their places on small ones. Places without a data centre begin in the
// middle.
std::vector<Point> starting_points(const TopologyLayout& layout) {
  std::vector<Point> points(layout.places.size());
  const auto on_circle = [](Point centre, double radius, std::size_t i, std::size_t of) {
    const double angle =
        2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(std::max<std::size_t>(of, 1));
    Point point;
    point[0] = centre[0] + radius * std::cos(angle);
    point[1] = centre[1] + radius * std::sin(angle);
    return point;
  };
  Point middle;
  middle[0] = middle[1] = 0;
  const std::size_t centres = layout.datacenters.size();
  for (std::size_t c = 0; c < centres; ++c) {
    const Point centre = centres > 1 ? on_circle(middle, kSide * 0.3, c, centres) : middle;
    std::vector<std::size_t> members;
    for (std::size_t i = 0; i < layout.places.size(); ++i) {
      if (layout.places[i].node != kNoNode && layout.places[i].datacenter == layout.datacenters[c])
        members.push_back(i);
    }
    for (std::size_t i = 0; i < members.size(); ++i) {
      points[members[i]] = on_circle(centre, kSide * (centres > 1 ? 0.1 : 0.3), i, members.size());
    }
  }
  std::size_t switches = 0;
  for (std::size_t i = 0; i < layout.places.size(); ++i) {
    if (layout.places[i].node == kNoNode) points[i] = on_circle(middle, kSide * 0.05, switches++, 7);
  }
  return points;
}

void draw_together(TopologyLayout& layout, std::vector<Point>& points) {
  LayoutGraph graph(layout.places.size());
  for (const TopologyLayout::Link& link : layout.links) boost::add_edge(link.a, link.b, graph);
  const Square square(-kSide / 2, -kSide / 2, kSide / 2, kSide / 2);
  const auto position = boost::make_iterator_property_map(points.begin(), boost::get(boost::vertex_index, graph));
  boost::fruchterman_reingold_force_directed_layout(
      graph, position, square,
      boost::cooling(boost::linear_cooling<double>(kSteps)).force_pairs(boost::all_force_pairs()));
}

// Scales the points to fill the unit square, by the same factor in both directions.
void normalise(const std::vector<Point>& points, TopologyLayout& layout) {
  double low[2] = {0, 0}, high[2] = {0, 0};
  for (std::size_t axis = 0; axis < 2 && !points.empty(); ++axis) {
    low[axis] = high[axis] = points.front()[axis];
    for (const Point& point : points) {
      low[axis] = std::min(low[axis], point[axis]);
      high[axis] = std::max(high[axis], point[axis]);
    }
  }
  const double span = std::max({high[0] - low[0], high[1] - low[1], 1e-6});
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto unit = [&](std::size_t axis) {
      return static_cast<float>(0.5 + (points[i][axis] - (low[axis] + high[axis]) / 2) / span);
    };
    layout.places[i].x = unit(0);
    layout.places[i].y = unit(1);
  }
}

}  // namespace

TopologyLayout lay_out(const sim::Scenario& scenario) {
  TopologyLayout layout;
  for (const Member& member : scenario.cluster.members) {
    layout.places.push_back({member.name, member.id, member.datacenter, member.rack});
    layout.datacenters.push_back(member.datacenter);
  }
  std::ranges::sort(layout.datacenters);
  layout.datacenters.erase(std::unique(layout.datacenters.begin(), layout.datacenters.end()), layout.datacenters.end());
  const sim::TopologySpec& topology = scenario.network.topology;
  for (const std::string& name : topology.places) layout.places.push_back({name, kNoNode, {}, {}});
  for (const sim::TopologyLink& link : topology.links) {
    layout.links.push_back({index_of(layout.places, link.a), index_of(layout.places, link.b), link.latency_ns});
  }
  std::vector<Point> points = starting_points(layout);
  // Without links, the circles of the data centres are the clearest picture.
  if (!layout.links.empty()) draw_together(layout, points);
  normalise(points, layout);
  return layout;
}

std::vector<CutPair> cut_pairs(const sim::World& world, std::size_t most) {
  std::vector<CutPair> pairs;
  const sim::Network& network = world.network();
  const NodeId nodes = world.node_count();
  for (NodeId a = 0; a < nodes; ++a) {
    for (NodeId b = a + 1; b < nodes && pairs.size() < most; ++b) {
      const bool there = network.open(a, b), back = network.open(b, a);
      if (there && back) continue;
      pairs.push_back(there ? CutPair{b, a, true} : back ? CutPair{a, b, true} : CutPair{a, b, false});
    }
  }
  return pairs;
}

}  // namespace dkv::viz
