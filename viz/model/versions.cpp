#include "viz/model/versions.h"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/topological_sort.hpp>
#include <map>
#include <utility>

#include "sim/story/text.h"
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

// The dot of another write of the key, or its tag when no node has stored it.
std::string name_of(const sim::World& world, const std::vector<sim::Oracle::WriteView>& writes, WriteTag tag) {
  const auto found = std::ranges::find(writes, tag, &sim::Oracle::WriteView::tag);
  return found != writes.end() && found->dot ? dot_name(world, *found->dot) : "#" + std::to_string(tag);
}

// The place of the copies that are neither in a running process nor gone.
struct Rest {
  std::string hints;  // "n3 for n2"
  std::string disks;  // "n2"
};

// Says what became of a version that no running process holds. Every word comes from the oracle.
void tell_end(const sim::World& world, const std::vector<sim::Oracle::WriteView>& writes,
              const sim::Oracle::WriteView& write, const Rest& rest, VersionNode& node) {
  using End = VersionNode::End;
  const auto tell = [&](End end, std::string words) {
    node.end = end;
    node.end_words = std::move(words);
  };
  if (!node.holders.empty()) return;
  if (!rest.disks.empty()) return tell(End::kDisk, "on the disk of " + rest.disks + ", whose process does not run");
  if (!rest.hints.empty()) return tell(End::kHint, "only in hints: on " + rest.hints);
  if (!write.dot) return tell(End::kNotStored, "no node has stored it");
  if (!write.lost.empty()) return tell(End::kLost, "lost: " + write.lost);
  if (write.gave_way_to != 0) {
    return tell(End::kDiscarded, "discarded by last-write-wins for " + name_of(world, writes, write.gave_way_to) +
                                     ", whose writer had not seen it: on " +
                                     world.scenario().cluster.members[write.gave_way_at].name + " at " +
                                     story::clock_time(write.gave_way_ns));
  }
  const auto successor = std::ranges::find_if(writes, [&](const sim::Oracle::WriteView& other) {
    return other.dot && std::ranges::find(other.seen, write.tag) != other.seen.end();
  });
  if (successor != writes.end()) {
    return tell(End::kReplaced, "replaced by " + dot_name(world, *successor->dot) + ", whose writer had seen it");
  }
  if (write.reaped) return tell(End::kForgotten, "its tombstone is forgotten: nothing older is left anywhere");
  if (write.held_by.empty()) {
    return tell(End::kMemory, "it was in memory only, and was lost with the process or the power");
  }
  tell(End::kNotKnown, "no node holds it, and why is not known");
}

void note_rest(const sim::World& world, const Holder& replica, Rest& rest) {
  const auto& members = world.scenario().cluster.members;
  const bool hint = replica.owner != kNoNode;
  std::string& list = hint ? rest.hints : rest.disks;
  list += (list.empty() ? "" : ", ") + members[replica.node].name +
          (hint ? " for " + members[replica.owner].name : std::string());
}

void name_version(const sim::World& world, const Key& key, const Sibling& version, VersionNode& node) {
  node.dot = dot_name(world, version.dot);
  const auto value = value_of(world, key, version);
  if (value) node.value = *value;
  node.has_value = node.has_value || value.has_value();
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

const char* end_word(VersionNode::End end) noexcept {
  switch (end) {
    case VersionNode::End::kHeld: return "held";
    case VersionNode::End::kHint: return "in a hint";
    case VersionNode::End::kDisk: return "on a disk";
    case VersionNode::End::kNotStored: return "not stored";
    case VersionNode::End::kReplaced: return "replaced";
    case VersionNode::End::kDiscarded: return "discarded";
    case VersionNode::End::kLost: return "lost";
    case VersionNode::End::kMemory: return "lost in memory";
    case VersionNode::End::kForgotten: return "forgotten";
    case VersionNode::End::kNotKnown: return "gone";
  }
  return "";
}

VersionGraph version_graph(const sim::World& world, const Key& key, std::size_t most) {
  VersionGraph out;
  std::vector<sim::Oracle::WriteView> writes;
  if (world.judge()) writes = world.judge()->history_of(key);
  const std::vector<sim::Oracle::WriteView> all = writes;
  if (writes.size() > most) {
    out.left_out = writes.size() - most;
    writes.erase(writes.begin(), writes.end() - static_cast<std::ptrdiff_t>(most));
  }
  std::map<WriteTag, std::uint32_t> index;
  for (const auto& write : writes) {
    index[write.tag] = static_cast<std::uint32_t>(out.nodes.size());
    out.nodes.push_back({.tag = write.tag,
                         .dot = write.dot ? dot_name(world, *write.dot) : std::string(),
                         .value = {},
                         .tombstone = write.remove,
                         .fate = fate_of(write),
                         .session = write.session,
                         .started_ns = write.started_ns,
                         .holders = {},
                         .end_words = {}});
  }
  std::map<WriteTag, Rest> rests;
  for (const Holder& replica : holders_of(world, key)) {
    if (!replica.object) continue;
    // While a process starts, its state in memory is not complete.
    const bool runs = replica.owner == kNoNode && serving(world, replica.node);
    for (const Sibling& version : replica.object->siblings()) {
      if (!runs) {
        note_rest(world, replica, rests[version.tag]);
        if (const auto known = index.find(version.tag); known != index.end()) {
          name_version(world, key, version, out.nodes[known->second]);
        }
        continue;
      }
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
                             .holders = {},
                             .end_words = {}});
      }
      VersionNode& node = out.nodes[place->second];
      name_version(world, key, version, node);
      node.holders.push_back(replica.node);
    }
  }
  for (const auto& write : writes) tell_end(world, all, write, rests[write.tag], out.nodes[index[write.tag]]);
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
