#include <algorithm>
#include <charconv>
#include <set>
#include <string_view>

#include "sim/faults/catalogue.h"
#include "sim/scenario/write.h"
#include "sim/scenario/write_parts.h"
#include "sim/shrink/passes.h"

namespace dkv::sim {
namespace {

// About how many operations a random load begins.
std::uint64_t load_operations(const Scenario& scenario) {
  const WorkloadSpec& load = scenario.workload;
  if (load.clients == 0) return 0;
  const auto time_ns = static_cast<std::uint64_t>(std::max<TimeNs>(scenario.run_ns - load.start_ns, 0));
  if (load.shape == LoadShape::kOpen) return time_ns / kSecond * load.rate_per_s;
  constexpr std::uint64_t kHalf = std::uint64_t{1} << 63;
  constexpr TimeNs kAnswer = kMillisecond;
  return time_ns / static_cast<std::uint64_t>(load.think.at(kHalf) + kAnswer) * load.clients;
}

// Among faults that a node needs a new start after, the one that takes less with it is simpler.
std::uint64_t severity(FaultKind kind) {
  switch (kind) {
    case FaultKind::kPowerLoss: return 1;
    case FaultKind::kWipe: return 2;
    case FaultKind::kDiskRollback:
    case FaultKind::kDiskClone: return 3;
    default: return 0;
  }
}

// "k17" -> 17.
std::uint64_t number_of(std::string_view name) {
  const std::size_t digits = name.find_last_not_of("0123456789") + 1;
  std::uint64_t number = 0;
  std::from_chars(name.data() + digits, name.data() + name.size(), number);
  return number;
}

std::uint64_t name_numbers(const Scenario& scenario) {
  std::uint64_t sum = 0;
  for (const Member& member : scenario.cluster.members) sum += number_of(member.name);
  for (const Step& step : scenario.workload.steps) {
    sum += number_of(step.key) + number_of(step.value) + number_of(step.session);
  }
  return sum;
}

std::uint64_t times(const Scenario& scenario) {
  std::uint64_t sum =
      static_cast<std::uint64_t>(scenario.run_ns) + static_cast<std::uint64_t>(scenario.workload.start_ns);
  for (const Fault& fault : scenario.faults)
    sum += static_cast<std::uint64_t>(fault.at_ns + fault.for_ns + fault.to_ns);
  for (const Step& step : scenario.workload.steps) sum += static_cast<std::uint64_t>(step.at_ns);
  return sum;
}

}  // namespace

std::vector<std::uint64_t> cost_of(const Scenario& scenario) {
  const WorkloadSpec& load = scenario.workload;
  std::uint64_t hit = 0, harm = 0;
  for (const Fault& fault : scenario.faults) {
    harm += severity(fault.kind);
    for (const std::vector<NodeId>& group : fault.groups) hit += group.size();
  }
  const std::size_t settings =
      write_cluster(scenario.cluster).size() + write_network(scenario).size() + write_disk(scenario.disk).size();
  Scenario bare = scenario;
  bare.about.clear();
  bare.seed = 0;
  return {scenario.commands.size(),
          load.clients > 0,
          scenario.faults.size() + load.steps.size() + load_operations(scenario),
          scenario.expect.size() + scenario.expected_violations.size(),
          scenario.cluster.members.size(),
          scenario.cluster.replicas,
          settings,
          hit,
          harm,
          write_scenario(bare).size(),
          times(scenario),
          load.clients > 0 ? std::uint64_t{load.clients} + load.keys + load.value_bytes : 0,
          name_numbers(scenario),
          scenario.seed};
}

Size size_of(const Scenario& scenario) {
  return {.faults = scenario.faults.size(),
          .commands = scenario.commands.size(),
          .operations = scenario.workload.steps.size(),
          .clients = scenario.workload.clients,
          .nodes = scenario.cluster.members.size(),
          .run_ns = scenario.run_ns};
}

}  // namespace dkv::sim
