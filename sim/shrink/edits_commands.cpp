#include <algorithm>
#include <optional>

#include "sim/faults/catalogue.h"
#include "sim/shrink/passes.h"
#include "sim/shrink/recording.h"

namespace dkv::sim {
namespace {

// The fault that a command begins, if there is one.
std::optional<FaultKind> fault_of(CommandKind kind) {
  switch (kind) {
    case CommandKind::kCrash: return FaultKind::kCrash;
    case CommandKind::kPowerLoss: return FaultKind::kPowerLoss;
    case CommandKind::kPause: return FaultKind::kPause;
    case CommandKind::kPartition: return FaultKind::kPartition;
    default: return std::nullopt;
  }
}

// Says each command by a fault or by steps, at the time at which it came.
class Conversion {
 public:
  explicit Conversion(const Scenario& scenario) : edit_(scenario) { edit_.commands.clear(); }

  // False when nothing but a command can say it.
  bool add(const Command& command, TimeNs at_ns) {
    if (const auto kind = fault_of(command.kind)) return begin(command, *kind, at_ns);
    switch (command.kind) {
      case CommandKind::kRestart:
        end(at_ns, [&](const Fault& fault) { return traits_of(fault.kind).holds == FaultHolds::kDown; }, command);
        return true;
      case CommandKind::kResume:
        end(at_ns, [&](const Fault& fault) { return traits_of(fault.kind).holds == FaultHolds::kPaused; }, command);
        return true;
      case CommandKind::kHeal:
        for (Fault& fault : edit_.faults) {
          const bool on = fault.at_ns <= at_ns && (fault.for_ns == 0 || fault.at_ns + fault.for_ns > at_ns);
          if (on && traits_of(fault.kind).layer == FaultLayer::kNetwork)
            fault.for_ns = std::max<TimeNs>(at_ns - fault.at_ns, 1);
        }
        return true;
      case CommandKind::kPut:
      case CommandKind::kDelete: return write(command, at_ns);
      default: return false;
    }
  }

  Scenario take() {
    std::ranges::stable_sort(edit_.faults, {}, &Fault::at_ns);
    std::ranges::stable_sort(edit_.workload.steps, {}, &Step::at_ns);
    return std::move(edit_);
  }

 private:
  bool begin(const Command& command, FaultKind kind, TimeNs at_ns) {
    if (kind == FaultKind::kPartition) {
      edit_.faults.push_back({.at_ns = at_ns, .kind = kind, .groups = command.groups});
      return true;
    }
    // One for each node: they may start again at different times.
    for (const NodeId node : command.groups.at(0)) {
      edit_.faults.push_back({.at_ns = at_ns, .kind = kind, .groups = {{node}}});
    }
    return true;
  }

  template <class Wanted>
  void end(TimeNs at_ns, Wanted&& wanted, const Command& command) {
    for (Fault& fault : edit_.faults) {
      if (!wanted(fault) || fault.at_ns > at_ns || fault.groups.size() != 1 || fault.groups[0].size() != 1) continue;
      if (fault.for_ns != 0 && fault.at_ns + fault.for_ns <= at_ns) continue;
      const auto& nodes = command.groups.at(0);
      if (std::ranges::find(nodes, fault.groups[0][0]) == nodes.end()) continue;
      fault.for_ns = std::max<TimeNs>(at_ns - fault.at_ns, 1);
    }
  }

  bool write(const Command& command, TimeNs at_ns) {
    const bool remove = command.kind == CommandKind::kDelete;
    Step step{.at_ns = at_ns,
              .session = "you",
              .kind = StepKind::kGet,
              .bucket = command.bucket,
              .key = command.key,
              .via = command.via};
    if (!command.blind) edit_.workload.steps.push_back(step);
    step.kind = remove ? StepKind::kDelete : StepKind::kPut;
    step.value = command.value;
    step.blind = command.blind;
    edit_.workload.steps.push_back(std::move(step));
    return true;
  }

  Scenario edit_;
};

}  // namespace

std::size_t count_commands(const Scenario& scenario) {
  return scenario.commands.size();
}

Scenario without_commands(const Scenario& scenario, std::size_t begin, std::size_t end) {
  Scenario cut = scenario;
  cut.commands.erase(cut.commands.begin() + static_cast<std::ptrdiff_t>(begin),
                     cut.commands.begin() + static_cast<std::ptrdiff_t>(end));
  return cut;
}

// All of them at once: a command names an event by its number, and the first change moves all numbers behind it.
std::vector<Scenario> commands_as_faults(const Scenario& scenario, const Target& target) {
  if (scenario.commands.empty()) return {};
  Conversion conversion(scenario);
  for (const auto& [command, at_ns] : record_run(scenario, target).commands) {
    if (!conversion.add(command, at_ns)) return {};
  }
  return {conversion.take()};
}

}  // namespace dkv::sim
