// The findings of the oracles, by invariant.
#include <fmt/format.h>

#include <algorithm>

#include "sim/oracle/findings.h"
#include "sim/story/text.h"
#include "sim/why/copies.h"
#include "sim/why/questions.h"

namespace dkv::why {
namespace {

using sim::Invariant;

const Key* key_of(const Case& about, const Found& found, const std::vector<WriteTag>& tags) {
  for (const WriteTag tag : tags) {
    if (const Operation* write = about.record.write(tag)) return &write->key;
  }
  for (const Key& key : about.record.keys) {
    if (!found.violation.key.empty() && sim::key_text(key) == found.violation.key) return &key;
  }
  return nullptr;
}

// I1: the write is missing at the end, or a node has dropped it.
void lost_write(const Case& about, const Found& found, WriteTag tag, Steps& steps) {
  const Operation* write = about.record.write(tag);
  if (!write) {
    return steps.add_unproven({0, 0}, kNoNode, fmt::format("the request of {} is not in the record", short_name(tag)));
  }
  const bool at_end = found.when.event == about.record.end.event;
  tell_write(about, tag, found.when.event, steps);
  tell_first_denial(about, write->key, tag, steps);
  if (!at_end) return;
  tell_never_held(about, *write, steps);
  tell_end(about, write->key, steps);
}

// The moments at which a node minted the dot of a write: its coordinator stored the version first.
void tell_mint(const Case& about, const Operation& write, Steps& steps) {
  for (const Change& change : about.record.changes) {
    const Sibling* version = sibling_of(change.after, write.tag);
    if (!version || change.on_disk) continue;
    steps.add(change.when, change.node,
              fmt::format("{} mints the dot {}:{} (epoch:counter) for {}", about.name(change.node),
                          version->dot.actor.epoch, version->dot.counter, about.called(write.tag)));
    return;
  }
}

// I2: between the two mints the node forgot the first one.
void two_writes_one_dot(const Case& about, const std::vector<WriteTag>& tags, Steps& steps) {
  std::vector<const Operation*> writes;
  for (const WriteTag tag : tags) {
    if (const Operation* write = about.record.write(tag)) writes.push_back(write);
  }
  for (const Operation* write : writes) tell_mint(about, *write, steps);
  if (writes.size() < 2) {
    return steps.add_unproven({0, 0}, kNoNode, "one of the two requests is not in the record");
  }
  const auto [first, last] =
      std::ranges::minmax_element(writes, {}, [](const Operation* write) { return write->coordinated.event; });
  const NodeId node = (*last)->coordinator;
  if (node == kNoNode || (*first)->coordinator == kNoNode) return;
  bool found = false;
  const FaultSpan* disk = nullptr;
  for (const NodeStep& step : about.record.nodes) {
    if (step.when.event < (*first)->coordinated.event || step.when.event > (*last)->coordinated.event) continue;
    if (step.node != node && step.node != (*first)->coordinator) continue;
    for (const FaultSpan* span : about.node_faults(step.node, step.when.event)) {
      if (span->begins.event == step.when.event) steps.add_fault(*span);
      if (sim::traits_of(span->fault.kind).holds == sim::FaultHolds::kDown && replaces_disk(*span)) disk = span;
    }
    if (step.change == sim::NodeChange::kStarted) {
      steps.add(step.when, step.node, fmt::format("{} starts again, from what its disk holds", about.name(step.node)));
      found = true;
    }
  }
  for (const Said& said : about.record.peers) {
    const bool between = said.when.event > (*first)->coordinated.event && said.when.event < (*last)->coordinated.event;
    if (said.node != node || !between) continue;
    if (said.what.what == Observed::kStorageFailed) {
      for (const FaultSpan* span : about.node_faults(node, said.when.event)) steps.add_fault(*span);
      steps.add(said.when, node, fmt::format("{} stops, because its disk has failed", about.name(node)));
    }
    if (said.what.what != Observed::kServing) continue;
    steps.add(said.when, node, fmt::format("{} begins to issue dots of epoch {}", about.name(node), said.what.number));
  }
  tell_copies_at(about, (*first)->key, (*first)->tag, (*first)->coordinator, (*last)->coordinated.event, steps);
  const char* cause = node != (*first)->coordinator ? "two nodes issue dots of one actor"
                      : !found                      ? "a node counts again without a start"
                      : disk                        ? "a node counts again after its disk was replaced"
                                                    : "a node counts again after a start";
  steps.because(Gravity::kMistake, (*first)->coordinated, cause);
  if (node != (*first)->coordinator) {
    steps.add((*last)->coordinated, node,
              fmt::format("{} and {} issue dots of one actor", about.name((*first)->coordinator), about.name(node)));
  } else if (!found) {
    steps.add_unproven(
        (*last)->coordinated, node,
        fmt::format("{} did not start between the two, and no event says why it counts again", about.name(node)));
  }
}

// The ways by which a copy could still have come, as the settings are.
void tell_repairs(const Case& about, const Key& key, Steps& steps) {
  const NodeConfig& node = about.scenario.cluster.node;
  for (const Said& said : about.record.said) {
    if (!(said.what.key == key)) continue;
    const auto tell = [&](const char* text) {
      steps.add(said.when, said.node,
                fmt::format(fmt::runtime(text), about.name(said.node), about.name(said.what.peer)));
    };
    switch (said.what.what) {
      case Observed::kHintRefused: tell("{} has no room for a hint for {}"); break;
      case Observed::kStaleDropped: tell("{} drops a state that {} sent: it comes too late"); break;
      default: break;
    }
  }
  for (const Transfer& one : about.record.transfers) {
    if (!(one.key == key) || !one.lost.happened()) continue;
    for (const FaultSpan* span : about.link_faults(one.from, one.to, one.lost.event)) steps.add_fault(*span);
    steps.add(one.lost, one.to,
              fmt::format("the network loses the {} of {} for {}",
                          one.reason == CopyReason::kHintDelivery ? "hint" : "repair", about.name(one.from),
                          about.name(one.to)));
  }
  std::string off;
  if (!node.read_repair) off += " without read repair";
  if (node.anti_entropy_every_ns == 0) off += std::string(off.empty() ? " without" : " and") + " anti-entropy";
  steps.because(Gravity::kFinding, about.record.heal, "a replica is not repaired" + off);
  if (!node.read_repair) steps.add(about.record.heal, kNoNode, "read repair is off (a setting)");
  if (node.anti_entropy_every_ns == 0) steps.add(about.record.heal, kNoNode, "anti-entropy is off (a setting)");
}

// I3: the versions that some primaries hold at the end, and others do not.
void replicas_differ(const Case& about, const Key& key, Steps& steps) {
  std::vector<WriteTag> all;
  for (const NodeId node : about.primaries(key)) {
    const ObjectPtr* found = about.world.image(node).find(key);
    if (!found || !*found) continue;
    for (const Sibling& sibling : (*found)->siblings()) all.push_back(sibling.tag);
  }
  std::ranges::sort(all);
  all.erase(std::ranges::unique(all).begin(), all.end());
  for (const WriteTag tag : all) {
    const Operation* write = about.record.write(tag);
    if (!write) continue;
    bool missing = false;
    for (const NodeId node : about.primaries(key)) {
      const ObjectPtr* found = about.world.image(node).find(key);
      const bool covered = found && *found && std::ranges::any_of((*found)->siblings(), [&](const Sibling& sibling) {
                             return sibling.tag == tag || about.history.contains(sibling.tag, tag);
                           });
      missing = missing || !covered;
    }
    if (!missing) continue;
    tell_write(about, tag, about.record.end.event, steps);
    tell_never_held(about, *write, steps);
  }
  tell_repairs(about, key, steps);
  tell_end(about, key, steps);
}

// I4: the first tag is the version that came back, the second one had replaced it.
void came_back(const Case& about, const Found& found, const std::vector<WriteTag>& tags, Steps& steps) {
  for (const WriteTag tag : tags) {
    const Operation* write = about.record.write(tag);
    if (!write) continue;
    tell_write(about, tag, found.when.event, steps);
  }
  for (const Said& said : about.record.said) {
    if (said.what.what != Observed::kTombstoneReaped || said.when.event > found.when.event) continue;
    std::vector<NodeId> holders;
    for (const WriteTag tag : tags) {
      const Operation* write = about.record.write(tag);
      if (!write || write->kind == sim::OperationKind::kDelete || !(write->key == said.what.key)) continue;
      for (const Copy& copy : copies_of(about, write->key, tag)) {
        if (copy.durable_at(said.when.event) || copy.held_at(said.when.event)) holders.push_back(copy.node);
      }
    }
    if (holders.empty()) continue;
    steps.because(Gravity::kMistake, said.when, "a tombstone is forgotten too early");
    steps.add(said.when, said.node,
              fmt::format("{} forgets the tombstone while {} still {} the value that it had deleted",
                          about.name(said.node), about.nodes(holders), holders.size() == 1 ? "holds" : "hold"));
  }
}

// I4: the change that brought the version back.
void tell_return(const Case& about, const Found& found, Steps& steps) {
  for (const Change& change : about.record.changes) {
    if (change.when.event != found.when.event || change.node != found.violation.node) continue;
    steps.because(Gravity::kFinding, change.when, fmt::format("a version is brought back {}", way_of(change.origin)));
    return;
  }
}

// I5: the acknowledgements that were counted, and the disks behind them.
void dishonest(const Case& about, const Found& found, WriteTag tag, Steps& steps) {
  const Operation* write = about.record.write(tag);
  if (!write) return lost_write(about, found, tag, steps);
  tell_write(about, tag, found.when.event, steps);
  const std::vector<Copy> copies = copies_of(about, write->key, tag);
  for (const Contact& contact : write->contacts) {
    if (contact.own || !contact.answer_arrived.by(write->replied)) continue;
    const auto copy = std::ranges::find_if(
        copies, [&](const Copy& one) { return one.node == contact.node && one.durable_at(contact.answered.event); });
    const char* says = contact.stored ? "acknowledges the copy" : "answers that it has not stored the copy";
    if (copy != copies.end() && contact.stored) {
      steps.add(contact.answered, contact.node,
                fmt::format("{} {}, which is durable there", about.name(contact.node), says));
      continue;
    }
    steps.because(
        Gravity::kFinding, {0, 0},
        contact.stored ? "a node acknowledges what its disk does not hold" : "a refusal counts as an acknowledgement");
    const bool refused = std::ranges::any_of(about.record.said, [&](const Said& said) {
      return said.node == contact.node && said.when.event == contact.answered.event &&
             said.what.what == Observed::kHintRefused;
    });
    steps.add(contact.answered, contact.node,
              fmt::format("{} {}, and its disk does not hold {}{}", about.name(contact.node), says, short_name(tag),
                          refused ? "; in the same event it reports that it has no room for the hint" : ""));
  }
  tell_never_held(about, *write, steps);
  steps.because(Gravity::kFinding, write->replied, "the coordinator counts too many copies");
  steps.add(write->replied, write->coordinator,
            fmt::format("the answer counts {}", story::counted(write->acks.total, "copy", "copies")));
}

// I6: the get that ended in this event.
void session_broken(const Case& about, const Found& found, const std::vector<WriteTag>& tags, Steps& steps) {
  const auto get = std::ranges::find_if(about.record.operations, [&](const Operation& one) {
    return !one.write() && one.finished.happened() && one.finished.event == found.when.event;
  });
  if (get == about.record.operations.end() || tags.empty()) {
    return steps.add_unproven(found.when, found.violation.node, "the get is not in the record");
  }
  explain_missed(about, *get, tags.front(), steps);
}

// I10: what the start came after.
void weigh_recovery(const Case& about, const Found& found, Steps& steps) {
  const NodeStep* end = nullptr;
  for (const NodeStep& step : about.record.nodes) {
    if (step.node != found.violation.node || step.when.event > found.when.event) continue;
    if (step.change == sim::NodeChange::kCrashed || step.change == sim::NodeChange::kLostPower) end = &step;
  }
  // The last look at each disk, at the end of the run, is a power loss as well.
  const bool power = found.when.event == about.record.end.event || (end && end->change == sim::NodeChange::kLostPower);
  steps.because(Gravity::kFinding, found.when,
                power ? "a start after a power loss is wrong"
                : end ? "a start after a crash is wrong"
                      : "a start is wrong");
}

// I10 and others: the states of the key at the node, event by event, and the ends and starts of its process.
void states_of(const Case& about, const Found& found, Steps& steps) {
  constexpr std::size_t kStatesMax = 12;
  const NodeId node = found.violation.node;
  std::vector<const Change*> changes;
  for (const Change& change : about.record.changes) {
    const bool here =
        (node == kNoNode || change.node == node) && sim::key_text(about.record.keys[change.key]) == found.violation.key;
    if (here && change.when.event <= found.when.event) changes.push_back(&change);
  }
  const std::size_t first = changes.size() > kStatesMax ? changes.size() - kStatesMax : 0;
  for (std::size_t i = first; i < changes.size(); ++i) {
    const Change& change = *changes[i];
    const std::string from = brought_by(about, change.origin);
    const std::string what =
        change.owner == kNoNode ? "its copy" : fmt::format("its hint for {}", about.name(change.owner));
    steps.add(change.when, change.node,
              fmt::format("{}, {}: {} was {} and is {}{}", about.name(change.node),
                          change.on_disk ? "on the disk" : "in the process", what, about.called(change.before),
                          about.called(change.after), from.empty() ? "" : ", " + from));
  }
  if (found.violation.invariant == Invariant::kRecovery && node != kNoNode) weigh_recovery(about, found, steps);
  if (node == kNoNode || changes.empty()) return;
  const EventNumber begin = changes[first]->when.event;
  for (const NodeStep& step : about.record.nodes) {
    if (step.node != node || step.when.event < begin || step.when.event > found.when.event) continue;
    for (const FaultSpan* span : about.node_faults(node, step.when.event)) steps.add_fault(*span);
    if (step.change == sim::NodeChange::kStarted) {
      steps.add(step.when, node, fmt::format("{} starts, and reads its disk", about.name(node)));
    }
  }
}

// I11: the get that ended in this event, and the end of the value.
void shown_wrongly(const Case& about, const Found& found, const std::vector<WriteTag>& tags, Steps& steps) {
  const auto get = std::ranges::find_if(about.record.operations, [&](const Operation& one) {
    return !one.write() && one.finished.happened() && one.finished.event == found.when.event;
  });
  for (const WriteTag tag : tags) tell_write(about, tag, found.when.event, steps);
  if (get == about.record.operations.end()) {
    return steps.add_unproven(found.when, found.violation.node, "the get is not in the record");
  }
  explain_answer(about, *get, steps);
  const NodeId node = get->coordinator;
  if (node == kNoNode) return;
  // The wall clock of the run, without the skews that faults cause.
  const TimeNs wall_start_ns = about.world.wall_now(node) - about.world.now() - about.world.node_view(node).skew_ns;
  for (const WriteTag tag : tags) {
    const Sibling* shown = sibling_of(get->answer, tag);
    if (!shown || shown->expires_wall_ns == 0) continue;
    steps.add(get->replied, node,
              fmt::format("{} answers with {} as {}; its time ends at {} by the clock of its coordinator",
                          about.name(node), short_name(tag), shown->tombstone ? "an expired value" : "a live value",
                          story::clock_time(shown->expires_wall_ns - wall_start_ns)));
  }
  for (const FaultSpan* span : about.node_faults(node, get->replied.event)) {
    if (span->fault.kind == sim::FaultKind::kClockSkew) steps.add_fault(*span);
  }
}

// What is missing to prove anything about a finding that names neither a write nor a key.
const char* missing_of(sim::Breach breach) {
  if (breach == sim::Breach::kHintsUnaccounted) {
    return "the counts of hints do not add up, but each hint on a disk is in the ledger, and each hint of the ledger "
           "is "
           "on a disk; so a count is wrong, and no event shows which one";
  }
  if (breach == sim::Breach::kNotAtRest) {
    return "all disks agree, so no key is to blame; what still works at the end is not a part of the record";
  }
  return "the finding names no write, so no event can be proved";
}

}  // namespace

void explain_violation(const Case& about, const Found& found, Steps& steps) {
  const std::vector<WriteTag>& tags = found.violation.writes;
  const Key* key = key_of(about, found, tags);
  const auto invariant = found.violation.invariant;
  if (invariant == Invariant::kQuiet) {
    explain_idle(about, found, steps);
  } else if (!key && tags.empty()) {
    steps.add_unproven(found.when, found.violation.node, missing_of(found.violation.breach));
  } else if (invariant == Invariant::kSessions) {
    session_broken(about, found, tags, steps);
  } else if (invariant == Invariant::kExpiry) {
    shown_wrongly(about, found, tags, steps);
  } else if (invariant == Invariant::kRecovery) {
    states_of(about, found, steps);
  } else if (found.violation.breach == sim::Breach::kHintsLeft && key) {
    explain_hint(about, found, *key, steps);
    explain_waiting_hint(about, found, *key, steps);
  } else if (invariant == Invariant::kConvergence && key) {
    replicas_differ(about, *key, steps);
  } else if (invariant == Invariant::kUniqueDots) {
    two_writes_one_dot(about, tags, steps);
  } else if (invariant == Invariant::kNoResurrection) {
    came_back(about, found, tags, steps);
    tell_return(about, found, steps);
  } else if (invariant == Invariant::kHonestAck && !tags.empty()) {
    dishonest(about, found, tags.front(), steps);
  } else if (invariant == Invariant::kHintLedger && key) {
    explain_hint(about, found, *key, steps);
  } else if (invariant == Invariant::kNoLostWrite && !tags.empty()) {
    lost_write(about, found, tags.front(), steps);
  } else {
    for (const WriteTag tag : tags) tell_write(about, tag, found.when.event, steps);
    states_of(about, found, steps);
  }
  // I7 is found in the idle copy, later than the last event.
  const Moment when = invariant == Invariant::kQuiet ? Moment{found.when.event, found.violation.at_ns} : found.when;
  steps.add_finding(when, found.violation.node, fmt::format("found: {}", found.violation.detail));
}

}  // namespace dkv::why
