#include "viz/model/versions.h"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/topological_sort.hpp>
#include <map>
#include <utility>

#include "viz/model/key.h"
#include "viz/model/ring.h"

namespace dkv::viz {
namespace {

// Edges lead from a version to the versions whose writers had seen it. Vertices are indices into VersionGraph::nodes.
using Graph = boost::adjacency_list<boost::setS, boost::vecS, boost::bidirectionalS>;

VersionNode::Fate fate_of(const sim::Oracle::WriteView& write) {
  if (!write.answered) return VersionNode::Fate::kRunning;
  if (write.acknowledged) return VersionNode::Fate::kWritten;
  return write.refused ? VersionNode::Fate::kRefused : VersionNode::Fate::kUnknown;
}

bool reaches(const Graph& graph, Graph::vertex_descriptor from, Graph::vertex_descriptor to,
             std::vector<std::uint8_t>& seen) {
  if (from == to) return true;
  seen[from] = 1;
  for (const auto edge : boost::make_iterator_range(boost::out_edges(from, graph))) {
    const auto next = boost::target(edge, graph);
    // Tags ascend along edges, so a vertex after the goal does not lead to it.
    if (next <= to && !seen[next] && reaches(graph, next, to, seen)) return true;
  }
  return false;
}

// Removes the edges that others imply (transitive reduction).
void reduce(Graph& graph) {
  for (const auto vertex : boost::make_iterator_range(boost::vertices(graph))) {
    std::vector<Graph::vertex_descriptor> seen_by;
    for (const auto edge : boost::make_iterator_range(boost::out_edges(vertex, graph))) {
      seen_by.push_back(boost::target(edge, graph));
    }
    for (const auto far : seen_by) {
      std::vector<std::uint8_t> seen(boost::num_vertices(graph), 0);
      const bool implied = std::ranges::any_of(
          seen_by, [&](auto near) { return near != far && near < far && reaches(graph, near, far, seen); });
      if (implied) boost::remove_edge(vertex, far, graph);
    }
  }
}

// Puts each version into the layer after the last version that its writer had seen.
void lay_out(const Graph& graph, VersionGraph& out) {
  std::vector<Graph::vertex_descriptor> order;
  boost::topological_sort(graph, std::back_inserter(order));
  std::ranges::reverse(order);
  for (const auto vertex : order) {
    VersionNode& node = out.nodes[vertex];
    for (const auto edge : boost::make_iterator_range(boost::in_edges(vertex, graph))) {
      node.layer = std::max(node.layer, out.nodes[boost::source(edge, graph)].layer + 1);
    }
    out.layers = std::max(out.layers, node.layer + 1);
  }
  std::vector<std::uint32_t> used(out.layers, 0);
  for (VersionNode& node : out.nodes) {
    node.lane = used[node.layer]++;
    out.lanes = std::max(out.lanes, used[node.layer]);
  }
}

}  // namespace

VersionGraph version_graph(const sim::World& world, const Key& key, std::size_t most) {
  VersionGraph out;
  std::vector<sim::Oracle::WriteView> writes;
  if (world.judge()) writes = world.judge()->history_of(key);
  if (writes.size() > most) {
    out.left_out = writes.size() - most;
    writes.erase(writes.begin(), writes.end() - static_cast<std::ptrdiff_t>(most));
  }
  std::map<WriteTag, std::uint32_t> index;
  for (const auto& write : writes) {
    index[write.tag] = static_cast<std::uint32_t>(out.nodes.size());
    out.nodes.push_back({.tag = write.tag,
                         .dot = {},
                         .value = {},
                         .tombstone = write.remove,
                         .fate = fate_of(write),
                         .session = write.session,
                         .started_ns = write.started_ns,
                         .holders = {}});
  }
  for (const Holder& replica : holders_of(world, key)) {
    // While a process starts, its state in memory is not complete.
    if (replica.owner != kNoNode || !replica.object || !serving(world, replica.node)) continue;
    for (const Sibling& version : replica.object->siblings()) {
      const auto [place, added] = index.try_emplace(version.tag, static_cast<std::uint32_t>(out.nodes.size()));
      if (added) {
        // It is older than the shown writes, or there is no oracle.
        if (!writes.empty()) {
          index.erase(place);
          continue;
        }
        out.nodes.push_back({.tag = version.tag,
                             .dot = {},
                             .value = {},
                             .tombstone = version.tombstone,
                             .fate = VersionNode::Fate::kWritten,
                             .holders = {}});
      }
      VersionNode& node = out.nodes[place->second];
      node.dot = dot_name(world, version.dot);
      const auto value = value_of(world, key, version);
      if (value) node.value = *value;
      node.has_value = value.has_value();
      node.holders.push_back(replica.node);
    }
  }
  Graph graph(out.nodes.size());
  for (const auto& write : writes) {
    for (const WriteTag seen : write.seen) {
      if (const auto from = index.find(seen); from != index.end()) {
        boost::add_edge(from->second, index[write.tag], graph);
      }
    }
  }
  reduce(graph);
  lay_out(graph, out);
  for (const auto edge : boost::make_iterator_range(boost::edges(graph))) {
    out.edges.push_back({static_cast<std::uint32_t>(boost::source(edge, graph)),
                         static_cast<std::uint32_t>(boost::target(edge, graph))});
  }
  std::ranges::sort(out.edges, {}, [](const VersionEdge& edge) { return std::pair(edge.to, edge.from); });
  return out;
}

}  // namespace dkv::viz
