#include <algorithm>
#include <string>
#include <vector>

#include "engine/core/assert.h"
#include "engine/input/tree.h"
#include "engine/input/units.h"
#include "engine/settings/words.h"
#include "sim/faults/catalogue.h"
#include "sim/scenario/load.h"
#include "sim/scenario/write.h"
#include "sim/scenario/write_parts.h"

namespace dkv::sim {

namespace {

std::string expect_lines(const Scenario& scenario) {
  std::string text;
  // A metric, a comparison and a number need no quotes.
  for (const Expectation& expect : scenario.expect) text += "  - " + expect.text + "\n";
  if (!scenario.expected_violations.empty()) {
    std::string codes;
    for (const std::string& code : scenario.expected_violations) codes += (codes.empty() ? "" : ", ") + code;
    text += "  - violations: [" + codes + "]\n";
  }
  return text.empty() ? "" : "\nexpect:\n" + text;
}

std::string faults_lines(const Scenario& scenario) {
  std::string text;
  for (const Fault& fault : scenario.faults) text += "  - " + write_fault(fault, scenario) + "\n";
  if (scenario.palette) text += "  - {random: " + write_palette(*scenario.palette) + "}\n";
  return text.empty() ? "" : "\nfaults:\n" + text;
}

}  // namespace

void FlowMap::add(std::string_view key, std::string_view value) {
  text_ += (text_.empty() ? "" : ", ") + flow_word(key) + ": ";
  text_ += value;
}

void BlockMap::add(std::string_view key, std::string_view value) {
  lines_ += "  " + std::string(key) + ": ";
  lines_ += value;
  lines_ += '\n';
}
void BlockMap::add(std::string_view key, const FlowMap& map) {
  if (!map.empty()) add(key, map.text());
}
void BlockMap::add_list(std::string_view key, const std::vector<std::string>& items) {
  if (items.empty()) return;
  lines_ += "  " + std::string(key) + ":\n";
  for (const std::string& item : items) lines_ += "    - " + item + "\n";
}

std::string names_text(const std::vector<NodeId>& nodes, const Scenario& scenario) {
  const std::vector<Member>& members = scenario.cluster.members;
  const bool all = nodes.size() > 1 && std::ranges::equal(nodes, members, {}, {}, &Member::id);
  if (all) return std::string(kAllNodes);
  std::string text;
  for (const NodeId node : nodes) {
    DKV_ASSERT(node < scenario.cluster.members.size());
    text += (text.empty() ? "" : ", ") + flow_word(scenario.cluster.members[node].name);
  }
  return "[" + text + "]";
}

std::string write_palette(const Palette& palette) {
  const Palette usual;
  FlowMap kinds;
  for (const auto& [kind, weight] : palette.kinds) kinds.add(fault_name(kind), std::to_string(weight));
  FlowMap map;
  if (palette.every_ns != usual.every_ns) map.add("every", duration_text(palette.every_ns));
  if (palette.for_least_ns != usual.for_least_ns || palette.for_most_ns != usual.for_most_ns) {
    map.add("for", "[" + duration_text(palette.for_least_ns) + ", " + duration_text(palette.for_most_ns) + "]");
  }
  if (palette.at_once_max != usual.at_once_max) map.add("at_once", std::to_string(palette.at_once_max));
  map.add("kinds", kinds.text());
  return map.text();
}

std::string write_scenario(const Scenario& scenario) {
  static const Scenario usual;
  std::string text;
  if (!scenario.about.empty()) text += "about: " + flow_word(scenario.about) + "\n";
  text += "seed: " + std::to_string(scenario.seed) + "\n";
  text += "run: " + duration_text(scenario.run_ns) + "\n";
  if (scenario.heal_within_ns != usual.heal_within_ns) {
    text += "heal_within: " + duration_text(scenario.heal_within_ns) + "\n";
  }
  text += write_cluster(scenario.cluster);
  text += write_network(scenario);
  text += write_disk(scenario.disk);
  text += write_workload(scenario);
  text += faults_lines(scenario);
  if (!scenario.commands.empty()) text += "\n" + write_commands(scenario.commands, scenario);
  return text + expect_lines(scenario);
}

}  // namespace dkv::sim
