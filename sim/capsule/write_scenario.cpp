#include "sim/capsule/write_scenario.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/assert.h"
#include "engine/input/tree.h"
#include "sim/draw/fault_schedule.h"

namespace dkv::sim {
namespace {

// Writes each item of a map or list on its own line, down to the level where everything fits on one line.
void write_block(const Yaml& tree, const std::string& indent, int depth, std::string& text) {
  constexpr std::size_t kLineMax = 100;
  const bool list = tree.kind == Yaml::Kind::kList;
  const auto child = [&](const Yaml& value, const std::string& head) {
    const bool opens = (value.kind == Yaml::Kind::kMap && !value.entries.empty()) ||
                       (value.kind == Yaml::Kind::kList && !value.items.empty());
    const std::string flow = flow_text(value);
    if (!opens || list || depth == 0 || flow.size() < kLineMax) {
      text += indent + head + flow + "\n";
    } else {
      text += indent + head.substr(0, head.size() - 1) + "\n";
      write_block(value, indent + "  ", depth - 1, text);
    }
  };
  for (const Yaml& item : tree.items) child(item, "- ");
  for (const Yaml::Entry& entry : tree.entries) child(entry.value, flow_word(entry.key.text) + ": ");
}

// The text without the top-level entries with these keys. Nothing when this cannot be done line by line.
std::optional<std::string> without_entries(std::string_view text, const Yaml& tree, const std::set<std::string>& keys) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  std::vector<bool> drop(lines.size(), false);
  for (std::size_t i = 0; i < tree.entries.size(); ++i) {
    const Place& place = tree.entries[i].key.place;
    const auto begin = static_cast<std::size_t>(place.line);
    if (place.column != 1 || begin == 0 || begin > lines.size()) return std::nullopt;  // the file is in flow style
    if (!keys.contains(tree.entries[i].key.text)) continue;
    std::size_t end =
        i + 1 < tree.entries.size() ? static_cast<std::size_t>(tree.entries[i + 1].key.place.line) : lines.size() + 1;
    // Comments directly before the next entry belong to that entry.
    while (end > begin + 1 && i + 1 < tree.entries.size() && lines[end - 2].starts_with("#")) --end;
    for (std::size_t line = begin; line < end; ++line) drop[line - 1] = true;
  }
  std::string kept;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!drop[i]) kept += lines[i];
  }
  if (!kept.empty() && kept.back() != '\n') kept += '\n';
  return kept;
}

std::string faults_text(const Schedule& schedule, const Scenario& scenario) {
  std::string text = schedule.empty() ? "faults: []\n" : "faults:\n";
  for (Fault fault : schedule) {
    fault.random = false;
    text += "  - " + write_fault(fault, scenario) + "\n";
  }
  return text;
}

Schedule plain(Schedule schedule) {
  for (Fault& fault : schedule) fault.random = false;
  return schedule;
}

std::string lines_of(const std::vector<Complaint>& complaints) {
  std::string text = to_string(complaints);
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace

Result<std::string> write_scenario(const Source& source, const Commands& commands) {
  if (source.scenario_text.empty()) {
    return fail("this run comes from the swarm, whose scenarios have no text");
  }
  const Scenario& scenario = *source.scenario;
  Complaints complaints(scenario.name);
  std::optional<Yaml> tree = parse_yaml(source.scenario_text, "scenario", kCapsuleBytesMax, complaints);
  if (!tree) return fail(lines_of(complaints.take()));
  std::set<std::string> replaced{"seed", "commands"};
  const bool drawn =
      write_schedule(draw_schedule(scenario, source.seed), scenario) == write_schedule(*source.schedule, scenario);
  if (!drawn) replaced.insert("faults");
  std::optional<std::string> text;
  if (source.overrides.empty()) text = without_entries(source.scenario_text, *tree, replaced);
  if (!text) {
    for (const std::string& one : source.overrides) apply_override(one, 1, *tree, complaints);
    std::erase_if(tree->entries, [&](const Yaml::Entry& entry) { return replaced.contains(entry.key.text); });
    write_block(*tree, "", 3, text.emplace());
  }
  *text += "seed: " + std::to_string(source.seed) + "\n";
  if (!drawn) *text += faults_text(*source.schedule, scenario);
  *text += write_commands(commands, scenario);

  // Reads the text back, to check that it describes the same scenario.
  const auto read = load_scenario_text(*text, scenario.name + ".yaml");
  if (!read) return fail("no scenario file can describe this run: " + lines_of(read.error()));
  if (write_schedule(plain(draw_schedule(*read, source.seed)), scenario) !=
      write_schedule(plain(*source.schedule), scenario)) {
    return fail("no scenario file can describe the faults of this run");
  }
  if (write_commands(read->commands, scenario) != write_commands(commands, scenario)) {
    return fail("no scenario file can describe these commands");
  }
  return std::move(*text);
}

}  // namespace dkv::sim
