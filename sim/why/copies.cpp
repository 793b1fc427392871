#include "sim/why/copies.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace dkv::why {
namespace {

// The process ended, or began again, in this event.
const NodeStep* step_in(const Case& about, NodeId node, EventNumber event) {
  const NodeStep* found = nullptr;
  for (const NodeStep& step : about.record.nodes) {
    if (step.node == node && step.when.event == event && step.change != sim::NodeChange::kPaused &&
        step.change != sim::NodeChange::kResumed) {
      found = &step;
    }
  }
  return found;
}

bool said_at(const Case& about, NodeId node, EventNumber event, Observed what, NodeId peer, const Key& key) {
  return std::ranges::any_of(about.record.said, [&](const Said& one) {
    return one.node == node && one.when.event == event && one.what.what == what && one.what.key == key &&
           (peer == kNoNode || one.what.peer == peer);
  });
}

// The fault that ended the process at this moment, or holds it down.
const FaultSpan* fault_at(const Case& about, NodeId node, EventNumber event) {
  const auto on = about.node_faults(node, event);
  const auto began = std::ranges::find(on, event, [](const FaultSpan* span) { return span->begins.event; });
  return began == on.end() ? nullptr : *began;
}

// The last end of its process with this power, at or before the moment.
const NodeStep* last_end(const Case& about, NodeId node, EventNumber by) {
  const NodeStep* last = nullptr;
  for (const NodeStep& step : about.record.nodes) {
    if (step.when.event > by) break;
    const bool end = step.change == sim::NodeChange::kCrashed || step.change == sim::NodeChange::kLostPower ||
                     step.change == sim::NodeChange::kWiped;
    if (step.node == node && end) last = &step;
  }
  return last;
}

// The process was ending or starting when this happened.
Taking taken_by_start(const Case& about, const Copy& copy, const Change& gone) {
  const Key& key = about.record.keys[gone.key];
  const EventNumber event = gone.when.event;
  if (said_at(about, copy.node, event, Observed::kDamageFound, kNoNode, key) ||
      said_at(about, copy.node, event, Observed::kHintLost, copy.owner, key)) {
    return {.taker = Taker::kDamaged, .when = gone.when};
  }
  const NodeStep* end = last_end(about, copy.node, event);
  if (!end) return {.when = gone.when};
  const FaultSpan* fault = fault_at(about, copy.node, end->when.event);
  if (end->change == sim::NodeChange::kWiped || (fault && replaces_disk(*fault))) {
    return {.taker = Taker::kDiskGone, .when = end->when, .fault = fault};
  }
  if (end->change == sim::NodeChange::kLostPower) {
    return {.taker = Taker::kNotSynced, .when = end->when, .fault = fault};
  }
  if (!copy.durable.happened()) return {.taker = Taker::kProcessEnded, .when = end->when, .fault = fault};
  return {.taker = Taker::kProcessEnded, .when = gone.when, .fault = fault};
}

Taking taken_in_process(const Case& about, const Copy& copy, const Change& gone, WriteTag tag) {
  const Key& key = about.record.keys[gone.key];
  const EventNumber event = gone.when.event;
  Taking taking{.when = gone.when};
  const auto said = [&](Observed what, NodeId peer) { return said_at(about, copy.node, event, what, peer, key); };
  if (copy.owner != kNoNode && !gone.after) {
    const bool acknowledged = gone.origin.message && std::string_view(gone.origin.message) == ReplicaPutAck::kName &&
                              gone.origin.from == copy.owner;
    taking.taker = said(Observed::kHintDelivered, copy.owner)
                       ? (acknowledged ? Taker::kDelivered : Taker::kNotDelivered)
                   : said(Observed::kHintExpired, copy.owner) ? Taker::kExpired
                   : said(Observed::kHintLost, copy.owner)    ? Taker::kDamaged
                                                              : Taker::kErased;
    return taking;
  }
  if (said(Observed::kDamageFound, kNoNode)) {
    taking.taker = Taker::kDamaged;
    return taking;
  }
  if (!gone.after) {
    taking.taker = said(Observed::kTombstoneReaped, kNoNode) ? Taker::kReaped : Taker::kErased;
    return taking;
  }
  const Sibling* old = sibling_of(gone.before, tag);
  for (const Sibling& sibling : gone.after->siblings()) {
    if (!about.history.contains(sibling.tag, tag)) continue;
    taking.taker = Taker::kSuccessor;
    taking.by = sibling.tag;
    return taking;
  }
  const bool lww = about.scenario.cluster.node.policy_of(key) == ConflictPolicy::kLastWriteWins;
  const Sibling& first = gone.after->siblings().front();
  if (lww && old && first.hlc.packed >= old->hlc.packed && first.tag != tag) {
    taking.taker = Taker::kLaterWins;
    taking.by = first.tag;
    return taking;
  }
  taking.taker = old && gone.after->seen().covers(old->dot) ? Taker::kDropped : Taker::kForgotten;
  return taking;
}

}  // namespace

bool replaces_disk(const FaultSpan& span) {
  return span.fault.kind == sim::FaultKind::kWipe || span.fault.kind == sim::FaultKind::kDiskRollback ||
         span.fault.kind == sim::FaultKind::kDiskClone;
}

std::vector<Copy> copies_of(const Case& about, const Key& key, WriteTag tag) {
  struct Open {
    std::size_t copy = 0;
    bool known = false, held = false, in_process = false, on_disk = false;
    const Change* dropped = nullptr;  // by a living process, after it was last taken
  };
  std::vector<Copy> copies;
  std::map<std::pair<NodeId, NodeId>, Open> slots;
  const std::uint32_t index = about.index_of(key);
  for (const Change& change : about.record.changes) {
    if (change.key != index) continue;
    const bool before = holds(change.before, tag), after = holds(change.after, tag);
    if (before == after) {
      const auto held = slots.find({change.node, change.owner});
      if (held == slots.end() || after || !change.after || change.before || change.on_disk) continue;
      const Open& open = held->second;
      if (open.held && open.on_disk && !open.in_process) copies[open.copy].hidden = &change;
      continue;
    }
    Open& slot = slots[{change.node, change.owner}];
    if (after && !slot.held) {
      slot.held = true;
      // The process has given it up already, and only now its record reaches the disk.
      const bool late = change.on_disk && slot.known && slot.dropped != nullptr;
      if (late) {
        copies[slot.copy].gone = nullptr;
      } else {
        slot.copy = copies.size();
        slot.known = true;
        slot.dropped = nullptr;
        copies.push_back({.node = change.node, .owner = change.owner, .taken = &change});
      }
    }
    if (!slot.held) continue;
    Copy& copy = copies[slot.copy];
    (change.on_disk ? slot.on_disk : slot.in_process) = after;
    if (change.on_disk && after && !copy.durable.happened()) copy.durable = change.when;
    if (change.on_disk) copy.off_disk = after ? Moment() : change.when;
    if (!change.on_disk) slot.dropped = after || !change.serving ? nullptr : &change;
    if (slot.in_process || slot.on_disk) continue;
    copy.gone = slot.dropped ? slot.dropped : &change;
    slot.held = false;
  }
  return copies;
}

Taking taking_of(const Case& about, const Copy& copy, WriteTag tag) {
  const Change& gone = *copy.gone;
  const NodeStep* step = step_in(about, copy.node, gone.when.event);
  if (gone.on_disk || !gone.serving || step) return taken_by_start(about, copy, gone);
  return taken_in_process(about, copy, gone, tag);
}

}  // namespace dkv::why
