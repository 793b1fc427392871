#include <bitset>
#include <string>
#include <vector>

#include "sim/scenario/read.h"
#include "sim/scenario/vocabulary.h"

namespace dkv::sim {

namespace {

constexpr std::size_t kRulesMax = 1000;

using NodeSet = std::bitset<kNodesMax>;

NodeSet set_of(const std::vector<NodeId>& nodes) {
  NodeSet set;
  for (const NodeId node : nodes) set.set(node);
  return set;
}

// A rule as sets of bits, so that rules can be compared.
struct RuleReach {
  NodeSet from, to;
  bool both_ways = true;
  std::uint32_t legs = 0;
  int line = 0;
};

RuleReach reach_of(const LinkRule& rule, int line) {
  RuleReach reach{set_of(rule.from), set_of(rule.to), rule.both_ways, 0, line};
  for (const Leg leg : rule.legs) reach.legs |= 1u << static_cast<unsigned>(leg);
  if (rule.legs.empty()) reach.legs = (1u << kLegs) - 1;
  return reach;
}

// Whether (from x to) contains a pair of different nodes.
bool links(const NodeSet& from, const NodeSet& to) {
  return from.any() && to.any() && !(from.count() == 1 && from == to);
}

bool overlap(const RuleReach& a, const RuleReach& b) {
  if ((a.legs & b.legs) == 0) return false;
  if (links(a.from & b.from, a.to & b.to)) return true;
  const bool turned = a.both_ways || b.both_ways;
  return turned && links(a.from & b.to, a.to & b.from);
}

// False after a complaint.
bool read_rule(const Yaml& item, const NodeNames& names, LinkRule& rule, Complaints& complaints) {
  const std::size_t before = complaints.size();
  const Fields fields(item, "rules", kRuleKeys, complaints);
  const Yaml* from = fields.need("from", "[n1]");
  const Yaml* to = fields.need("to", "[n2, n3]");
  if (from == nullptr || to == nullptr) return false;
  const bool from_good = read_nodes(*from, "from", names, rule.from, complaints);
  const bool to_good = read_nodes(*to, "to", names, rule.to, complaints);
  fields.word("both_ways", yes_no_words(), rule.both_ways);
  if (const Yaml* legs = fields.find("legs")) {
    const auto items = read_list(*legs, "legs", "[write, reply]", kLegs, complaints);
    if (legs->kind == Yaml::Kind::kList && legs->items.empty()) {
      complaints.add(legs->place, "'legs' is an empty list", "remove it for all legs");
    }
    for (const Yaml& word : items) {
      Leg leg = Leg::kClient;
      if (read_word(word, "legs", leg_words(), leg, complaints)) rule.legs.push_back(leg);
    }
  }
  if (const Yaml* latency = fields.find("latency")) {
    Distribution distribution;
    if (read_distribution(*latency, "latency", distribution, complaints)) rule.latency = distribution;
  }
  std::uint32_t ppm = 0;
  if (fields.percent("loss", ppm)) rule.loss_ppm = ppm;
  if (fields.find("latency") == nullptr && fields.find("loss") == nullptr) {
    complaints.add(item.place, "a rule that changes nothing", "give it a latency or a loss");
  }
  if (from_good && to_good && !links(set_of(rule.from), set_of(rule.to))) {
    complaints.add(item.place, "a rule from a node to itself", "there are no such messages: name two different nodes");
  }
  return from_good && to_good && complaints.size() == before;
}

void read_rules(const Yaml& value, const NodeNames& names, std::vector<LinkRule>& rules, Complaints& complaints) {
  std::vector<RuleReach> seen;
  for (const Yaml& item : read_list(value, "rules", "[{from: n1, to: n2, latency: 5ms}]", kRulesMax, complaints)) {
    LinkRule rule;
    if (!read_rule(item, names, rule, complaints)) continue;
    const RuleReach reach = reach_of(rule, item.place.line);
    for (const RuleReach& other : seen) {
      if (!overlap(reach, other)) continue;
      complaints.add(item.place, "this rule overlaps with the one on line " + std::to_string(other.line),
                     "only one rule may apply to a message: give them different nodes, legs or directions "
                     "(both_ways: false)");
      break;
    }
    seen.push_back(reach);
    rules.push_back(std::move(rule));
  }
}

}  // namespace

void read_network(const Yaml& value, const NodeNames& names, const std::vector<Member>& members, NetworkSpec& network,
                  Complaints& complaints) {
  const Fields fields(value, "network", kNetworkKeys, complaints);
  if (const Yaml* latency = fields.find("latency")) read_distribution(*latency, "latency", network.latency, complaints);
  fields.percent("loss", network.loss_ppm);
  fields.percent("duplicate", network.duplicate_ppm);
  fields.percent("reorder", network.reorder_ppm);
  if (const Yaml* by = fields.find("reorder_by")) {
    read_distribution(*by, "reorder_by", network.reorder_delay, complaints);
  }
  if (const Yaml* rules = fields.find("rules")) read_rules(*rules, names, network.rules, complaints);
  if (const Yaml* topology = fields.find("topology")) {
    read_topology(*topology, members, network.topology, complaints);
  }
}

}  // namespace dkv::sim
