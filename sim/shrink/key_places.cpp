#include "sim/shrink/key_places.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string>

#include "engine/core/placement.h"

namespace dkv::sim {
namespace {

constexpr std::uint32_t kKeyNumbersMax = 400;

std::shared_ptr<const Placement> placement_of(const ClusterSpec& cluster) {
  const auto placement = Placement::make(cluster.members, cluster.partitions, cluster.replicas);
  return placement ? *placement : nullptr;
}

std::vector<NodeId> list_of(const Placement& placement, const std::string& name) {
  const auto list = placement.preference_list(placement.partition(Key::make(kDefaultBucket, name)->hash()));
  return {list.begin(), list.end()};
}

// The least number whose key has this list; empty when none has.
std::string key_with(const std::vector<NodeId>& list, const Placement& placement,
                     const std::map<std::string, std::string>& taken) {
  for (std::uint32_t number = 1; number <= kKeyNumbersMax; ++number) {
    const std::string name = "k" + std::to_string(number);
    const bool is_taken = std::ranges::any_of(taken, [&](const auto& entry) { return entry.second == name; });
    if (!is_taken && list_of(placement, name) == list) return name;
  }
  return {};
}

}  // namespace

bool is_numbered(const std::string& name, char letter) {
  return name.size() > 1 && name[0] == letter &&
         std::all_of(name.begin() + 1, name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void keep_key_places(const Scenario& before, const std::vector<NodeId>& kept, Scenario& after) {
  constexpr std::size_t kKeysToPlaceMax = 20;
  const auto old_places = placement_of(before.cluster);
  const auto new_places = placement_of(after.cluster);
  if (!old_places || !new_places) return;
  std::map<std::string, std::string> names;
  for (const Step& step : after.workload.steps) {
    if (step.bucket != kDefaultBucket || names.size() >= kKeysToPlaceMax) continue;
    if (names.contains(step.key) || !is_numbered(step.key, 'k')) continue;
    std::vector<NodeId> list;
    for (const NodeId node : list_of(*old_places, step.key)) {
      if (kept[node] != kNoNode) list.push_back(kept[node]);
    }
    const std::string name = key_with(list, *new_places, names);
    names[step.key] = name.empty() ? step.key : name;
  }
  for (Step& step : after.workload.steps) {
    const auto found = names.find(step.key);
    if (step.bucket == kDefaultBucket && found != names.end()) step.key = found->second;
  }
}

}  // namespace dkv::sim
