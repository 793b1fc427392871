#include "viz/views/event_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/network/message_traits.h"
#include "sim/story/event.h"
#include "viz/views/words.h"

namespace dkv::viz {
namespace {

std::string key_words(const Workspace& workspace, KeyNumber key) {
  return key == kNoKey ? std::string() : " " + shown(workspace.session.keys().key(key).key(), 24);
}

std::string observed_words(const Workspace& workspace, const Note& note) {
  const Observation observation{.what = static_cast<Observed>(note.what),
                                .peer = long_node(note.peer),
                                .number = note.number,
                                .key = note.key == kNoKey ? Key() : workspace.session.keys().key(note.key)};
  return story::observed_words(observation, workspace.world().scenario());
}

std::string fault_by_number(const Workspace& workspace, std::uint64_t number) {
  const auto& schedule = workspace.world().schedule();
  return number < schedule.size() ? fault_text(workspace.world(), schedule[number]) : "your command";
}

}  // namespace

std::string event_words(const Workspace& workspace, const EventRecord& event) {
  const std::string at = node_name(workspace.world(), long_node(event.node)), key = key_words(workspace, event.key);
  std::string text;
  switch (event.kind) {
    case EventKind::kMessage:
      text = fmt::format("{} from {} to {}{}", sim::words_of_message(event.message).word,
                         node_name(workspace.world(), long_node(event.from)), at, key);
      break;
    case EventKind::kRequest: text = fmt::format("request of a client to {}{}", at, key); break;
    case EventKind::kReply: text = fmt::format("reply to a client at {}{}", at, key); break;
    case EventKind::kConnectionRefused: text = "no process listens: the client is refused"; break;
    case EventKind::kTimer: {
      constexpr const char* kTimers[] = {"heartbeat", "hints", "anti-entropy", "operations", "storage"};
      text = fmt::format("timer of {}: {}", at, event.detail < std::size(kTimers) ? kTimers[event.detail] : "?");
      break;
    }
    case EventKind::kSynced: text = "disk of " + at + ": synced"; break;
    case EventKind::kDisk:
    case EventKind::kDiskLate: text = "disk of " + at + " answers"; break;
    case EventKind::kConnectionEnds:
      text =
          fmt::format("the connection of {} to {} is reset", at, node_name(workspace.world(), long_node(event.from)));
      break;
    case EventKind::kRespawn: text = at + " is started again"; break;
    case EventKind::kClientBegins: text = "a client begins"; break;
    case EventKind::kClientPatience: text = "a client checks whether it has waited too long"; break;
    case EventKind::kClientArrives: text = "a request becomes due"; break;
    case EventKind::kFaultBegins: text = "begins: " + fault_by_number(workspace, event.detail); break;
    case EventKind::kFaultEnds: text = "ends: " + fault_by_number(workspace, event.detail); break;
    case EventKind::kMoment:
      text = "a copy is kept for a later fault: " + fault_by_number(workspace, event.detail);
      break;
    case EventKind::kHeal: text = "all faults end: everything must become equal again"; break;
    case EventKind::kPoll: text = "the oracles check whether all is equal"; break;
    case EventKind::kDropped: text = "a message that you dropped would have arrived"; break;
  }
  if (event.taken == sim::EventView::Taken::kLater) text += " (waits: the process is paused or slow)";
  if (event.taken == sim::EventView::Taken::kNobody) text += " (the process is down)";
  return text;
}

std::string note_words(const Workspace& workspace, const Note& note) {
  switch (note.kind) {
    case NoteKind::kObserved: return observed_words(workspace, note);
    case NoteKind::kNode: return story::change_words(static_cast<sim::NodeChange>(note.what));
    case NoteKind::kFaultBegins: return "begins: " + fault_by_number(workspace, note.number);
    case NoteKind::kFaultEnds: return "ends: " + fault_by_number(workspace, note.number);
    case NoteKind::kHeal: return "all faults end; from here on everything must become equal again";
    case NoteKind::kConverged: return "all replicas of all keys are equal";
    case NoteKind::kCommand: {
      const auto& commands = workspace.session.branch().commands;
      return "you: " + (note.number < commands.size() ? command_words(workspace, commands[note.number]) : "a command");
    }
    case NoteKind::kLost:
      return fmt::format("the network loses a {} message to {}", sim::leg_name(static_cast<sim::Leg>(note.what)),
                         node_name(workspace.world(), long_node(note.peer)));
  }
  return "";
}

std::string operation_words(const Workspace& workspace, const OperationRecord& operation) {
  const std::string who = session_name(workspace.world(), operation.session);
  std::string text = fmt::format("{} {}{}", who,
                                 operation.kind == sim::OperationKind::kGet   ? "gets"
                                 : operation.kind == sim::OperationKind::kPut ? "puts"
                                                                              : "deletes",
                                 key_words(workspace, operation.key));
  if (operation.kind == sim::OperationKind::kPut)
    text += " = " + value_words(workspace, operation.tag, operation.value.view(), 20);
  switch (operation.end) {
    case OperationEnd::kDone:
      if (operation.kind == sim::OperationKind::kGet) {
        text += operation.siblings == 0   ? ": nothing"
                : operation.siblings == 1 ? ": " + value_words(workspace, operation.tag, operation.value.view(), 20)
                                          : fmt::format(": {} siblings", operation.siblings);
      } else {
        text += ": done";
      }
      break;
    case OperationEnd::kRefused: text += fmt::format(": refused, because {}", reason_text(operation.reason)); break;
    case OperationEnd::kUnknown:
      // A read changes nothing, so nothing about it is unknown.
      text += operation.kind == sim::OperationKind::kGet
                  ? fmt::format(": failed, {}", reason_text(operation.reason))
                  : fmt::format(": unknown, perhaps done, {}", reason_text(operation.reason));
      break;
    case OperationEnd::kGaveUp: text += ": no answer in time"; break;
  }
  return text + " (" + span_text(operation.finished_ns - operation.started_ns) + ")";
}

std::string command_words(const Workspace& workspace, const sim::Command& command) {
  std::string text = sim::command_name(command.kind);
  std::replace(text.begin(), text.end(), '_', ' ');
  bool first = true;
  for (const auto& group : command.groups) {
    if (!first) text += " |";
    first = false;
    for (std::size_t i = 0; i < group.size() && i < 5; ++i) text += ' ' + node_name(workspace.world(), group[i]);
    if (group.size() > 5) text += fmt::format(" and {} more", group.size() - 5);
  }
  if (command.kind == sim::CommandKind::kDrop) text += " a message";
  if (!command.key.empty()) text += ' ' + shown(command.key, 24);
  if (command.kind == sim::CommandKind::kPut) text += " = " + shown(command.value, 20);
  if (command.via != kNoNode) text += " via " + node_name(workspace.world(), command.via);
  return text;
}

bool is_detail(const Note& note) {
  if (note.kind == NoteKind::kLost) return true;
  if (note.kind != NoteKind::kObserved) return false;
  switch (static_cast<Observed>(note.what)) {
    case Observed::kHintSent:
    case Observed::kHintSuperseded:
    case Observed::kAntiEntropyStarted:
    case Observed::kAntiEntropyDiffered:
    case Observed::kRequestForwarded:
    case Observed::kFallbackUsed:
    case Observed::kStaleDropped:
    case Observed::kRecovered: return true;
    case Observed::kServing:
    case Observed::kPeerReachable:
    case Observed::kPeerUnreachable:
    case Observed::kHintStored:
    case Observed::kHintRefused:
    case Observed::kHintDelivered:
    case Observed::kHintExpired:
    case Observed::kReadRepaired:
    case Observed::kAntiEntropyRepaired:
    case Observed::kStorageFailed:
    case Observed::kDamageFound:
    case Observed::kHintLost:
    case Observed::kTombstoneReaped:
    case Observed::kClockCollapsed:
    case Observed::kReplicaIncomplete:
    case Observed::kReplicaComplete:
    case Observed::kLaterLifeTold:
    case Observed::kClockApart:
    case Observed::kClockAgrees: return false;
  }
  return false;
}

bool is_detail(const Workspace& workspace, const OperationRecord& operation) {
  // Of the random load, only failed operations get a line. Operations of scripted sessions always get one.
  const std::string* name = workspace.world().clients().session_name(operation.session);
  return !name && operation.end == OperationEnd::kDone;
}

}  // namespace dkv::viz
