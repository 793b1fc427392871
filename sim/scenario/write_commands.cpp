#include <string>

#include "engine/core/assert.h"
#include "engine/input/tree.h"
#include "sim/scenario/write.h"
#include "sim/scenario/write_parts.h"

namespace dkv::sim {

namespace {

std::string what_text(const Command& command, const Scenario& scenario) {
  switch (command.kind) {
    case CommandKind::kPartition: {
      std::string text;
      for (const auto& group : command.groups) text += (text.empty() ? "" : ", ") + names_text(group, scenario);
      return "[" + text + "]";
    }
    case CommandKind::kHeal: return "network";
    case CommandKind::kDrop: return std::to_string(command.message);
    case CommandKind::kPut:
    case CommandKind::kDelete: return flow_word(command.key);
    case CommandKind::kCrash:
    case CommandKind::kPowerLoss:
    case CommandKind::kRestart:
    case CommandKind::kPause:
    case CommandKind::kResume: break;  // the nodes
  }
  DKV_ASSERT(command.groups.size() == 1);
  return names_text(command.groups[0], scenario);
}

}  // namespace

std::string command_text(const Command& command, const Scenario& scenario) {
  std::string text = std::string(command_name(command.kind)) + ": " + what_text(command, scenario);
  if (command.kind != CommandKind::kPut && command.kind != CommandKind::kDelete) return text;
  if (command.kind == CommandKind::kPut) text += ", value: " + flow_word(command.value);
  if (command.bucket != kDefaultBucket) text += ", bucket: " + flow_word(command.bucket);
  DKV_ASSERT(command.via < scenario.cluster.members.size());
  text += ", via: " + flow_word(scenario.cluster.members[command.via].name);
  return text + (command.blind ? ", blind: true" : "");
}

std::string write_command(const Command& command, const Scenario& scenario) {
  const std::string at = command.at_ns > 0 ? ", at: " + duration_text(command.at_ns) : std::string();
  return "{at_event: " + std::to_string(command.at_event) + at + ", " + command_text(command, scenario) + "}";
}

std::string write_commands(const Commands& commands, const Scenario& scenario) {
  std::string text = commands.empty() ? "" : "commands:\n";
  for (const Command& command : commands) text += "  - " + write_command(command, scenario) + "\n";
  return text;
}

}  // namespace dkv::sim
