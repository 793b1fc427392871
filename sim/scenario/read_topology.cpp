#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "sim/scenario/read.h"
#include "sim/scenario/vocabulary.h"

namespace dkv::sim {

namespace {

constexpr std::size_t kPlacesMax = 256;
constexpr std::size_t kLinksMax = 4096;

// The names of places and nodes, each with an index.
class Map {
 public:
  explicit Map(const std::vector<Member>& members) {
    for (const Member& member : members) add(member.name);
  }
  bool add(const std::string& name) {
    const bool is_new = index_.emplace(name, words_.size()).second;
    if (is_new) {
      parent_.push_back(words_.size());
      words_.push_back(name);
    }
    return is_new;
  }
  bool knows(const std::string& name) const { return index_.count(name) > 0; }
  const std::vector<std::string>& words() const { return words_; }
  void join(const std::string& a, const std::string& b) { parent_[root(index_.at(a))] = root(index_.at(b)); }
  bool joined(const std::string& a, const std::string& b) { return root(index_.at(a)) == root(index_.at(b)); }

 private:
  std::size_t root(std::size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  std::map<std::string, std::size_t> index_;
  std::vector<std::string> words_;
  std::vector<std::size_t> parent_;
};

void read_places(const Yaml& value, Map& map, TopologySpec& topology, Complaints& complaints) {
  for (const Yaml& item : read_list(value, "places", "[switch1, switch2]", kPlacesMax, complaints)) {
    std::string place;
    if (!read_text(item, "places", 64, place, complaints)) continue;
    if (place.empty()) {
      complaints.add(item.place, "a place without a name", "such as switch1");
    } else if (!map.add(place)) {
      complaints.add(item.place, "the place " + quoted(place) + " occurs twice",
                     "nodes are already places, and each other place occurs once");
    } else {
      topology.places.push_back(place);
    }
  }
}

bool read_link(const Yaml& item, const Map& map, TopologyLink& link, Complaints& complaints) {
  const std::size_t before = complaints.size();
  const Fields fields(item, "links", kLinkKeys, complaints);
  const Yaml* between = fields.need("between", "[switch1, n1]");
  fields.need("latency", "5ms");
  fields.duration("latency", {0, kDay}, link.latency_ns);
  if (between == nullptr) return false;
  const auto ends = read_list(*between, "between", "[switch1, n1]", kPlacesMax, complaints);
  if (between->kind == Yaml::Kind::kList && ends.size() != 2) {
    complaints.add(between->place, "'between' has " + std::to_string(between->items.size()) + " items",
                   "a link has two ends, such as [switch1, n1]");
  }
  for (const Yaml& end : ends) {
    if (!is_word(end, "between", "[switch1, n1]", complaints)) continue;
    if (map.knows(end.text)) continue;
    complaints.add(end.place, "unknown place " + quoted(end.text) + " in 'between'", suggest(end.text, map.words()));
  }
  if (complaints.size() != before) return false;
  link.a = ends[0].text;
  link.b = ends[1].text;
  if (link.a == link.b) {
    complaints.add(ends[1].place, "a link from " + quoted(link.a) + " to itself", "name two different places");
    return false;
  }
  return true;
}

}  // namespace

void read_topology(const Yaml& value, const std::vector<Member>& members, TopologySpec& topology,
                   Complaints& complaints) {
  const std::size_t before = complaints.size();
  const Fields fields(value, "topology", kTopologyKeys, complaints);
  Map map(members);
  if (const Yaml* places = fields.find("places")) read_places(*places, map, topology, complaints);
  const Yaml* links = fields.need("links", "[{between: [switch1, n1], latency: 5ms}]");
  if (links == nullptr) return;
  std::map<std::pair<std::string, std::string>, int> lines;
  for (const Yaml& item :
       read_list(*links, "links", "[{between: [switch1, n1], latency: 5ms}]", kLinksMax, complaints)) {
    TopologyLink link;
    if (!read_link(item, map, link, complaints)) continue;
    const auto [first, is_new] = lines.emplace(std::minmax(link.a, link.b), item.place.line);
    if (!is_new) {
      complaints.add(item.place, "a second link between " + quoted(link.a) + " and " + quoted(link.b),
                     "the first is on line " + std::to_string(first->second) + ": keep one");
      continue;
    }
    map.join(link.a, link.b);
    topology.links.push_back(std::move(link));
  }
  if (complaints.size() != before) return;
  for (std::size_t i = 1; i < members.size(); ++i) {
    if (map.joined(members[0].name, members[i].name)) continue;
    complaints.add(links->place,
                   "there is no path from node " + quoted(members[0].name) + " to node " + quoted(members[i].name),
                   "add the missing link");
    return;
  }
}

}  // namespace dkv::sim
