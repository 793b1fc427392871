#include <algorithm>
#include <map>
#include <string>

#include "engine/core/placement.h"
#include "sim/shrink/key_places.h"
#include "sim/shrink/passes.h"

namespace dkv::sim {
namespace {

// Values in the order in which they are written, sessions in the order in which they come.
Scenario with_plain_values(const Scenario& scenario) {
  Scenario edit = scenario;
  std::map<std::string, std::string> values, sessions;
  for (Step& step : edit.workload.steps) {
    if (is_numbered(step.value, 'v')) {
      step.value = values.try_emplace(step.value, "v" + std::to_string(values.size() + 1)).first->second;
    }
    if (is_numbered(step.session, 'c')) {
      step.session = sessions.try_emplace(step.session, "c" + std::to_string(sessions.size() + 1)).first->second;
    }
  }
  return edit;
}

Scenario with_plain_nodes(const Scenario& scenario) {
  Scenario edit = scenario;
  const auto rename = [&](std::string& place, const std::string& from, const std::string& to) {
    if (place == from) place = to;
  };
  for (Member& member : edit.cluster.members) {
    if (!is_numbered(member.name, 'n')) continue;
    const std::string to = "n" + std::to_string(member.id + 1);
    for (TopologyLink& link : edit.network.topology.links) {
      rename(link.a, member.name, to);
      rename(link.b, member.name, to);
    }
    for (Fault& fault : edit.faults) {
      rename(fault.from, member.name, to);
      rename(fault.to, member.name, to);
    }
    member.name = to;
  }
  return edit;
}

Scenario with_key(const Scenario& scenario, const std::string& from, const std::string& to) {
  Scenario edit = scenario;
  for (Step& step : edit.workload.steps) {
    if (step.key == from) step.key = to;
  }
  return edit;
}

// Another key with a lower number. Those with the same replicas come first.
void add_keys(const Scenario& scenario, std::vector<Scenario>& edits) {
  constexpr std::uint32_t kNumbersMax = 60;
  constexpr std::size_t kTriesMax = 6;
  const ClusterSpec& cluster = scenario.cluster;
  const auto placement = Placement::make(cluster.members, cluster.partitions, cluster.replicas);
  if (!placement) return;
  const auto list_of = [&](const std::string& name) {
    const Key key = *Key::make(kDefaultBucket, name);
    return (*placement)->preference_list((*placement)->partition(key.hash()));
  };
  std::vector<std::string> names;
  for (const Step& step : scenario.workload.steps) {
    if (std::ranges::find(names, step.key) == names.end()) names.push_back(step.key);
  }
  for (const std::string& name : names) {
    if (!is_numbered(name, 'k')) continue;
    std::size_t alike = 0;
    for (std::uint32_t number = 1; number <= kNumbersMax && alike < kTriesMax; ++number) {
      const std::string to = "k" + std::to_string(number);
      const bool taken = std::ranges::find(names, to) != names.end();
      const bool same_list = std::ranges::equal(list_of(name), list_of(to));
      if (taken || !(same_list || number == 1)) continue;
      alike += same_list;
      edits.push_back(with_key(scenario, name, to));
    }
  }
}

}  // namespace

std::vector<Scenario> simpler_names(const Scenario& scenario, const Target&) {
  std::vector<Scenario> edits;
  edits.push_back(with_plain_values(scenario));
  edits.push_back(with_plain_nodes(scenario));
  add_keys(scenario, edits);
  return edits;
}

Scenario with_people(Scenario scenario) {
  static constexpr const char* kPeople[] = {"alice", "bob", "carol", "dave", "erin", "frank"};
  std::vector<std::string> sessions;
  for (const Step& step : scenario.workload.steps) {
    if (std::ranges::find(sessions, step.session) == sessions.end()) sessions.push_back(step.session);
  }
  const bool all = std::ranges::all_of(sessions, [](const std::string& name) { return is_numbered(name, 'c'); });
  if (!all || sessions.size() > std::size(kPeople)) return scenario;
  for (Step& step : scenario.workload.steps) {
    step.session = kPeople[std::ranges::find(sessions, step.session) - sessions.begin()];
  }
  return scenario;
}

std::vector<Scenario> lower_seeds(const Scenario& scenario, const Target&) {
  constexpr std::uint64_t kSeedsMax = 10;
  std::vector<Scenario> edits;
  for (std::uint64_t seed = 1; seed <= kSeedsMax && seed < scenario.seed; ++seed) {
    edits.push_back(scenario);
    edits.back().seed = seed;
  }
  return edits;
}

// Every message takes as long as any other, and every access to a disk.
std::vector<Scenario> simpler_latencies(const Scenario& scenario, const Target&) {
  std::vector<Scenario> edits;
  for (const TimeNs latency_ns : {kMillisecond, 10 * kMillisecond, 50 * kMillisecond}) {
    Scenario edit = scenario;
    edit.network.latency = Distribution::constant(latency_ns);
    edits.push_back(edit);
    edit.network.topology = {};
    edits.push_back(std::move(edit));
  }
  for (const TimeNs access_ns : {kMillisecond, 10 * kMillisecond, 100 * kMillisecond, 500 * kMillisecond}) {
    for (Distribution DiskSpec::* const access : {&DiskSpec::sync, &DiskSpec::read}) {
      Scenario edit = scenario;
      edit.disk.*access = Distribution::constant(access_ns);
      edits.push_back(std::move(edit));
    }
  }
  return edits;
}

}  // namespace dkv::sim
