#include "sim/scenario/load.h"

#include <limits>
#include <optional>
#include <utility>

#include "sim/scenario/read.h"
#include "sim/scenario/vocabulary.h"

namespace dkv::sim {

namespace {

constexpr std::size_t kAboutBytesMax = 16 * 1024;

std::string name_of(const std::string& file_name) {
  std::string name = file_name.substr(file_name.find_last_of('/') + 1);
  for (const std::string_view ending : {".yaml", ".yml"}) {
    if (name.size() > ending.size() && name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
  }
  return name;
}

void read_scenario(const Yaml& tree, Scenario& scenario, Complaints& complaints) {
  const Fields fields(tree, "scenario", kScenarioKeys, complaints);
  if (!fields.is_map()) return;
  fields.text("about", kAboutBytesMax, scenario.about);
  fields.whole("seed", {0, std::numeric_limits<std::uint64_t>::max()}, scenario.seed);
  fields.duration("run", {100 * kMillisecond, kRunMax}, scenario.run_ns);
  fields.duration("heal_within", {100 * kMillisecond, kRunMax}, scenario.heal_within_ns);
  const Yaml* cluster = fields.find("cluster");
  const bool members_good = read_members(cluster, scenario.cluster.members, complaints);
  if (cluster != nullptr) {
    const std::size_t before = complaints.size();
    read_cluster(*cluster, scenario.cluster, complaints);
    // Each setting is in its range. A node also refuses settings that do not fit each other.
    const Result<void> fine = scenario.cluster.node.check_values();
    if (!fine && complaints.size() == before) complaints.add(cluster->place, fine.error().what, "");
  }
  const NodeNames names(scenario.cluster.members, members_good);
  if (const Yaml* network = fields.find("network")) {
    read_network(*network, names, scenario.cluster.members, scenario.network, complaints);
  }
  if (const Yaml* value = fields.find("disk")) {
    const Fields disk(*value, "disk", kDiskKeys, complaints);
    if (const Yaml* sync = disk.find("sync")) read_distribution(*sync, "sync", scenario.disk.sync, complaints);
    if (const Yaml* read = disk.find("read")) read_distribution(*read, "read", scenario.disk.read, complaints);
  }
  if (const Yaml* workload = fields.find("workload")) {
    read_workload(*workload, names, scenario, scenario.workload, complaints);
  }
  if (const Yaml* value = fields.find("faults")) {
    std::vector<PlacedFault> faults = read_faults(*value, names, scenario, &scenario.palette, complaints);
    check_faults(faults, scenario, complaints);
    scenario.faults = sorted_schedule(std::move(faults));
  }
  if (const Yaml* value = fields.find("commands")) scenario.commands = read_commands(*value, names, complaints);
  if (const Yaml* expect = fields.find("expect")) read_expect(*expect, scenario, complaints);
}

}  // namespace

Loaded<Scenario> load_scenario_text(std::string_view text, const std::string& file_name,
                                    const std::vector<std::string>& overrides) {
  Complaints complaints(file_name);
  Scenario scenario;
  scenario.name = name_of(file_name);
  std::optional<Yaml> tree = parse_yaml(text, "scenario", kYamlBytesMax, complaints);
  if (tree) {
    for (std::size_t i = 0; i < overrides.size(); ++i) {
      apply_override(overrides[i], static_cast<int>(i) + 1, *tree, complaints);
    }
    read_scenario(*tree, scenario, complaints);
  }
  if (!complaints.empty()) return tl::unexpected(complaints.take());
  return scenario;
}

Loaded<Scenario> load_scenario_file(const std::string& path, const std::vector<std::string>& overrides) {
  Complaints complaints(path);
  const std::optional<std::string> text = read_text_file(path, kYamlBytesMax, complaints);
  if (!text) return tl::unexpected(complaints.take());
  return load_scenario_text(*text, path, overrides);
}

Loaded<Schedule> load_schedule_text(std::string_view text, const std::string& file_name, const Scenario& scenario) {
  Complaints complaints(file_name);
  Schedule schedule;
  const std::optional<Yaml> tree = parse_yaml(text, "schedule", kCapsuleBytesMax, complaints);
  if (tree) {
    const Fields fields(*tree, "schedule", kScheduleKeys, complaints);
    const NodeNames names(scenario.cluster.members, true);
    if (const Yaml* list = fields.need("schedule", "[{at: 5s, for: 5s, crash: [n1]}]")) {
      schedule = sorted_schedule(read_faults(*list, names, scenario, nullptr, complaints));
    }
  }
  if (!complaints.empty()) return tl::unexpected(complaints.take());
  return schedule;
}

Loaded<Schedule> load_schedule_file(const std::string& path, const Scenario& scenario) {
  Complaints complaints(path);
  const std::optional<std::string> text = read_text_file(path, kCapsuleBytesMax, complaints);
  if (!text) return tl::unexpected(complaints.take());
  return load_schedule_text(*text, path, scenario);
}

}  // namespace dkv::sim
