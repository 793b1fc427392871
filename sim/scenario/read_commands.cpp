#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "engine/core/object.h"
#include "sim/scenario/fault_fields.h"
#include "sim/scenario/read.h"
#include "sim/scenario/vocabulary.h"

namespace dkv::sim {

namespace {

constexpr Range<std::uint64_t> kEvents{1, std::uint64_t{1} << 40};

// Finds the one key that names the kind of the command. Null after a complaint.
const Yaml::Entry* kind_of(const Yaml& item, CommandKind& kind, Complaints& complaints) {
  const Yaml::Entry* found = nullptr;
  bool unknown_key = false;
  for (const Yaml::Entry& entry : item.entries) {
    if (std::ranges::find(kCommandKeys.keys, entry.key.text) == kCommandKeys.keys.end()) unknown_key = true;
    for (std::size_t i = 0; i < kCommandKinds; ++i) {
      if (entry.key.text != command_name(static_cast<CommandKind>(i))) continue;
      if (found != nullptr) {
        complaints.add(entry.key.place, "a command that is both '" + found->key.text + "' and '" + entry.key.text + "'",
                       "write an item for each command");
        return nullptr;
      }
      found = &entry;
      kind = static_cast<CommandKind>(i);
    }
  }
  if (found == nullptr && !unknown_key) {
    complaints.add(item.place, "a command that does nothing", "name the action, such as {at_event: 1200, crash: [n1]}");
  }
  return found;
}

bool read_heal(const Yaml& value, Complaints& complaints) {
  static constexpr Word<bool> kNetwork[] = {{"network", true}};
  bool network = false;
  return read_word(value, "heal", std::span<const Word<bool>>(kNetwork), network, complaints);
}

bool read_client(const Fields& fields, const Yaml::Entry& kind, const NodeNames& names, Command& command,
                 Complaints& complaints) {
  if (!read_text(kind.value, kind.key.text, kKeyBytesMax, command.key, complaints)) return false;
  if (command.key.empty()) {
    complaints.add(kind.value.place, "'" + kind.key.text + "' has an empty key", "such as cart");
    return false;
  }
  if (fields.text("bucket", kBucketBytesMax, command.bucket) && command.bucket.empty()) {
    complaints.add(fields.place_of("bucket"), "'bucket' is empty", "such as sessions");
    return false;
  }
  fields.word("blind", yes_no_words(), command.blind);
  bool good = true;
  if (command.kind == CommandKind::kPut) {
    good = fields.need("value", "milk") != nullptr && fields.text("value", kYamlBytesMax, command.value);
  }
  const Yaml* via = fields.need("via", "n1");
  return via != nullptr && read_node(*via, "via", names, command.via, complaints) && good;
}

// Complains about fields of other kinds of commands.
bool refuse_strays(const Fields& fields, const Yaml::Entry& kind, CommandKind is, Complaints& complaints) {
  const bool client = is == CommandKind::kPut || is == CommandKind::kDelete;
  bool good = true;
  for (const std::string_view key : {"value", "via", "bucket", "blind"}) {
    if (fields.find(key) == nullptr || (client && (key != "value" || is == CommandKind::kPut))) continue;
    complaints.add(fields.place_of(key), "'" + std::string(key) + "' in a command with '" + kind.key.text + "'",
                   key == "value" ? "it belongs to put" : "it belongs to put and delete");
    good = false;
  }
  return good;
}

bool read_command(const Yaml& item, const NodeNames& names, Command& command, Complaints& complaints) {
  const Fields fields(item, "commands", kCommandKeys, complaints);
  if (!fields.is_map()) return false;
  command.line = item.place.line;
  fields.need("at_event", "1200");
  const bool numbered = fields.whole("at_event", kEvents, command.at_event);
  const bool timed = (fields.find("at") == nullptr || fields.duration("at", {0, kRunMax}, command.at_ns)) && numbered;
  const Yaml::Entry* kind = kind_of(item, command.kind, complaints);
  if (kind == nullptr || !refuse_strays(fields, *kind, command.kind, complaints)) return false;
  switch (command.kind) {
    case CommandKind::kCrash:
    case CommandKind::kPowerLoss:
    case CommandKind::kRestart:
    case CommandKind::kPause:
    case CommandKind::kResume:
      command.groups.resize(1);
      return read_nodes(kind->value, kind->key.text, names, command.groups[0], complaints) && timed;
    case CommandKind::kPartition: return read_partition(kind->value, names, command.groups, complaints) && timed;
    case CommandKind::kHeal: return read_heal(kind->value, complaints) && timed;
    case CommandKind::kDrop:
      return read_whole(kind->value, "drop", {1, std::uint64_t{1} << 40}, command.message, complaints) && timed;
    case CommandKind::kPut:
    case CommandKind::kDelete: return read_client(fields, *kind, names, command, complaints) && timed;
  }
  return false;
}

}  // namespace

Commands read_commands(const Yaml& value, const NodeNames& names, Complaints& complaints) {
  Commands commands;
  for (const Yaml& item : read_list(value, "commands", "[{at_event: 1200, crash: [n1]}]", kCommandsMax, complaints)) {
    Command command;
    if (read_command(item, names, command, complaints)) commands.push_back(std::move(command));
  }
  std::ranges::stable_sort(commands, {}, &Command::at_event);
  return commands;
}

}  // namespace dkv::sim
