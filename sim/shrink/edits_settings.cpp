#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "engine/input/tree.h"
#include "engine/input/units.h"
#include "sim/scenario/load.h"
#include "sim/scenario/write.h"
#include "sim/shrink/key_places.h"
#include "sim/shrink/passes.h"

// Settings go back to their defaults when their entry is taken out of the file: a setting that is added later needs no
// code here.
namespace dkv::sim {
namespace {

using EntryPath = std::vector<std::string>;  // keys, and places in lists from 0

std::optional<Yaml> tree_of(const Scenario& scenario) {
  Complaints complaints(scenario.name);
  return parse_yaml(write_scenario(scenario), "scenario", kCapsuleBytesMax, complaints);
}

void erase_at(Yaml& tree, const EntryPath& path, std::size_t depth) {
  const bool last = depth + 1 == path.size();
  if (tree.kind == Yaml::Kind::kList) {
    const std::size_t index = std::stoul(path[depth]);
    if (index >= tree.items.size()) return;
    if (!last) return erase_at(tree.items[index], path, depth + 1);
    tree.items[index].kind = Yaml::Kind::kRefused;  // keeps the places of the others
    return;
  }
  const auto found =
      std::ranges::find_if(tree.entries, [&](const auto& entry) { return entry.key.text == path[depth]; });
  if (found == tree.entries.end()) return;
  if (!last) return erase_at(found->value, path, depth + 1);
  tree.entries.erase(found);
}

// Takes out what was marked, and what is left empty by it.
bool sweep(Yaml& tree) {
  if (tree.kind == Yaml::Kind::kRefused) return false;
  const bool held = !tree.items.empty() || !tree.entries.empty();
  std::erase_if(tree.items, [](Yaml& item) { return !sweep(item); });
  std::erase_if(tree.entries, [](Yaml::Entry& entry) { return !sweep(entry.value); });
  return !held || !tree.items.empty() || !tree.entries.empty();
}

Scenario without_paths(const Scenario& scenario, std::vector<EntryPath> paths, std::size_t begin, std::size_t end) {
  std::optional<Yaml> tree = tree_of(scenario);
  if (!tree) return scenario;
  for (std::size_t i = begin; i < end; ++i) erase_at(*tree, paths[i], 0);
  sweep(*tree);
  auto read = load_scenario_text(flow_text(*tree), scenario.name + ".yaml");
  if (!read) return scenario;
  if (read->cluster.members.size() == scenario.cluster.members.size()) {
    std::vector<NodeId> kept;
    for (const Member& member : scenario.cluster.members) kept.push_back(member.id);
    keep_key_places(scenario, kept, *read);
  }
  return std::move(*read);
}

// Each entry of the section, and each part of an entry that has several.
void add_section(const Yaml& tree, const std::string& section, std::vector<EntryPath>& paths) {
  const Yaml::Entry* found = tree.entry(section);
  if (!found) return;
  for (const Yaml::Entry& entry : found->value.entries) {
    const std::string& key = entry.key.text;
    if (section == "workload" && (key == "clients" || key == "steps")) continue;
    paths.push_back({section, key});
    if (key == "nodes" || entry.value.kind != Yaml::Kind::kMap || entry.value.entries.size() < 2) continue;
    for (const Yaml::Entry& part : entry.value.entries) paths.push_back({section, key, part.key.text});
  }
}

// The labels of nodes, the items of lists.
void add_items(const Yaml& tree, const std::string& section, const std::string& key, bool fields,
               std::vector<EntryPath>& paths) {
  const Yaml::Entry* found = tree.entry(section);
  if (found && !key.empty()) found = found->value.entry(key);
  if (!found || found->value.kind != Yaml::Kind::kList) return;
  for (std::size_t i = 0; i < found->value.items.size(); ++i) {
    EntryPath path{section};
    if (!key.empty()) path.push_back(key);
    path.push_back(std::to_string(i));
    if (!fields) {
      paths.push_back(path);
      continue;
    }
    for (const Yaml::Entry& field : found->value.items[i].entries) {
      paths.push_back(path);
      paths.back().push_back(field.key.text);
    }
  }
}

std::vector<EntryPath> settings_of(const Scenario& scenario) {
  std::vector<EntryPath> paths;
  const std::optional<Yaml> tree = tree_of(scenario);
  if (!tree) return paths;
  paths.push_back({"heal_within"});
  for (const char* section : {"network", "disk", "cluster", "workload"}) add_section(*tree, section, paths);
  add_items(*tree, "expect", "", false, paths);
  return paths;
}

// What a step or a node says beside the necessary.
std::vector<EntryPath> details_of(const Scenario& scenario) {
  std::vector<EntryPath> paths;
  const std::optional<Yaml> tree = tree_of(scenario);
  if (!tree) return paths;
  add_items(*tree, "cluster", "nodes", true, paths);
  add_items(*tree, "network", "rules", false, paths);
  add_items(*tree, "workload", "steps", true, paths);
  std::erase_if(paths, [](const EntryPath& path) {
    constexpr std::string_view kNecessary[] = {"name", "at", "as", "get", "put", "add", "delete", "value"};
    return std::ranges::find(kNecessary, path.back()) != std::end(kNecessary);
  });
  return paths;
}

Yaml* find_at(Yaml& tree, const EntryPath& path) {
  Yaml* at = &tree;
  for (const std::string& key : path) {
    const auto found = std::ranges::find_if(at->entries, [&](const auto& entry) { return entry.key.text == key; });
    if (found == at->entries.end()) return nullptr;
    at = &found->value;
  }
  return at;
}

// Simpler words in place of one: the least number, its half, rounder times and shares.
std::vector<std::string> simpler_words(const std::string& word) {
  if (const auto number = parse_whole(word)) {
    if (*number <= 1) return {};
    return {"1", std::to_string(*number / 2)};
  }
  if (const auto bytes = parse_size(word); bytes && *bytes > 0) return {"0B", "64KiB", size_text(*bytes / 2)};
  if (parse_duration(word)) return {"1s", "100ms", "10ms", "1ms", "2s", "5s"};
  if (parse_percent_ppm(word)) return {"10%", "50%"};
  return {};
}

}  // namespace

std::vector<Scenario> simpler_numbers(const Scenario& scenario, const Target&) {
  std::vector<Scenario> edits;
  const std::optional<Yaml> tree = tree_of(scenario);
  if (!tree) return edits;
  std::vector<EntryPath> paths;
  for (const char* section : {"cluster", "network"}) add_section(*tree, section, paths);
  for (const EntryPath& path : paths) {
    constexpr std::string_view kCounts[] = {"nodes", "n", "r", "w", "pr", "pw"};  // see fewer_replicas()
    if (std::ranges::find(kCounts, path.back()) != std::end(kCounts)) continue;
    Yaml copy = *tree;
    Yaml* const at = find_at(copy, path);
    // A mapping of one entry is no part of its own.
    Yaml* const leaf = at && at->entries.size() == 1 ? &at->entries.front().value : at;
    if (!leaf || leaf->kind != Yaml::Kind::kWord) continue;
    for (const std::string& word : simpler_words(leaf->text)) {
      leaf->text = word;
      if (auto read = load_scenario_text(flow_text(copy), scenario.name + ".yaml")) edits.push_back(std::move(*read));
    }
  }
  return edits;
}

std::size_t count_settings(const Scenario& scenario) {
  return settings_of(scenario).size();
}
Scenario without_settings(const Scenario& scenario, std::size_t begin, std::size_t end) {
  return without_paths(scenario, settings_of(scenario), begin, end);
}

std::size_t count_details(const Scenario& scenario) {
  return details_of(scenario).size();
}
Scenario without_details(const Scenario& scenario, std::size_t begin, std::size_t end) {
  return without_paths(scenario, details_of(scenario), begin, end);
}

}  // namespace dkv::sim
