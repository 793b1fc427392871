#include "sim/network/topology.h"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/connected_components.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>

#include "engine/core/assert.h"

namespace dkv::sim {
namespace {

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS, boost::no_property,
                                    boost::property<boost::edge_weight_t, TimeNs>>;

}  // namespace

Topology::Topology(std::span<const Member> members, const TopologySpec& spec) : nodes_(members.size()) {
  for (std::size_t i = 0; i < members.size(); ++i) {
    DKV_ASSERT(members[i].id == i);
    places_.push_back(members[i].name);
  }
  places_.insert(places_.end(), spec.places.begin(), spec.places.end());
  for (const TopologyLink& link : spec.links) {
    DKV_ASSERT(link.latency_ns >= 0);
    links_.push_back({place(link.a), place(link.b), link.latency_ns, 0});
  }
}

std::uint32_t Topology::place(std::string_view name) const noexcept {
  const auto found = std::find(places_.begin(), places_.end(), name);
  DKV_ASSERT(found != places_.end());
  return static_cast<std::uint32_t>(found - places_.begin());
}

bool Topology::joins(const Link& link, std::uint32_t a, std::uint32_t b) const noexcept {
  return (link.a == a && link.b == b) || (link.a == b && link.b == a);
}

bool Topology::has_link(std::string_view a, std::string_view b) const noexcept {
  return std::any_of(links_.begin(), links_.end(), [&](const Link& link) {
    return (places_[link.a] == a && places_[link.b] == b) || (places_[link.a] == b && places_[link.b] == a);
  });
}

void Topology::cut(std::string_view a, std::string_view b) {
  DKV_ASSERT(has_link(a, b));
  const std::uint32_t from = place(a);
  const std::uint32_t to = place(b);
  for (Link& link : links_) {
    if (joins(link, from, to)) ++link.cuts;
  }
}

void Topology::restore(std::string_view a, std::string_view b) {
  DKV_ASSERT(has_link(a, b));
  const std::uint32_t from = place(a);
  const std::uint32_t to = place(b);
  for (Link& link : links_) {
    if (!joins(link, from, to)) continue;
    DKV_ASSERT(link.cuts != 0);
    --link.cuts;
  }
}

std::vector<TimeNs> Topology::routes() const {
  if (direct()) return {};
  Graph graph(places_.size());
  for (const Link& link : links_) {
    if (link.cuts == 0) boost::add_edge(link.a, link.b, link.latency_ns, graph);
  }
  std::vector<std::size_t> component(places_.size());
  boost::connected_components(graph, component.data());

  std::vector<TimeNs> routes(nodes_ * nodes_, kUnreachable);
  std::vector<TimeNs> distance(places_.size());
  for (std::size_t from = 0; from < nodes_; ++from) {
    boost::dijkstra_shortest_paths(graph, from, boost::distance_map(distance.data()));
    for (std::size_t to = 0; to < nodes_; ++to) {
      if (component[from] == component[to]) routes[from * nodes_ + to] = distance[to];
    }
  }
  return routes;
}

}  // namespace dkv::sim
