#include <string>
#include <vector>

#include "engine/input/tree.h"
#include "engine/input/units.h"
#include "engine/settings/words.h"
#include "sim/scenario/vocabulary.h"
#include "sim/scenario/write_parts.h"

namespace dkv::sim {

namespace {

std::string rule_text(const LinkRule& rule, const Scenario& scenario) {
  FlowMap map;
  map.add("from", names_text(rule.from, scenario));
  map.add("to", names_text(rule.to, scenario));
  if (!rule.both_ways) map.add("both_ways", "false");
  std::string legs;
  for (const Leg leg : rule.legs) legs += (legs.empty() ? "" : ", ") + word_of(leg_words(), leg);
  if (!legs.empty()) map.add("legs", "[" + legs + "]");
  if (rule.latency) map.add("latency", rule.latency->text());
  if (rule.loss_ppm) map.add("loss", percent_text(*rule.loss_ppm));
  return map.text();
}

void add_topology(const TopologySpec& topology, std::string& text) {
  if (topology.links.empty()) return;
  text += "  topology:\n";
  std::string places;
  for (const std::string& place : topology.places) places += (places.empty() ? "" : ", ") + flow_word(place);
  if (!places.empty()) text += "    places: [" + places + "]\n";
  text += "    links:\n";
  for (const TopologyLink& link : topology.links) {
    text += "      - {between: [" + flow_word(link.a) + ", " + flow_word(link.b) +
            "], latency: " + duration_text(link.latency_ns) + "}\n";
  }
}

}  // namespace

std::string write_network(const Scenario& scenario) {
  const NetworkSpec& network = scenario.network;
  static const NetworkSpec usual;
  BlockMap block("network");
  if (network.latency.text() != usual.latency.text()) block.add("latency", network.latency.text());
  if (network.loss_ppm != usual.loss_ppm) block.add("loss", percent_text(network.loss_ppm));
  if (network.duplicate_ppm != usual.duplicate_ppm) block.add("duplicate", percent_text(network.duplicate_ppm));
  if (network.reorder_ppm != usual.reorder_ppm) block.add("reorder", percent_text(network.reorder_ppm));
  if (network.reorder_delay.text() != usual.reorder_delay.text()) {
    block.add("reorder_by", network.reorder_delay.text());
  }
  std::vector<std::string> rules;
  for (const LinkRule& rule : network.rules) rules.push_back(rule_text(rule, scenario));
  block.add_list("rules", rules);
  std::string text = block.text();
  if (text.empty() && !network.topology.links.empty()) text = "\nnetwork:\n";
  add_topology(network.topology, text);
  return text;
}

std::string write_disk(const DiskSpec& disk) {
  static const DiskSpec usual;
  BlockMap block("disk");
  if (disk.sync.text() != usual.sync.text()) block.add("sync", disk.sync.text());
  if (disk.read.text() != usual.read.text()) block.add("read", disk.read.text());
  return block.text();
}

}  // namespace dkv::sim
